"""Restore here, leave that alone: a brush, an eraser, and masks that nobody has to paint."""

import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from app.sidecar import beside
from app.window import dialogs
from app.window.photos.photo_state import State
from app.window.viewer.comparison import Mode
from engine.masks.brush import LARGEST
from engine.masks.files import save_mask
from engine.masks.mask import Mask
from engine.photos.reading import read_photo

LEFT = Qt.MouseButton.LeftButton
NOTHING, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def at(deblurred):
    """The point of the viewer over a point of the photo."""
    return lambda x, y: deblurred.viewer.to_widget(x, y).toPoint()


@pytest.fixture
def paint(qtbot, deblurred, at):
    """Return a function that drags the pointer over points of the photo."""

    def painted(*points, held=NOTHING):
        viewer = deblurred.viewer
        qtbot.mousePress(viewer, LEFT, held, at(*points[0]))
        for point in points[1:]:
            qtbot.mouseMove(viewer, at(*point))
        qtbot.mouseRelease(viewer, LEFT, held, at(*points[-1]))

    return painted


@pytest.fixture
def brushed(deblurred):
    """The window with a result and a hard brush of 20 px in the hand."""
    deblurred.actions_by_id["result"].trigger()
    deblurred.actions_by_id["brush"].trigger()
    deblurred.masks.painting.change(size=20, hardness=1.0)
    return deblurred


def seen(window, at, x, y):
    """The colour on the screen over a point of the photo, away from what lies over it."""
    window.actions_by_id["faces"].setChecked(False)
    window.masks.painting.move(None)
    return window.viewer.grab().toImage().pixelColor(at(x, y))


def original(x, y):
    return QColor(x, y, (x + y) // 2)


def restored(x, y):
    return QColor(*(min(255, round(value * 0.5 + 102)) for value in (x, y, (x + y) // 2)))


def close(one, other):
    return max(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True)) <= 2


def test_the_brush_restores_where_it_goes_and_nothing_else(brushed, paint, at):
    assert close(seen(brushed, at, 140, 100), restored(140, 100))
    paint((40, 100), (90, 100))
    assert close(seen(brushed, at, 65, 100), restored(65, 100))
    assert close(seen(brushed, at, 140, 100), original(140, 100))
    assert brushed.document.shown.mask.values()[100, 65] == 255 and not brushed.document.shown.saved


def test_the_eraser_leaves_alone_where_it_goes(brushed, paint, at):
    brushed.actions_by_id["eraser"].trigger()
    paint((40, 100), (90, 100))
    assert close(seen(brushed, at, 65, 100), original(65, 100))
    assert close(seen(brushed, at, 140, 100), restored(140, 100))
    assert brushed.actions_by_id["eraser"].isChecked() and not brushed.actions_by_id["brush"].isChecked()


def test_a_stroke_is_seen_while_it_is_painted_at_any_zoom(qtbot, brushed, at):
    viewer = brushed.viewer
    for scale in (None, 1.0, 3.0, 10.0):
        brushed.actions_by_id["clear-mask"].trigger()
        viewer.fit() if scale is None else viewer.zoom_to(scale)
        viewer.centre_on(80, 60)
        qtbot.mousePress(viewer, LEFT, NOTHING, at(80, 60))
        assert close(viewer.grab().toImage().pixelColor(at(82, 62)), restored(82, 62))
        assert brushed.document.shown.mask is None
        qtbot.mouseRelease(viewer, LEFT, NOTHING, at(80, 60))
        assert brushed.document.shown.mask is not None


def test_every_stroke_can_be_undone_and_done_again(brushed, paint):
    paint((40, 100), (60, 100))
    first = brushed.document.shown.mask
    paint((100, 30), (120, 30))
    second = brushed.document.shown.mask
    for command, expected in (("undo", first), ("undo", None), ("redo", first), ("redo", second)):
        brushed.actions_by_id[command].trigger()
        assert brushed.document.shown.mask is expected
    assert (brushed.masks.painting.alpha.values == second.values()).all()


def test_nothing_is_painted_beside_the_photo(brushed, paint):
    brushed.viewer.zoom_to(1.0)
    paint((-60, -60), (-50, -60))
    assert brushed.document.shown.mask is None and brushed.viewer.comparison.mask is None


def test_size_and_hardness_by_keys(qtbot, brushed):
    brush = brushed.masks.painting
    for key, size, hardness in (
        (Qt.Key.Key_BracketRight, 25, 1.0),
        (Qt.Key.Key_BracketLeft, 20, 1.0),
        (Qt.Key.Key_BraceLeft, 20, 0.9),
        (Qt.Key.Key_BraceRight, 20, 1.0),
    ):
        qtbot.keyClick(brushed.viewer, key)
        assert brush.brush.size == pytest.approx(size) and brush.brush.hardness == pytest.approx(hardness)


def test_the_sliders_are_there_while_a_brush_is_held(qtbot, brushed):
    section = brushed.panel.masking
    assert section.sliders.isVisibleTo(brushed)
    section.across.setValue(section.across.maximum())
    section.hardness.setValue(30)
    section.flow.setValue(40)
    brush = brushed.masks.painting.brush
    assert (brush.size, brush.hardness, brush.flow) == (pytest.approx(LARGEST), 0.3, 0.4)
    qtbot.keyClick(brushed.viewer, Qt.Key.Key_Escape)
    assert not section.sliders.isVisibleTo(brushed) and not brushed.actions_by_id["brush"].isChecked()


def test_alt_rubs_out_and_shift_draws_straight(brushed, paint):
    paint((20, 100))
    paint((140, 100), held=SHIFT)
    assert brushed.document.shown.mask.values()[100, 80] == 255
    paint((80, 100), held=ALT)
    assert brushed.document.shown.mask.values()[100, 80] == 0 and not brushed.masks.painting.brush.erase


def test_all_of_it_by_keyboard(qtbot, deblurred):
    viewer = deblurred.viewer
    viewer.setFocus()
    qtbot.keyClick(viewer, Qt.Key.Key_Q)
    deblurred.masks.painting.change(size=20, hardness=1.0)
    qtbot.keyClick(viewer, Qt.Key.Key_Return)
    assert deblurred.document.shown.mask.values()[60, 80] == 255
    for _ in range(4):
        qtbot.keyClick(viewer, Qt.Key.Key_Right, CONTROL)
    assert deblurred.document.shown.mask.values()[60, 100] == 255
    qtbot.keyClick(viewer, Qt.Key.Key_Down)
    qtbot.keyClick(viewer, Qt.Key.Key_Return, ALT)
    assert deblurred.document.shown.mask.values()[65, 100] == 0
    qtbot.keyClick(viewer, Qt.Key.Key_Q)
    assert not deblurred.masks.painting.held


def test_the_hand_is_back_when_the_brush_is_put_down(qtbot, brushed, at):
    brushed.actions_by_id["brush"].trigger()
    qtbot.mouseClick(brushed.viewer, LEFT, NOTHING, at(40, 45))
    assert not brushed.document.shown.marks[0].chosen and brushed.document.shown.mask is None


def test_a_mask_from_the_chosen_faces_and_the_rest(brushed):
    brushed.document.shown.toggle_mark(1)
    brushed.actions_by_id["mask-faces"].trigger()
    values = brushed.document.shown.mask.values()
    assert values[45, 40] == 255 and values[50, 115] == 0 and values[119, 159] == 0
    brushed.actions_by_id["invert-mask"].trigger()
    assert (brushed.document.shown.mask.values() == 255 - values).all()
    brushed.actions_by_id["clear-mask"].trigger()
    assert brushed.document.shown.mask is None and not brushed.actions_by_id["invert-mask"].isEnabled()


def test_the_tint_shows_where_the_mask_is(brushed, paint, at):
    paint((40, 100), (90, 100))
    before = [seen(brushed, at, x, 100) for x in (65, 140)]
    brushed.actions_by_id["show-mask"].trigger()
    after = [seen(brushed, at, x, 100) for x in (65, 140)]
    assert after[0].red() > before[0].red() + 40 and after[1] == before[1]


def test_without_a_result_the_tint_shows_what_is_painted(qtbot, ready):
    ready.actions_by_id["brush"].trigger()
    qtbot.mouseClick(ready.viewer, LEFT, NOTHING, ready.viewer.to_widget(80, 60).toPoint())
    assert ready.viewer.comparison.tinted and ready.document.shown.mask is not None
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert not ready.viewer.comparison.tinted and ready.viewer.comparison.mask is not None


@pytest.mark.parametrize("mode", list(Mode), ids=str)
def test_every_view_shows_the_mask(brushed, paint, mode):
    paint((40, 100), (90, 100))
    brushed.actions_by_id[mode.value].trigger()
    brushed.actions_by_id["show-mask"].trigger()
    assert not brushed.viewer.grab().toImage().isNull()


def test_what_is_saved_has_not_a_level_of_change_outside_the_mask(qtbot, brushed, paint, photo_file):
    paint((40, 100), (90, 100))
    brushed.actions_by_id["save"].trigger()
    target = photo_file.with_name("holiday é 🙂-acutance.png")
    qtbot.waitUntil(lambda: target.exists() and brushed.document.shown.saved)
    before, after = read_photo(photo_file).pixels, read_photo(target).pixels
    mask = brushed.document.shown.mask.values()
    assert (after[mask == 0] == before[mask == 0]).all()
    assert (after[mask == 255] != before[mask == 255]).any()


def test_the_mask_comes_back_with_the_photo(qtbot, brushed, paint, photo_file):
    paint((40, 100), (90, 100))
    values = brushed.document.shown.mask.values()
    brushed.document.shown.mark_saved()
    brushed.actions_by_id["close-photo"].trigger()
    assert json.loads(beside(photo_file).read_text())["mask"]
    brushed.open(photo_file)
    qtbot.waitUntil(lambda: brushed.document.shown.state is State.READY and brushed.document.shown.mask is not None)
    assert (brushed.document.shown.mask.values() == values).all()


def test_each_photo_keeps_its_own_mask(qtbot, brushed, paint, folder, go):
    paint((40, 100), (90, 100))
    mask, first = brushed.document.shown.mask, brushed.document.shown.path
    brushed.session.roll.add([folder / "0.png"])
    go(brushed, "0.png")
    assert brushed.document.shown.mask is None and brushed.viewer.comparison.mask is None
    go(brushed, first.name)
    assert brushed.document.shown.mask is mask and brushed.viewer.comparison.mask is not None


def test_a_mask_is_copied_to_another_photo_of_the_series(qtbot, brushed, paint, folder, go):
    paint((40, 100), (90, 100))
    values = brushed.document.shown.mask.values()
    brushed.actions_by_id["copy-mask"].trigger()
    brushed.session.roll.add([folder / "0.png"])
    go(brushed, "0.png")
    brushed.actions_by_id["paste-mask"].trigger()
    qtbot.waitUntil(lambda: brushed.document.shown.mask is not None)
    assert (brushed.document.shown.mask.values() == values).all()


def test_a_mask_goes_into_a_file_and_comes_from_one(qtbot, brushed, paint, tmp_path, monkeypatch):
    paint((40, 100), (90, 100))
    values, target = brushed.document.shown.mask.values(), tmp_path / "mine.png"
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: target)
    brushed.actions_by_id["save-mask"].trigger()
    qtbot.waitUntil(target.exists)
    assert (np.asarray(Image.open(target)) == values).all()
    brushed.actions_by_id["clear-mask"].trigger()
    monkeypatch.setattr(dialogs, "ask_mask", lambda *_: target)
    brushed.actions_by_id["load-mask"].trigger()
    qtbot.waitUntil(lambda: brushed.document.shown.mask is not None)
    assert (brushed.document.shown.mask.values() == values).all()


def test_the_mask_of_another_photo_is_refused_in_a_sentence(qtbot, brushed, tmp_path, monkeypatch):
    save_mask(Mask.filled((10, 90), 0), tmp_path / "other.png")
    monkeypatch.setattr(dialogs, "ask_mask", lambda *_: tmp_path / "other.png")
    brushed.actions_by_id["load-mask"].trigger()
    qtbot.waitUntil(brushed.message.isVisible)
    assert "does not fit" in brushed.message.text.text() and brushed.document.shown.mask is None


def test_the_middle_button_still_moves_the_photo(qtbot, brushed, at):
    viewer = brushed.viewer
    viewer.zoom_to(16)
    before = viewer.viewport.x
    qtbot.mousePress(viewer, Qt.MouseButton.MiddleButton, NOTHING, QPoint(200, 200))
    qtbot.mouseMove(viewer, QPoint(120, 200))
    qtbot.mouseRelease(viewer, Qt.MouseButton.MiddleButton, NOTHING, QPoint(120, 200))
    assert viewer.viewport.x > before and brushed.document.shown.mask is None


def test_nothing_is_painted_while_the_photo_is_restored(qtbot, brushed, engine, at):
    engine.hold.clear()
    brushed.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: brushed.document.shown.state is State.WORKING)
    qtbot.mouseClick(brushed.viewer, LEFT, NOTHING, at(80, 60))
    assert brushed.document.shown.mask is None
    engine.hold.set()
    qtbot.waitUntil(lambda: brushed.document.shown.result is not None)
