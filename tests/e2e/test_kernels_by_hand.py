"""Kernels by hand: draw one, load one, deblur with it; see where the blur varies."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.window import dialogs
from app.window.kernels.editor import KernelEditor
from app.window.own_files import KERNELS, own_folder
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
    qtbot.waitUntil(lambda: ready.document.result is not None)
    asked = engine.requests[-1].kernel
    assert np.array_equal(load_kernel(asked).values, drawn.values)
    assert asked.parent == own_folder(KERNELS)
    assert "drawn" in ready.panel.method.card.accessibleDescription()
    ready.actions_by_id["undo"].trigger()
    assert ready.document.request.kernel is None


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
    editor.side.setValue(30)
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
    kernel = document.result.kernel
    field = KernelField((kernel,) * 6, (2, 3), (120, 160))
    deblurred.actions_by_id["faces"].setChecked(False)
    plain = deblurred.viewer.grab().toImage()
    document.finish_work(dataclasses.replace(document.result, field=field), document.restored)
    shown = deblurred.viewer.grab().toImage()
    assert action.isEnabled() and shown != plain
    corner = deblurred.viewer.to_widget(*field.positions[0]).toPoint() - QPoint(18, 0)
    assert shown.pixelColor(corner) != plain.pixelColor(corner)
    action.setChecked(False)
    assert deblurred.viewer.grab().toImage() == plain


def test_a_field_is_looked_for_on_request(qtbot, ready, engine):
    ready.actions_by_id["find-field"].setChecked(True)
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.result is not None)
    assert engine.requests[-1].field
    ready.actions_by_id["undo"].trigger()
    assert not ready.actions_by_id["find-field"].isChecked()
