"""Looking closely: zoom, pan, wipe, side by side, difference, blink, keyboard."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent

from app.window import dialogs
from app.window.commands.shortcuts import ShortcutsDialog
from app.window.commands.table import COMMANDS
from app.window.viewer.comparison import Mode


def pixel(window, x, y):
    return window.viewer.grab().toImage().pixelColor(QPoint(int(x), int(y))).getRgb()[:3]


@pytest.fixture
def bare(deblurred):
    """Return the window with a result, at 100 %, without boxes over the photo, the divider in the middle."""
    deblurred.viewer.compare(divider=0.5)
    deblurred.actions_by_id["faces"].setChecked(False)
    deblurred.viewer.zoom_to(1.0)
    return deblurred


def test_the_wheel_zooms_at_the_pointer_down_to_single_pixels(ready):
    viewer = ready.viewer
    viewer.zoom_to(8)
    at = viewer.to_widget(100, 60)
    nothing = Qt.KeyboardModifier.NoModifier
    for _ in range(40):
        turn = QWheelEvent(at, viewer.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, nothing,
                           Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        viewer.wheelEvent(turn)
    assert viewer.viewport.scale == 64
    under = viewer.to_photo(at)
    assert (under.x(), under.y()) == pytest.approx((100, 60), abs=0.1)


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_two_fingers_pan_with_ctrl_they_zoom_and_resting_they_do_nothing(ready, keys):
    viewer, at = ready.viewer, QPointF(200, 150)
    viewer.zoom_to(16)

    def fingers(pixels, phase=Qt.ScrollPhase.ScrollUpdate):
        none = Qt.MouseButton.NoButton
        viewer.wheelEvent(QWheelEvent(at, viewer.mapToGlobal(at), pixels, 8 * pixels, none, keys, phase, False))

    before = viewer.viewport
    fingers(QPoint(0, 0), Qt.ScrollPhase.ScrollBegin)
    assert viewer.viewport == before
    fingers(QPoint(32, 16))
    if keys == Qt.KeyboardModifier.NoModifier:
        assert (viewer.viewport.x, viewer.viewport.y) == (before.x - 2, before.y - 1)
        assert viewer.viewport.scale == before.scale
    else:
        assert viewer.viewport.scale > before.scale


def test_a_pinch_zooms_at_the_fingers(ready):
    viewer, at = ready.viewer, QPointF(200, 150)
    viewer.zoom_to(4)
    under = viewer.to_photo(at)
    device, kind = QPointingDevice.primaryPointingDevice(), Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, at, at, viewer.mapToGlobal(at), 0.5, QPointF(), 1)
    assert viewer.event(event)
    assert viewer.viewport.scale == pytest.approx(6)
    assert viewer.to_photo(at).x() == pytest.approx(under.x(), abs=0.01)


def test_a_drag_moves_a_photo_that_is_larger_than_the_view(qtbot, ready):
    viewer = ready.viewer
    viewer.zoom_to(16)
    before = viewer.to_photo(QPointF(200, 200))
    ready.actions_by_id["faces"].setChecked(False)
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.mouseMove(viewer, QPoint(280, 232))
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=QPoint(280, 232))
    after = viewer.to_photo(QPointF(280, 232))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.1)


@pytest.mark.parametrize(("key", "scale"), [("1", 1.0), ("+", 1.5), ("-", 0.67)])
def test_keys_zoom(qtbot, ready, key, scale):
    ready.viewer.zoom_to(1.0)
    ready.actions_by_id[{"1": "actual", "+": "zoom-in", "-": "zoom-out"}[key]].trigger()
    assert ready.viewer.viewport.scale == pytest.approx(scale)
    ready.actions_by_id["fit"].trigger()
    assert ready.viewer.viewport.fitted


def test_the_divider_is_dragged(qtbot, bare):
    viewer = bare.viewer
    middle, left = QPoint(viewer.width() // 2, 300), QPoint(viewer.width() // 4, 300)
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(viewer, left)
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=left)
    assert viewer.comparison.divider == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("upright", [True, False])
def test_the_wipe_shows_before_on_one_side_and_after_on_the_other(bare, upright):
    if not upright:
        bare.actions_by_id["turn-wipe"].trigger()
    viewer = bare.viewer
    middle = QPointF(viewer.width() / 2, viewer.height() / 2)
    for step, after in ((-30, False), (30, True)):
        point = middle + (QPointF(step, 25) if upright else QPointF(25, step))
        photo = viewer.to_photo(point)
        pyramid = bare.document.shown.restored if after else bare.document.shown.original
        assert pixel(bare, point.x(), point.y()) == pyramid.colour_at(int(photo.x()), int(photo.y()))


def test_side_by_side_shows_the_same_place_twice(bare):
    bare.actions_by_id["side-by-side"].trigger()
    viewer = bare.viewer
    left, right = QPointF(viewer.width() * 0.25, 200), QPointF(viewer.width() * 0.75 + 1, 200)
    before, after = viewer.to_photo(left), viewer.to_photo(right)
    assert (before.x(), before.y()) == pytest.approx((after.x(), after.y()), abs=2)


def test_the_difference_is_black_where_nothing_changed(bare):
    bare.panel.strength.slider.setValue(0)
    bare.actions_by_id["difference"].trigger()
    assert pixel(bare, bare.viewer.width() / 2, bare.viewer.height() / 2) == (0, 0, 0)
    bare.panel.strength.slider.setValue(100)
    assert pixel(bare, bare.viewer.width() / 2, bare.viewer.height() / 2) != (0, 0, 0)


def test_the_difference_is_brighter_each_time_it_is_asked_for(bare):
    bare.actions_by_id["difference"].trigger()
    assert bare.viewer.comparison.doublings == 3
    for doublings in (4, 5, 6, 1):
        bare.actions_by_id["difference"].trigger()
        assert bare.viewer.comparison.doublings == doublings


def test_another_file_is_compared_in_place_of_the_result_until_it_is_let_go(qtbot, bare, tmp_path, monkeypatch):
    other = tmp_path / "by another program.png"
    Image.fromarray(np.full((120, 160, 3), (9, 200, 30), np.uint8)).save(other)
    monkeypatch.setattr(dialogs, "ask_photos", lambda *_: [other])
    action, at = bare.actions_by_id["compare-file"], (bare.viewer.width() / 2, bare.viewer.height() / 2)
    bare.actions_by_id["result"].trigger()
    result = pixel(bare, *at)
    action.trigger()
    qtbot.waitUntil(action.isChecked)
    assert pixel(bare, *at) == (9, 200, 30) and bare.viewer.comparison.rival == other.name
    bare.panel.strength.slider.setValue(40)
    bare.document.shown.change_mark(0, strength=0.1)
    assert pixel(bare, *at) == (9, 200, 30)
    bare.panel.strength.slider.setValue(100)
    bare.document.shown.forget_own_strengths()
    action.trigger()
    assert pixel(bare, *at) == result and not action.isChecked() and bare.viewer.comparison.rival == ""


def test_the_strength_holds_again_once_the_other_file_is_let_go(qtbot, bare, tmp_path, monkeypatch):
    other = tmp_path / "by another program.png"
    Image.fromarray(np.full((120, 160, 3), (9, 200, 30), np.uint8)).save(other)
    monkeypatch.setattr(dialogs, "ask_photos", lambda *_: [other])
    bare.panel.strength.slider.setValue(0)
    for shown in (True, False):
        bare.actions_by_id["compare-file"].trigger()
        qtbot.waitUntil(lambda shown=shown: bare.actions_by_id["compare-file"].isChecked() == shown)
        assert bare.viewer.comparison.strength == float(shown)


def test_a_file_of_another_size_is_not_compared(qtbot, ready, tmp_path, monkeypatch):
    other = tmp_path / "small.png"
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(other)
    monkeypatch.setattr(dialogs, "ask_photos", lambda *_: [other])
    ready.actions_by_id["compare-file"].trigger()
    qtbot.waitUntil(lambda: "small.png does not have the photo's size of 160 × 120 px" in ready.message.text.text())
    assert ready.document.shown.rival is None and not ready.document.shown.comparable


def test_blink_shows_the_original_while_the_key_is_held(qtbot, bare):
    bare.actions_by_id["result"].trigger()
    at = bare.viewer.width() / 2, bare.viewer.height() / 2
    result = pixel(bare, *at)
    qtbot.keyPress(bare.viewer, Qt.Key.Key_B)
    assert pixel(bare, *at) != result
    qtbot.keyRelease(bare.viewer, Qt.Key.Key_B)
    assert pixel(bare, *at) == result


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_has_its_command(bare, mode):
    bare.actions_by_id[mode.value].trigger()
    assert bare.viewer.comparison.shown is mode
    assert bare.top.modes.button(mode.value).isChecked()


def test_no_two_commands_share_a_key():
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_shortcuts_are_searched(qtbot, window):
    dialog = ShortcutsDialog(window)
    dialog.show()
    dialog.search.setText("divider")
    shown = [text for _, text, line in dialog._rows if line.isVisible()]
    assert len(shown) == 2 and "turn the divider" in shown[0]
    dialog.search.setText("no such thing")
    assert dialog._nothing.isVisible()
    dialog.close()


def test_the_theme_is_chosen_and_follows_the_system_again(window, theme):
    window.actions_by_id["theme-light"].trigger()
    assert not theme.palette.dark
    window.actions_by_id["theme-dark"].trigger()
    assert theme.palette.dark and window.actions_by_id["theme-dark"].isChecked()
    window.actions_by_id["theme-system"].trigger()
    assert theme.choice == "system"
    theme.choose("dark")


def test_everything_that_takes_the_focus_has_a_name(deblurred):
    nameless = [
        widget
        for widget in deblurred.findChildren(type(deblurred).__mro__[1])
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or (hasattr(widget, "text") and widget.text()))
    ]
    assert not nameless
