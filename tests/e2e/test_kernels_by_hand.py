"""Kernels by hand: draw one, load one, deblur with it; see where the blur varies."""

import dataclasses

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt

from app.window import dialogs
from app.window.kernels.editor import KernelEditor
from app.window.opening.own_files import KERNELS, own_folder
from engine.kernels.field import KernelField
from engine.kernels.files import load_kernel, save_kernel
from engine.kernels.kernel import Kernel


@pytest.fixture
def editor(ready):
    """Return the editor, opened over the window by its command, with nothing drawn yet."""
    ready.actions_by_id["draw-kernel"].trigger()
    made = ready.findChild(KernelEditor)
    yield made
    if ready.findChild(KernelEditor):
        made.reject()


def drag(qtbot, canvas, start, end, button=Qt.MouseButton.LeftButton):
    qtbot.mousePress(canvas, button, pos=QPoint(*start))
    qtbot.mouseMove(canvas, QPoint(*end))
    qtbot.mouseRelease(canvas, button, pos=QPoint(*end))


def test_nothing_can_be_done_with_nothing_drawn(editor):
    assert not editor.use.isEnabled() and editor.facts.text() == "Nothing is drawn yet"


def test_a_drawn_kernel_deblurs_the_photo(qtbot, editor, ready, engine):
    drag(qtbot, editor.canvas, (100, 210), (320, 210))
    assert editor.facts.text().endswith("mainly at 0°")
    drawn = editor.canvas.sketch.kernel()
    editor.use.click()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    asked = engine.requests[-1].kernel
    assert np.array_equal(load_kernel(asked).values, drawn.values)
    assert asked.parent == own_folder(KERNELS)
    assert "drawn" in ready.panel.method.card.accessibleDescription()
    ready.actions_by_id["undo"].trigger()
    assert ready.document.shown.request.kernel is None


def test_shapes_and_mirror_and_clear(editor):
    editor.length.setValue(31)
    editor.angle.setValue(45)
    editor.draw_line()
    before = editor.facts.text()
    assert "mainly at 45°" in before
    editor.mirror()
    assert "mainly at 135°" in editor.facts.text()
    editor.draw_disc()
    assert "31 × 31 px, no main direction" in editor.facts.text()
    editor.side.setValue(61)
    assert editor.canvas.sketch.side == 61
    editor.clear()
    assert editor.canvas.sketch.empty


def test_a_kernel_is_loaded_and_a_file_without_one_is_a_sentence(qtbot, editor, tmp_path, monkeypatch):
    kernel = Kernel(np.eye(9, dtype=np.float32))
    save_kernel(kernel, tmp_path / "k.npy")
    monkeypatch.setattr(dialogs, "ask_kernel", lambda *args: tmp_path / "k.npy")
    editor.load()
    assert np.allclose(editor.canvas.sketch.kernel().values, kernel.values)
    (tmp_path / "k.npy").write_text("no kernel")
    editor.load()
    assert "k.npy" in editor.trouble.text() and not editor.canvas.sketch.empty
    assert editor.trouble.property("role") == "trouble"
    drag(qtbot, editor.canvas, (100, 210), (320, 210))
    assert editor.trouble.text() == ""


def test_the_editor_begins_with_the_kernel_that_was_found(deblurred):
    deblurred.panel.method.card.chosen.emit("drawn")
    editor = deblurred.findChild(KernelEditor)
    assert editor.facts.text().startswith("15 × 6 px")
    editor.reject()


def test_the_kernels_of_a_field_lie_over_the_photo_and_can_be_hidden(ready, deblurred):
    document, action = deblurred.document, deblurred.actions_by_id["kernel-field"]
    assert not action.isEnabled()
    kernel = document.shown.result.kernel
    field = KernelField((kernel,) * 6, (2, 3), (120, 160))
    deblurred.actions_by_id["faces"].setChecked(False)
    plain = deblurred.viewer.grab().toImage()
    document.shown.finish_work(dataclasses.replace(document.shown.result, field=field), document.shown.restored)
    shown = deblurred.viewer.grab().toImage()
    assert action.isEnabled() and shown != plain
    corner = deblurred.viewer.to_widget(*field.positions[0]).toPoint() - QPoint(18, 0)
    assert shown.pixelColor(corner) != plain.pixelColor(corner)
    action.setChecked(False)
    assert deblurred.viewer.grab().toImage() == plain


def test_a_field_is_looked_for_on_request(qtbot, ready, engine):
    ready.actions_by_id["find-field"].setChecked(True)
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert engine.requests[-1].field
    ready.actions_by_id["undo"].trigger()
    assert not ready.actions_by_id["find-field"].isChecked()


def test_edit_beside_save_begins_with_the_kernel_that_was_found(deblurred):
    deblurred.panel.kernel.edit.click()
    editor = deblurred.findChild(KernelEditor)
    assert editor.facts.text().startswith("15 × 6 px") and not editor.undo.isEnabled()
    editor.reject()


def test_a_stroke_is_one_step_of_undo(qtbot, editor):
    drag(qtbot, editor.canvas, (100, 210), (320, 210))
    drawn = editor.canvas.sketch
    drag(qtbot, editor.canvas, (100, 100), (320, 320))
    editor.undo.click()
    assert editor.canvas.sketch is drawn
    editor.undo.click()
    assert editor.canvas.sketch.empty and not editor.undo.isEnabled()
    editor.redo.click()
    assert editor.canvas.sketch is drawn
    editor.clear()
    assert not editor.redo.isEnabled()
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.canvas.sketch is drawn


def test_the_eraser_takes_ink_away(qtbot, editor):
    drag(qtbot, editor.canvas, (100, 210), (320, 210))
    ink = editor.canvas.sketch.ink.sum()
    editor.eraser.click()
    drag(qtbot, editor.canvas, (100, 210), (200, 210))
    assert 0 < editor.canvas.sketch.ink.sum() < ink


def test_size_and_angle_are_typed_as_numbers(editor):
    editor.length.field.setValue(41)
    editor.angle.field.setValue(30)
    editor.draw_line()
    assert "mainly at 30°" in editor.facts.text() and editor.length.slider.value() == 40
    editor.angle.slider.setValue(90)
    assert editor.angle.value() == 90
    editor.side.field.setValue(60)
    assert editor.canvas.sketch.side == 61 == editor.side.value()


def test_a_kernel_is_drawn_by_keys(qtbot, editor):
    canvas = editor.canvas
    canvas.setFocus()
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert "mainly at 0°" in editor.facts.text()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.sketch.ink[int(canvas._pen[1]), int(canvas._pen[0])] > 0.5


def test_a_light_of_the_photo_lies_under_the_grid_and_is_moved(qtbot, window, tmp_path, settled):
    pixels = np.full((200, 300, 3), 20, np.uint8)
    pixels[100, 140:160] = 255
    pixels[40:43, 250] = 200
    Image.fromarray(pixels).save(tmp_path / "lamps.png")
    window.open(tmp_path / "lamps.png")
    qtbot.waitUntil(lambda: settled(window))
    window.actions_by_id["draw-kernel"].trigger()
    editor = window.findChild(KernelEditor)
    qtbot.waitUntil(editor.under.isEnabled)
    plain = editor.canvas.grab().toImage()
    editor.under.click()
    middle = editor.canvas.rect().center()
    assert editor.canvas.grab().toImage() != plain
    assert editor.canvas.grab().toImage().pixelColor(middle - QPoint(0, 1)).red() > 200
    qtbot.mousePress(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, middle)
    qtbot.mouseMove(editor.canvas, middle + QPoint(0, 100))
    qtbot.mouseRelease(editor.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 100))
    assert editor.canvas.sketch.empty and editor.canvas.grab().toImage().pixelColor(middle - QPoint(0, 1)).red() < 60
    editor.next.click()
    assert abs(editor._streaks[editor._at].x - 250) < 3
    editor.reject()


def test_a_photo_without_lights_offers_none(qtbot, editor):
    qtbot.waitUntil(lambda: editor._pixels is not None)
    assert not editor.under.isEnabled() and "No light" in editor.under.toolTip()
