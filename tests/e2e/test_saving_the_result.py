"""Saving a result beside its photo: nothing is overwritten or lost unasked."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.window import dialogs
from app.window.photos.photo_state import State


def test_save_writes_beside_the_original_at_the_chosen_strength(qtbot, deblurred, photo_file):
    deblurred.panel.strength.slider.setValue(50)
    before = photo_file.read_bytes()
    deblurred.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    target = photo_file.with_name("holiday é 🙂-acutance.png")
    original, saved = (np.asarray(Image.open(path), float) for path in (photo_file, target))
    assert np.allclose(saved, 0.75 * original + 0.2 * 255, atol=1.01)
    assert photo_file.read_bytes() == before
    assert deblurred.toast.isVisible() and target.name in deblurred.toast.text.text()


@pytest.mark.parametrize("answer", ["keep both", "replace", "cancel"])
def test_an_existing_file_is_never_overwritten_unasked(qtbot, deblurred, photo_file, monkeypatch, answer):
    target = photo_file.with_name("holiday é 🙂-acutance.png")
    other = photo_file.with_name("holiday é 🙂-acutance-2.png")
    target.write_bytes(b"precious")
    choice = {"keep both": other, "replace": target, "cancel": None}[answer]
    monkeypatch.setattr(dialogs, "ask_replace", lambda parent, asked, alternative: choice)
    deblurred.actions_by_id["save"].trigger()
    if answer == "cancel":
        assert not deblurred.document.shown.saved
    else:
        qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    assert (target.read_bytes() == b"precious") == (answer != "replace")
    assert other.exists() == (answer == "keep both")


def test_metadata_that_a_format_cannot_hold_are_reported(qtbot, window, tmp_path, monkeypatch):
    Image.fromarray(np.full((40, 50, 4), 128, np.uint8)).save(tmp_path / "glass.png")
    window.open(tmp_path / "glass.png")
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.result is not None)
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: tmp_path / "glass.jpg")
    with qtbot.waitSignal(window.session.left_out):
        window.actions_by_id["save-as"].trigger()
    assert window.message.text.text() == "glass.jpg: JPEG has no transparency; transparent parts became white."


def test_the_original_itself_is_never_overwritten(deblurred, photo_file, monkeypatch):
    before = photo_file.read_bytes()
    monkeypatch.setattr(dialogs, "ask_target", lambda *args: photo_file)
    deblurred.actions_by_id["save-as"].trigger()
    assert "is the original" in deblurred.message.text.text()
    assert photo_file.read_bytes() == before


@pytest.mark.parametrize("command", ["save-as", "kernel"])
def test_a_name_that_is_too_long_is_one_calm_sentence(deblurred, photo_file, monkeypatch, command):
    too_long = photo_file.with_name("n" * 300 + ".png")
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: too_long)
    if command == "save-as":
        deblurred.actions_by_id["save-as"].trigger()
    else:
        deblurred.panel.kernel.button.click()
    said = deblurred.message.text.text()
    assert said.startswith(f"Cannot write {too_long}: ") and said.endswith(".")
    assert not deblurred.document.shown.saved


def test_a_dot_in_a_name_is_no_suffix(qtbot, deblurred, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_target", lambda *_: tmp_path / "portrait v1.2")
    deblurred.actions_by_id["save-as"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    assert (tmp_path / "portrait v1.2.png").is_file()


@pytest.mark.parametrize(("answer", "stays"), [("cancel", True), ("discard", False)])
def test_an_unsaved_result_is_asked_about(deblurred, monkeypatch, answer, stays):
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: answer)
    deblurred.close()
    assert deblurred.isVisible() == stays


def test_saving_first_then_closes(qtbot, deblurred, photo_file, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: "save")
    deblurred.close()
    qtbot.waitUntil(lambda: not deblurred.isVisible())
    assert photo_file.with_name("holiday é 🙂-acutance.png").exists()


def test_a_save_that_was_called_off_leaves_the_window_open_for_good(qtbot, deblurred, photo_file, monkeypatch):
    target = photo_file.with_name("holiday é 🙂-acutance.png")
    target.write_bytes(b"precious")
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: "save")
    monkeypatch.setattr(dialogs, "ask_replace", lambda *_: None)
    deblurred.close()
    monkeypatch.setattr(dialogs, "ask_replace", lambda parent, asked, alternative: alternative)
    with qtbot.waitSignal(deblurred.session.written):
        deblurred.actions_by_id["save"].trigger()
    assert deblurred.document.shown.saved and deblurred.isVisible()


def test_changes_during_writing_count_as_unsaved(qtbot, deblurred):
    with qtbot.waitSignal(deblurred.session.written):
        deblurred.actions_by_id["save"].trigger()
        deblurred.panel.strength.slider.setValue(30)
    assert not deblurred.document.shown.saved


def test_the_kernel_is_saved_as_numbers(qtbot, deblurred, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_target", lambda *args: tmp_path / "path.npy")
    qtbot.mouseClick(deblurred.panel.kernel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.toast.isVisible())
    assert np.array_equal(np.load(tmp_path / "path.npy"), deblurred.document.shown.result.kernel.values)


def test_another_strength_after_saving_is_unsaved_again(qtbot, deblurred):
    deblurred.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    deblurred.panel.strength.slider.setValue(30)
    assert not deblurred.document.shown.saved and "*" in deblurred.windowTitle()


def test_the_log_records_restoring_and_saving(qtbot, deblurred, photo_file, caplog):
    with caplog.at_level("INFO"):
        deblurred.actions_by_id["deblur"].trigger()
        qtbot.waitUntil(lambda: deblurred.document.shown.result is not None)
        deblurred.actions_by_id["save"].trigger()
        qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    assert f"restored {photo_file} by wrfn" in caplog.text and f"saved {photo_file} as " in caplog.text
