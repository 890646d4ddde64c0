"""Training on the user's own photos through the page, with a double of the trainer in its own process."""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMessageBox
from skimage.data import astronaut

from app.window.help.card_dialog import CardDialog
from app.window.methods import method_choices
from app.window.training.plan import PHOTOS
from app.window.training.trainings import RunStatus
from engine.weights import find_weights
from resources import resource

DOUBLE = Path(__file__).parents[1] / "app" / "window" / "training" / "double.py"


@pytest.fixture
def album(tmp_path):
    """Return a folder with twelve sharp photos, a small one, and a file that is no photo."""
    folder = tmp_path / "album"
    folder.mkdir()
    rng, portrait = np.random.default_rng(1), astronaut()
    for number in range(12):
        left, top = 20 * number, 12 * number
        turned = np.rot90(portrait[top : top + 220, left : left + 240], number % 4)
        noise = rng.integers(0, 60, (11, 12, 3)).astype(np.uint8).repeat(20, 0).repeat(20, 1)
        mixed = np.rot90(noise, number % 4) // 2 + turned // 2
        Image.fromarray(np.ascontiguousarray(mixed)).save(folder / f"{number:02}.png")
    Image.fromarray(portrait[:90, :90]).save(folder / "small.png")
    (folder / "text.jpg").write_text("no photo")
    return folder


@pytest.fixture
def page(qtbot, window):
    """Return the page, with a double of the trainer."""
    window.actions_by_id["train"].trigger()
    qtbot.waitUntil(lambda: window.training.page is not None, timeout=30_000)
    made = window.training.page
    made.trainings.command = [sys.executable, str(DOUBLE), "better"]
    return made


@pytest.fixture
def looked(qtbot, page, album, monkeypatch):
    """Return the page with surveyed photos; the speed is not measured yet."""
    monkeypatch.setattr(page.trainings, "measure", lambda *_: None)
    page.setup.choose(album)
    qtbot.waitUntil(lambda: not page.setup.survey.surveyor.running, timeout=30_000)
    return page


@pytest.fixture
def ready(looked):
    """Return the page with surveyed photos and a measured speed."""
    measured = {"device": "a double", "samples_per_second": 8.0, "memory": 10**9, "crop": 40, "batch": 4}
    looked.trainings.measured.emit(measured)
    return looked


def behave(page, how):
    page.trainings.command[-1] = how


def begin(qtbot, page):
    qtbot.mouseClick(page.setup.start, Qt.MouseButton.LeftButton)
    return page.run.folder


def finish(qtbot, page):
    qtbot.waitUntil(lambda: page.trainings.active is None, timeout=30_000)


def ended(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def child():
    (found,) = [p for p in psutil.Process().children() if str(DOUBLE) in p.cmdline() and not ended(p)]
    return found


def test_the_page_teaches_before_there_are_photos(page):
    assert page.setup.stack.currentWidget() is page.setup.lesson
    assert not page.setup.start.isEnabled()


def test_photos_are_taken_or_left_out_with_the_reason(ready):
    photos = ready.setup.survey.photos
    reasons = {look.name: photos.data(photos.index(row, 3)) for row, look in enumerate(photos.rows)}
    assert reasons["small.png"].startswith("Too small") and reasons["text.jpg"].startswith("Cannot be read")
    assert reasons["00.png"] == "Used"
    assert ready.setup.survey.text.text() == "12 photos are used, with 24 faces; 2 are left out."


def test_a_smaller_copy_gives_way_to_a_larger_one(qtbot, page, album):
    with Image.open(album / "00.png") as photo:
        photo.resize((480, 440)).save(album / "zz.png")
    page.setup.choose(album)
    qtbot.waitUntil(lambda: not page.setup.survey.surveyor.running, timeout=30_000)
    photos = page.setup.survey.photos
    reasons = {look.name: photos.data(photos.index(row, 3)) for row, look in enumerate(photos.rows)}
    assert reasons["00.png"] == "A copy of zz.png" and reasons["zz.png"] == "Used" and len(reasons) == 15


def test_only_those_left_out_are_shown_on_demand(qtbot, ready):
    survey = ready.setup.survey
    survey.segments.button("left-out").click()
    assert [survey.shown.index(row, 0).data() for row in range(survey.shown.rowCount())] == ["small.png", "text.jpg"]
    survey.segments.button("taken").click()
    assert survey.shown.rowCount() == 12


def test_a_photo_that_was_left_out_is_taken_in_after_all(qtbot, ready):
    photos = ready.setup.survey.photos
    small, text = (photos.index(row, 0) for row in (12, 13))
    assert photos.setData(small, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    photos.setData(text, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    photos.setData(photos.index(0, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    folder = begin(qtbot, ready)
    named = [Path(line).name for line in (folder / PHOTOS).read_text().splitlines()]
    assert "small.png" in named and "00.png" not in named and "text.jpg" not in named and len(named) == 12
    finish(qtbot, ready)


def test_this_machine_is_measured_once_the_photos_are_known(qtbot, page, album):
    page.setup.choose(album)
    qtbot.waitUntil(lambda: "Measuring" in page.setup.estimate.text(), timeout=30_000)
    qtbot.waitUntil(lambda: "8.0 samples a second" in page.setup.estimate.text(), timeout=30_000)
    assert (page.setup.plan.crop, page.setup.plan.batch) == (40, 4) and not page.trainings.measuring


def test_the_estimate_says_what_was_measured_and_what_the_minutes_are(ready):
    ready.setup.minutes.setValue(10)
    output = ready.setup.estimate.text()
    assert "6 of them are put aside" in output and "8.0 samples a second here (a double)" in output
    seen = find_weights("wrfn", [resource("weights")]).card.samples_seen
    assert f"10 minutes are about 4,800 samples; the shipped weights saw {seen:,}." in output


def test_too_few_photos_are_refused(qtbot, page, tmp_path):
    few = tmp_path / "few"
    few.mkdir()
    page.setup.choose(few)
    qtbot.waitUntil(lambda: not page.setup.survey.surveyor.running)
    assert not page.setup.start.isEnabled() and "At least 10 photos" in page.setup.estimate.text()


def test_a_missing_folder_is_reported(page, tmp_path):
    page.setup.choose(tmp_path / "nosuch")
    assert "is no folder" in page.setup.trouble.text()
    assert page.setup.stack.currentWidget() is page.setup.lesson


def test_a_method_that_needs_labels_says_so(ready):
    method = ready.setup.method
    method.setCurrentIndex(method.findData("semantic"))
    method.activated.emit(method.currentIndex())
    assert "label maps" in ready.setup.hint.text() and not ready.setup.start.isEnabled()


def test_a_method_without_weights_begins_with_nothing(qtbot, ready):
    method, offers = ready.setup.method, ready.setup._offers
    offers["deepdeblur"] = dataclasses.replace(offers["deepdeblur"], shipped_samples=None)
    method.setCurrentIndex(method.findData("deepdeblur"))
    method.activated.emit(method.currentIndex())
    assert not ready.setup.origin.button("shipped").isEnabled()
    assert ready.setup.plan.start == "scratch"
    assert ready.setup.start.isEnabled()


def test_better_weights_can_be_used_and_appear_among_the_methods(qtbot, ready, window):
    begin(qtbot, ready)
    finish(qtbot, ready)
    run = ready.run
    assert run.verdict.before.text() == "27.00 dB" and run.verdict.after.text() == "27.50 dB"
    assert run.use.isEnabled() and run.use.isVisible()
    qtbot.mouseClick(run.use, Qt.MouseButton.LeftButton)
    (own,) = [choice for choice in method_choices() if "@" in choice.id]
    assert own.title.startswith("Any photo, fast – album 20")
    popup = window.panel.method.card.open()
    assert own.title in {entry.accessibleName() for entry in popup.findChildren(QFrame)}
    popup.close()
    window.document.shown.change_request(method=own.id)
    assert "In use" in run.verdict.sentence.text() and not run.use.isVisible()
    qtbot.mouseClick(run.use_no_more, Qt.MouseButton.LeftButton)
    assert not [choice for choice in method_choices() if "@" in choice.id]
    assert window.document.shown.request.method == "auto"
    assert run.use.isEnabled()


def test_the_card_of_new_weights_can_be_read(qtbot, ready):
    folder = begin(qtbot, ready)
    finish(qtbot, ready)
    ready.run.card.click()
    (dialog,) = ready.run.findChildren(CardDialog)
    assert dialog.isVisible() and ready.trainings.card(folder).samples_seen == 20
    dialog.close()
    (folder / "wrfn.json").write_text("no card")
    ready.run.refresh()
    assert ready.trainings.card(folder) is None


def test_weights_that_are_not_better_cannot_be_used(qtbot, ready):
    behave(ready, "worse")
    begin(qtbot, ready)
    finish(qtbot, ready)
    assert not ready.run.use.isEnabled() and "not better" in ready.run.use.toolTip()
    assert "not better (−0.50 dB)" in ready.run.verdict.sentence.text()


def test_curves_and_figures_come_while_it_trains(qtbot, ready):
    behave(ready, "endless")
    folder = begin(qtbot, ready)
    qtbot.waitUntil(lambda: "a second" in ready.run.text.text(), timeout=30_000)
    qtbot.waitUntil(lambda: len(ready.run.curves.reached.xData) > 1, timeout=30_000)
    assert set(ready.run.curves.reached.yData) == {27.4}
    assert len(ready.trainings.history(folder).looks) > 1
    assert not ready.setup.start.isEnabled()
    ready.trainings.stop()
    finish(qtbot, ready)


def test_a_stopped_run_continues_where_it_was(qtbot, ready):
    behave(ready, "endless")
    folder = begin(qtbot, ready)
    history = ready.trainings.history(folder)
    qtbot.waitUntil(lambda: len(history.looks) > 2, timeout=30_000)
    process = child()
    qtbot.mouseClick(ready.run.stop, Qt.MouseButton.LeftButton)
    assert ready.trainings.status(folder) is RunStatus.STOPPING
    finish(qtbot, ready)
    assert ended(process) and ready.trainings.status(folder) is RunStatus.STOPPED
    reached = history.samples
    behave(ready, "better")
    qtbot.mouseClick(ready.run.go_on, Qt.MouseButton.LeftButton)
    finish(qtbot, ready)
    assert not ready.trainings.failure(folder)
    assert ready.trainings.status(folder) in (RunStatus.FINISHED, RunStatus.STOPPED) and history.samples >= reached
    begun = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines() if "begun" in line]
    assert [entry["samples"] for entry in begun] == [0, reached]


def test_a_crash_of_the_training_is_not_reported_as_one_of_the_window(qtbot, ready):
    behave(ready, "crash")
    folder = begin(qtbot, ready)
    finish(qtbot, ready)
    assert ready.trainings.status(folder) is RunStatus.FAILED
    assert ready.run.trouble.text() == "The photos do not fit into the memory." and ready.run.trouble.isVisible()
    assert ready.run.go_on.isEnabled()


def test_a_killed_training_is_gone_on_with(qtbot, ready):
    behave(ready, "endless")
    folder = begin(qtbot, ready)
    qtbot.waitUntil(lambda: (folder / "checkpoint.safetensors").exists(), timeout=30_000)
    child().kill()
    finish(qtbot, ready)
    assert "memory" in ready.run.trouble.text()
    behave(ready, "better")
    qtbot.mouseClick(ready.run.go_on, Qt.MouseButton.LeftButton)
    finish(qtbot, ready)
    assert ready.trainings.status(folder) is not RunStatus.FAILED and not ready.run.trouble.isVisible()


def test_closing_the_window_ends_the_training_cleanly(qtbot, ready, window):
    behave(ready, "endless")
    folder = begin(qtbot, ready)
    qtbot.waitUntil(lambda: len(ready.trainings.history(folder).looks) > 1, timeout=30_000)
    process = child()
    window.close()
    qtbot.waitUntil(lambda: ended(process), timeout=30_000)
    last = json.loads((folder / "metrics.jsonl").read_text().splitlines()[-1])
    assert last["event"] == "ended" and not last["finished"]


def test_the_next_window_lists_the_runs_of_the_last(qtbot, ready):
    begin(qtbot, ready)
    finish(qtbot, ready)
    rows = ready.runs.model()
    assert rows.rowCount() == 1 and rows.index(0, 0).data().startswith("album 20")
    from app.window.training.trainings import Trainings

    again = Trainings()
    assert [again.status(folder) for folder in again.runs] == [RunStatus.FINISHED]


def test_a_removed_run_is_gone_after_a_question(qtbot, ready, monkeypatch):
    folder = begin(qtbot, ready)
    finish(qtbot, ready)
    monkeypatch.setattr("app.window.training.run_page.ask_removal", lambda *_: False)
    ready.run.remove.click()
    assert folder.exists()
    monkeypatch.setattr("app.window.training.run_page.ask_removal", lambda *_: True)
    ready.run.remove.click()
    assert not folder.exists() and ready.stack.currentWidget() is ready.setup
    assert ready.runs.model().rowCount() == 0


def test_removal_is_asked_for_with_cancel_as_the_default(qtbot, ready, monkeypatch):
    from app.window.training.run_page import ask_removal

    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.defaultButton().click())
    assert not ask_removal(ready.run, "mine")


def test_a_survey_can_be_broken_off(qtbot, page, album):
    page.setup.choose(album)
    page.setup.survey.cancel.click()
    assert not page.setup.survey.surveyor.running
    page.setup.choose(album)
    qtbot.waitUntil(lambda: not page.setup.survey.surveyor.running, timeout=30_000)
    assert len(page.setup.survey.photos.rows) == 14
