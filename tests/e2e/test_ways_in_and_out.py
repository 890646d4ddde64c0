"""Bring photos into the window and out of it: files, folders, the clipboard, recent photos."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from app.window import dialogs
from app.window.opening import ways_in as opening
from app.window.opening.own_files import PASTED, own_folder


def test_a_broken_photo_leaves_the_strip_and_the_rest_stays(qtbot, many, folder, settled):
    (folder / "3.png").write_bytes(b"broken")
    many.open(folder / "3.png")
    qtbot.waitUntil(lambda: many.message.isVisible())
    assert "3.png" in many.message.text.text()
    assert folder / "3.png" not in many.session.roll.paths and len(many.session.roll.paths) == 6
    qtbot.waitUntil(lambda: settled(many))
    assert many.document.shown.path.name == "0.png" and many.message.isVisible()


def test_a_file_that_cannot_be_read_gives_way_to_the_unsaved_result_before_it(qtbot, deblurred, photo_file, drop):
    result, gone = deblurred.document.shown.result, photo_file.with_name("gone.png")
    drop(deblurred, gone)
    qtbot.waitUntil(lambda: deblurred.message.isVisible())
    assert "gone.png" in deblurred.message.text.text() and deblurred.strip.isHidden()
    assert deblurred.document.shown.path == photo_file and deblurred.document.shown.result is result
    assert not deblurred.document.shown.saved and deblurred.viewer.isVisible()


def test_the_first_readable_of_several_files_is_shown(qtbot, ready, folder, settled, drop):
    for name in ("0.png", "1.png"):
        (folder / name).write_bytes(b"broken")
    drop(ready, *(folder / f"{index}.png" for index in range(4)))
    qtbot.waitUntil(lambda: ready.document.shown.path.name == "2.png" and settled(ready))
    assert [path.name for path in ready.session.roll.paths[1:]] == ["2.png", "3.png"] and ready.strip.isVisible()
    assert "1.png" in ready.message.text.text() and ready.message.isVisible()


def test_a_folder_without_photos_is_reported(qtbot, window, tmp_path, drop):
    drop(window, tmp_path)
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert "no photo" in window.message.text.text()


def test_copy_puts_the_result_on_the_clipboard(qtbot, deblurred):
    QGuiApplication.clipboard().clear()
    deblurred.actions_by_id["copy"].trigger()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull())
    red = QGuiApplication.clipboard().image().pixelColor(40, 60).red()
    assert red == pytest.approx(40 * 0.5 + 0.4 * 255, abs=1)
    assert deblurred.toast.isVisible() and deblurred.toast.text.text() == "Copied"
    assert not deblurred.toast.button.isVisible()


def test_open_starts_in_the_folder_of_the_last_photo(ready, photo_file, monkeypatch):
    ready.actions_by_id["close-photo"].trigger()
    asked = []
    monkeypatch.setattr(dialogs, "ask_photos", lambda parent, folder: asked.append(folder))
    ready.actions_by_id["open"].trigger()
    assert asked == [photo_file.parent]


def test_pictures_pasted_within_a_second_open_and_are_kept(qtbot, window, folder, monkeypatch, settled):
    monkeypatch.setattr(opening.time, "strftime", lambda _: "now")
    picture = QImage(160, 120, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.darkCyan)
    QGuiApplication.clipboard().setImage(picture)
    window.actions_by_id["paste"].trigger()
    qtbot.waitUntil(lambda: settled(window))
    first = window.document.shown.path
    assert first == own_folder(PASTED) / "pasted now.png" and window.document.shown.photo.size == (160, 120)
    picture.fill(Qt.GlobalColor.darkRed)
    QGuiApplication.clipboard().setImage(picture)
    window.actions_by_id["paste"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.path != first and settled(window))
    assert [path.name for path in window.session.roll.paths] == ["pasted now.png", "pasted now-2.png"]
    assert not window.preferences.recent
    monkeypatch.setattr(dialogs, "ask_target", lambda parent, suggestion: folder / suggestion.name)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.result is not None)
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.saved)
    assert (folder / "pasted now-2-acutance.png").exists() and len(list(first.parent.iterdir())) == 2


def test_an_empty_clipboard_is_reported(window):
    QGuiApplication.clipboard().clear()
    window.actions_by_id["paste"].trigger()
    assert "no picture" in window.message.text.text()


def test_the_empty_window_offers_photos_opened_last(qtbot, ready, photo_file, settled):
    ready.actions_by_id["close-photo"].trigger()
    links = [part for part in ready.empty.findChildren(QPushButton) if part.property("role") == "link"]
    (link,) = [part for part in links if part.accessibleName().startswith("Open ")]
    assert link.accessibleName() == f"Open {photo_file.name}"
    qtbot.waitUntil(lambda: link.width() >= link.minimumSizeHint().width())
    assert link.fontMetrics().horizontalAdvance(link.text()) <= 120
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: settled(ready))
    assert ready.document.shown.path == photo_file


def test_photos_opened_last_are_in_the_menu(qtbot, many, go):
    go(many, "1.png")
    names = [action.text() for action in many.browsing.ways.recent.actions()]
    assert names[:2] == ["1.png", "0.png"]
    many.browsing.ways.recent.actions()[1].trigger()
    assert many.document.shown.path.name == "0.png"
    many.browsing.ways.recent.actions()[-1].trigger()
    assert not many.browsing.ways.recent.isEnabled()


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
def test_a_photo_dropped_with_shift_is_opened_and_not_moved(qtbot, window, photo_file, keys):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo_file))])
    possible, button = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    for event in (
        QDragEnterEvent(QPoint(9, 9), possible, mime, button, keys),
        QDragMoveEvent(QPoint(9, 9), possible, mime, button, keys),
        QDropEvent(QPointF(9, 9), possible, mime, button, keys),
    ):
        event.setDropAction(event.proposedAction())
        QApplication.sendEvent(window, event)
        assert event.isAccepted() and event.dropAction() is Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: window.document.shown.path == photo_file)
