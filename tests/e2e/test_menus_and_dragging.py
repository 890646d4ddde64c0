"""The right button's menus, results dragged out of the window, and the strip of faces."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from app.window import dialogs
from app.window.saving import dragging
from engine.photos.reading import read_photo


def entry(menu, text):
    return next(action for action in menu.actions() if action.text() == text)


@pytest.fixture
def dragged(monkeypatch):
    """Collect the files of drags in place of dragging them, with the button held."""
    files = []
    monkeypatch.setattr(dragging, "run", lambda drag: files.append(drag.mimeData().urls()[0].toLocalFile()))
    monkeypatch.setattr(QApplication, "mouseButtons", staticmethod(lambda: Qt.MouseButton.LeftButton))
    return files


def test_the_photo_has_a_menu_by_pointer_and_by_key(deblurred, monkeypatch):
    asked = []
    deblurred.viewer.menu_asked.connect(asked.append)
    monkeypatch.setattr(deblurred.menus, "of_photo", lambda: deblurred.menus._menu())
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        deblurred.viewer.contextMenuEvent(QContextMenuEvent(reason, QPoint(2, 2), QPoint(9, 9)))
    assert asked == [QPoint(9, 9)] * 2


def test_the_menu_of_the_photo_has_commands_that_can_be_used_now(deblurred):
    menu = deblurred.menus.of_photo()
    assert {"Save", "Export…", "Copy", "Deblur"} <= {action.text() for action in menu.actions()}
    assert entry(menu, "Save").isEnabled()
    menu.deleteLater()


def test_the_menu_of_a_row_restores_saves_and_closes_that_photo(qtbot, many, engine, monkeypatch, folder):
    path = many.session.roll.paths[3]
    menu = many.menus.of_row(path)
    assert not entry(menu, "Save").isEnabled()
    entry(menu, "Deblur").trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert [request.photo for request in engine.requests] == [path] and many.document.shown.path.name == "0.png"
    menu = many.menus.of_row(path)
    entry(menu, "Save").trigger()
    qtbot.waitUntil((folder / "3-acutance.png").exists)
    qtbot.waitUntil(lambda: not many.saving_all.losses())
    entry(many.menus.of_row(path), "Close").trigger()
    assert path not in many.session.roll.paths and many.document.shown.path.name == "0.png"


def test_closing_an_unsaved_row_asks_first(qtbot, many, monkeypatch):
    path = many.session.roll.paths[1]
    many.many.together.add(path)
    qtbot.waitUntil(lambda: not many.many.together.running)
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _, name, *__: asked.append(name) or "cancel")
    many.browsing.close(path)
    assert asked == ["1.png"] and path in many.session.roll.paths


def test_a_result_is_dragged_out_by_its_name_and_written_once(qtbot, deblurred, dragged, photo_file):
    deblurred.document.shown.change_request(strength=0.5)
    name = deblurred.top.name
    for _ in range(2):
        qtbot.mousePress(name, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
        qtbot.mouseMove(name, QPoint(60, 2))
        count = len(dragged)
        qtbot.waitUntil(lambda count=count: len(dragged) > count or len(dragged) == 2)
        qtbot.mouseRelease(name, Qt.MouseButton.LeftButton, pos=QPoint(60, 2))
    assert dragged[0] == dragged[1] and dragged[0].endswith("holiday é 🙂-acutance.png")
    change = abs(read_photo(dragged[0]).pixels - read_photo(photo_file).pixels).mean()
    assert change > 0 and not deblurred.document.shown.saved  # it is no file of the user's own
    room = deblurred.drag_out._folder
    deblurred.drag_out._clean()
    assert not room.exists()


def test_a_photo_without_a_result_is_dragged_itself(many, dragged):
    path = many.session.roll.paths[2]
    many.strip.drag_asked.emit(path)
    assert dragged == [str(path)]


def test_what_is_let_go_before_it_is_written_is_not_dragged(qtbot, deblurred, dragged, monkeypatch):
    monkeypatch.setattr(QApplication, "mouseButtons", staticmethod(lambda: Qt.MouseButton.NoButton))
    deblurred.drag_out.begin(deblurred.document.shown.path)
    qtbot.waitUntil(lambda: bool(deblurred.drag_out._made))
    assert dragged == []


def test_the_strip_of_faces_shows_each_with_its_sharpness_and_goes_there_at_full_size(qtbot, ready):
    assert not ready.face_strip.isVisible()
    ready.actions_by_id["face-strip"].setChecked(True)
    cells = ready.face_strip.cells
    assert ready.face_strip.isVisible() and [cell.text() for cell in cells] == ["1  blurred", "2  a little blurred"]
    assert "Sharpness 25%" in cells[0].toolTip()
    qtbot.mouseClick(cells[1], Qt.MouseButton.LeftButton)
    assert ready.viewer.viewport.scale == 1 and ready.viewer.hovered_mark == 1 and cells[1].isChecked()
    ready.viewer.fit()
    ready.actions_by_id["next-face"].trigger()
    assert ready.viewer.viewport.scale == 1 and ready.viewer.hovered_mark == 0 and cells[0].isChecked()
    ready.document.shown.remove_mark(1)
    assert len(ready.face_strip.cells) == 1
    ready.actions_by_id["face-strip"].setChecked(False)
    ready.viewer.fit()
    ready.actions_by_id["next-face"].trigger()
    assert ready.viewer.viewport.fitted and not ready.face_strip.isVisible()


def test_the_cells_show_the_restored_faces(deblurred):
    deblurred.actions_by_id["face-strip"].setChecked(True)
    middle = deblurred.face_strip.cells[0].icon().pixmap(64, 64).toImage().pixelColor(32, 32)
    at = deblurred.document.shown.restored.colour_at(40, 45)
    assert abs(middle.red() - at[0]) < 12
    assert deblurred.viewer.to_photo(QPointF(5, 5)) is not None
