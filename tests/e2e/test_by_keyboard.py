"""A photographer without a mouse: faces, divider and photo by keys alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from app.window.viewer.comparison import Mode

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def viewer(ready):
    ready.viewer.setFocus()
    return ready.viewer


def press(qtbot, viewer, *keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(viewer, key, held)


def test_faces_are_gone_through_and_one_is_left_out(ready, viewer):
    actions = ready.actions_by_id
    actions["next-face"].trigger()
    assert viewer.hovered_mark == 0
    assert viewer.accessibleDescription().startswith("Face 1 of 2, ")
    actions["next-face"].trigger()
    actions["toggle-face"].trigger()
    assert [mark.chosen for mark in ready.document.shown.marks] == [True, False]
    assert viewer.accessibleDescription().endswith("left out")
    actions["previous-face"].trigger()
    assert viewer.hovered_mark == 0


def test_the_next_face_comes_into_the_middle_of_a_magnified_photo(ready, viewer):
    viewer.zoom_to(16)
    ready.actions_by_id["next-face"].trigger()
    left, top, right, bottom = ready.document.shown.marks[0].box
    assert (viewer.viewport.x, viewer.viewport.y) == ((left + right) / 2, (top + bottom) / 2)
    assert viewer.viewport.scale == 16


def test_the_box_in_focus_is_moved_and_sized_and_stays_in_the_photo(qtbot, ready, viewer):
    ready.actions_by_id["next-face"].trigger()
    before = ready.document.shown.marks[0].box
    press(qtbot, viewer, Qt.Key.Key_Right, held=CONTROL)
    moved = ready.document.shown.marks[0].box
    assert moved[0] > before[0] and moved[2] - moved[0] == pytest.approx(before[2] - before[0])
    press(qtbot, viewer, Qt.Key.Key_Down, held=CONTROL | SHIFT)
    sized = ready.document.shown.marks[0].box
    assert sized[:3] == moved[:3] and sized[3] > moved[3]
    press(qtbot, viewer, *[Qt.Key.Key_Left] * 200, held=CONTROL | SHIFT)
    assert ready.document.shown.marks[0].box[2] - ready.document.shown.marks[0].box[0] >= 8


def test_a_face_is_added_in_the_middle_and_deleted(qtbot, ready, viewer):
    ready.actions_by_id["add-face"].trigger()
    press(qtbot, viewer, Qt.Key.Key_Return)
    drawn = ready.document.shown.marks[-1]
    assert len(ready.document.shown.marks) == 3 and drawn.face is None
    assert (drawn.box[0] + drawn.box[2]) / 2 == pytest.approx(80, abs=1)
    assert not ready.actions_by_id["add-face"].isChecked()
    ready.actions_by_id["previous-face"].trigger()
    ready.actions_by_id["delete-face"].trigger()
    assert len(ready.document.shown.marks) == 2


def test_the_divider_moves_and_stays_in_sight(qtbot, deblurred):
    viewer = deblurred.viewer
    viewer.compare(mode=Mode.WIPE, upright=True, divider=0.5)
    press(qtbot, viewer, Qt.Key.Key_Right, held=SHIFT)
    assert viewer.comparison.divider == pytest.approx(0.52)
    press(qtbot, viewer, *[Qt.Key.Key_Left] * 40, held=SHIFT)
    assert viewer.comparison.divider == 0


def test_arrows_pan_a_magnified_photo(qtbot, viewer):
    viewer.zoom_to(16)
    before = viewer.viewport.x
    press(qtbot, viewer, Qt.Key.Key_Right)
    assert viewer.viewport.x > before


def test_the_menu_key_opens_the_menu_of_the_face_in_focus(ready, viewer):
    asked, middle = [], viewer.rect().center()
    viewer.face_menu_asked.connect(lambda index, _: asked.append(index))

    def press() -> None:
        where = middle, viewer.mapToGlobal(middle)
        QApplication.sendEvent(viewer, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, *where))

    press()
    ready.actions_by_id["next-face"].trigger()
    press()
    assert asked == [0]
    QApplication.activePopupWidget().close()


def test_arrows_mean_nothing_without_a_photo(qtbot, window):
    press(qtbot, window.viewer, Qt.Key.Key_Right, Qt.Key.Key_Return)
    window.actions_by_id["next-face"].trigger()
    assert window.viewer.viewport is None and window.viewer.hovered_mark is None
