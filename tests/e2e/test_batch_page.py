"""A folder of photos through the batch page."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from app import presets
from app.batch.journal import Entry
from app.batch.work import LocalExecutor
from app.settings import Settings
from app.window.application import make_window
from app.window.batch import runner
from app.window.batch.page import duration
from app.window.methods import title_of
from engine.errors import UserError
from engine.kernels.trust import Verdict
from engine.request import Request
from engine.result import Result


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "photos"
    (made / "sub").mkdir(parents=True)
    for name in ("a.png", "c.png", "sub/d.png"):
        Image.fromarray(np.full((24, 32, 3), 100, np.uint8)).save(made / name)
    (made / "b.png").write_bytes(b"bad")
    return made


@pytest.fixture
def page(qtbot, window, folder):
    """Return the page with the folder chosen and its photos listed."""
    made = window.show_batch()
    made.choose(folder)
    qtbot.waitUntil(lambda: len(made.runner.table.rows) == 4)
    return made


def choose(combo, index):
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def hold_the_second(engine):
    submit = engine.submit

    def held(request, photo, **how):
        if engine.requests:
            engine.hold.clear()
        return submit(request, photo, **how)

    engine.submit = held


def states(page):
    return {row.name: row.state for row in page.runner.table.rows}


def run(qtbot, page, button=None):
    qtbot.mouseClick(button or page.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.runner.running)


def test_the_page_teaches_before_there_is_a_folder(window):
    page = window.show_batch()
    assert page.stack.currentWidget() is page.lesson and not page.start.isEnabled()


def test_a_folder_dropped_on_the_page_is_taken(qtbot, window, folder):
    page = window.show_batch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    copy, button, nothing = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(page, QDragEnterEvent(QPoint(9, 9), copy, mime, button, nothing))
    QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), copy, mime, button, nothing))
    qtbot.waitUntil(lambda: len(page.runner.table.rows) == 4)
    assert page.form.folder.text() == str(folder) and page.stack.currentWidget() is page.table


def test_returning_to_the_page_uses_the_current_choices(qtbot, window, page, tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "user_folder", lambda: tmp_path / "presets")
    window.document.shown.change_request(strength=0.4)
    presets.save_preset("gentle", window.document.shown.request)
    QApplication.sendEvent(page, QEvent(QEvent.Type.WindowActivate))
    assert page.form.preset.findText("gentle") == 2 and page.form.preset.currentIndex() == 0
    choose(page.form.preset, 1)
    assert page.runner.plan.request.strength == 0.4 and not page.start.isEnabled()
    qtbot.waitUntil(page.start.isEnabled)


def test_the_preset_of_the_last_batch_is_there_again(qtbot, theme, engine, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "user_folder", lambda: tmp_path / "presets")
    presets.save_preset("gentle", Request(strength=0.4))
    settings = Settings(tmp_path / "settings.json")
    settings.change(
        batch={"folder": str(folder), "output": str(tmp_path / "out"), "preset": "gentle", "faces": "faces"}
    )
    window = make_window(theme, lambda: engine, settings)
    page = window.show_batch()
    request = page.form.plan().request
    assert (request.strength, request.region) == (0.4, "faces")
    window.close()
    window.deleteLater()


def test_a_folder_is_listed_before_it_is_begun(page):
    assert set(states(page).values()) == {"waiting"}
    assert page.start.isEnabled() and not page.retry.isEnabled() and not page.report.isEnabled()
    page.table.setCurrentIndex(QModelIndex())
    page._look_at(page.table.currentIndex())  # Enter without a row does nothing


def test_a_bad_file_is_one_red_row_and_the_rest_continues(qtbot, page, folder, tmp_path):
    run(qtbot, page)
    assert states(page) == {"a.png": "done", "b.png": "failed", "c.png": "done", "sub/d.png": "done"}
    index = page.runner.table.index(1, 1)
    assert page.order.index(0, 0).data() == "b.png"  # photos that need attention come first
    assert index.data().startswith("Cannot read b.png: ")
    assert str(folder / "b.png") in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(Qt.ItemDataRole.ForegroundRole) != page.runner.table.index(0, 1).data(
        Qt.ItemDataRole.ForegroundRole
    )
    found = sorted(path.relative_to(tmp_path / "photos acutance") for path in tmp_path.rglob("*-acutance.png"))
    assert found == [Path("a-acutance.png"), Path("c-acutance.png"), Path("sub/d-acutance.png")]
    assert page.text.text() == "3 done, 1 failed, 0 waiting"


def test_fallbacks_are_reported_beside_the_photo(qtbot, page):
    run(qtbot, page)
    assert page.runner.table.index(0, 1).data() == "Explains the photo. Two tiles were halved."


def test_the_failed_are_tried_again_once_mended(qtbot, page, folder, engine):
    run(qtbot, page)
    Image.new("RGB", (20, 20)).save(folder / "b.png")
    asked = len(engine.requests)
    run(qtbot, page, page.retry)
    assert set(states(page).values()) == {"done"} and len(engine.requests) == asked + 1


def test_a_pause_holds_the_next_photo_and_the_window_stays_usable(qtbot, page, engine):
    engine.hold.clear()
    page.start.click()
    qtbot.waitUntil(lambda: page.runner.table.rows[0].share == 0.25)
    page.pause.click()
    engine.hold.set()
    qtbot.waitUntil(lambda: states(page)["a.png"] == "done")
    assert "paused" in page.text.text() and states(page)["c.png"] == "waiting"
    page.pause.click()
    qtbot.waitUntil(lambda: not page.runner.running)
    assert states(page)["sub/d.png"] == "done"


def test_a_cancelled_batch_continues_where_it_was(qtbot, page, engine):
    engine.hold.clear()
    page.start.click()
    qtbot.waitUntil(lambda: page.runner.table.rows[0].share == 0.25)
    qtbot.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.runner.running)
    assert states(page)["a.png"] == "waiting"
    engine.hold.set()
    run(qtbot, page)
    assert list(states(page).values()).count("done") == 3


def test_esc_in_the_window_does_not_stop_the_batch(qtbot, page, engine, window):
    engine.hold.clear()
    page.start.click()
    qtbot.waitUntil(lambda: page.runner.table.rows[0].share == 0.25)
    window.session.cancel()
    engine.hold.set()
    qtbot.waitUntil(lambda: not page.runner.running)
    assert states(page)["a.png"] == "done"


def test_the_next_window_continues_with_a_batch_that_was_broken_off(qtbot, theme, engine, folder, tmp_path):
    settings = tmp_path / "settings.json"
    first = make_window(theme, lambda: engine, Settings(settings))
    first.show()
    page = first.show_batch()
    page.choose(folder)
    qtbot.waitUntil(lambda: len(page.runner.table.rows) == 4)
    hold_the_second(engine)
    page.start.click()
    qtbot.waitUntil(lambda: states(page)["a.png"] == "done")
    first.close()
    again = make_window(theme, lambda: engine, Settings(settings))
    again.show()
    assert "not finished" in again.message.text.text()
    page = again.show_batch()
    qtbot.waitUntil(lambda: len(page.runner.table.rows) == 4)
    assert states(page)["a.png"] == "done" and page.start.text() == "Go on"
    again.close()
    for made in (first, again):
        made.deleteLater()


def test_the_workers_of_a_cluster_do_the_photos_where_settings_name_one(qtbot, window, page, engine, monkeypatch):
    asked = []

    def cluster(address, plan):
        asked.append((address, plan.folder.name))
        return LocalExecutor(lambda request, photo: Result(request, photo.pixels, "wrfn", "a worker"))

    monkeypatch.setattr(runner, "Cluster", cluster)
    window.preferences.settings.change(scheduler="tcp://10.0.0.5:8786")
    run(qtbot, page)
    assert asked == [("tcp://10.0.0.5:8786", "photos")] and not engine.requests
    assert states(page) == {"a.png": "done", "b.png": "failed", "c.png": "done", "sub/d.png": "done"}


def test_the_report_lists_every_photo(qtbot, page, tmp_path, monkeypatch):
    run(qtbot, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "report"), ""))
    page.report.click()
    with (tmp_path / "report.csv").open(newline="", encoding="utf-8") as file:
        assert [line["state"] for line in csv.DictReader(file)] == ["done", "failed", "done", "done"]


def test_a_refusal_of_the_engine_is_the_reason_of_the_photo(qtbot, page, engine):
    engine.error = UserError("There is not enough memory.")
    run(qtbot, page)
    assert set(states(page).values()) == {"failed"}
    assert page.runner.table.rows[0].state_text.endswith("There is not enough memory.")


def test_a_missing_folder_is_reported(qtbot, page, tmp_path):
    page.form.folder.setText(str(tmp_path / "nosuch"))
    page.form.folder.editingFinished.emit()
    qtbot.waitUntil(lambda: page.trouble.isVisible())
    assert "is no folder" in page.trouble.text()
    assert not page.start.isEnabled() and states(page) == {}


def test_an_impossible_plan_cannot_be_started(qtbot, page, engine):
    page.form.template.setText("without")
    page.form.template.editingFinished.emit()
    assert "{name}" in page.trouble.text()
    assert not page.start.isEnabled() and states(page) == {}
    page.runner.start()
    assert not page.runner.running and not engine.requests
    page.form.template.setText("{name}-sharp")
    page.form.template.editingFinished.emit()
    qtbot.waitUntil(page.start.isEnabled)
    assert len(states(page)) == 4


def test_results_go_beside_the_folder_that_is_chosen_last(page, tmp_path):
    page.choose(tmp_path / "others")
    assert page.form.output.text() == str(tmp_path / "others acutance")
    page.form.output.setText(str(tmp_path / "elsewhere"))
    page.choose(tmp_path / "photos")
    assert page.form.output.text() == str(tmp_path / "elsewhere")


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (600, "10 min"), (7500, "2 h 05 min")])
def test_a_time_is_rounded_to_a_sensible_precision(seconds, words):
    assert duration(seconds) == words


def test_a_batch_begins_with_automatic_whatever_is_chosen_in_the_window(window, page):
    window.document.shown.change_request(strength=0.4, region="faces")
    request = page.form.plan().request
    assert (request.method, request.region, request.strength) == ("auto", "auto", 1.0)
    assert page.form.sentence.text() == "Every photo: Automatic, whole photo and faces, at 100%."


def test_the_pages_choices_are_applied_and_described(page):
    page.form.strength.setValue(70)
    choose(page.form.faces, page.form.faces.findData("faces"))
    assert "faces only, at 70%" in page.form.sentence.text()
    assert page.runner.plan.request.strength == 0.7 and page.runner.plan.request.region == "faces"
    page.form.masks.click()
    assert page.runner.plan.painted_masks


def test_a_preset_fills_the_choices_in(page, tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "user_folder", lambda: tmp_path / "presets")
    presets.save_preset("gentle", Request(strength=0.4, region="faces", smallest_face=90))
    page.form.list_presets()
    choose(page.form.preset, page.form.preset.findText("gentle"))
    assert page.form.strength.value() == 40 and page.form.faces.currentData() == "faces"
    assert page.form.plan().request.smallest_face == 90


def test_a_folder_counts_as_it_is_typed(qtbot, window, folder):
    page = window.show_batch()
    page.form.output.setText(str(folder.parent / "out"))
    qtbot.keyClicks(page.form.folder, str(folder))
    qtbot.waitUntil(lambda: len(page.runner.table.rows) == 4)
    qtbot.waitUntil(page.start.isEnabled)
    page.close()


def test_each_row_shows_its_photo_its_method_and_its_time(qtbot, page):
    run(qtbot, page)
    table = page.runner.table
    picture = Qt.ItemDataRole.DecorationRole
    qtbot.waitUntil(lambda: table.index(0, 0).data(picture) is not None)
    assert table.index(0, 2).data() == title_of("wrfn") and table.index(0, 3).data().endswith(" s")
    assert table.index(1, 2).data() == ""


@pytest.mark.parametrize("by", ["double click", "enter"])
def test_a_photo_is_shown_before_and_after(qtbot, window, page, folder, by):
    run(qtbot, page)
    at = next(at for at in range(4) if page.order.index(at, 0).data() == "a.png")
    if by == "enter":
        page.table.setFocus()
        page.table.setCurrentIndex(page.order.index(at, 0))
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    else:
        page.table.doubleClicked.emit(page.order.index(at, 0))
    qtbot.waitUntil(lambda: window.document.shown.rival is not None)
    assert window.document.shown.path == folder / "a.png" and window.viewer.comparison.rival == "a-acutance.png"


def test_the_window_says_that_a_batch_runs(qtbot, window, page, engine):
    engine.hold.clear()
    page.start.click()
    qtbot.waitUntil(lambda: page.runner.table.rows[0].share == 0.25)
    assert window.top.batch.isVisible() and window.top.batch.text() == "Batch 0/4"
    engine.hold.set()
    qtbot.waitUntil(lambda: not page.runner.running)
    assert not window.top.batch.isVisible()


def test_a_photo_that_failed_says_nothing_about_the_time_that_is_left(page):
    table = page.runner.table
    table.change("a.png", state="done", share=1.0, entry=Entry("a.png", "done", seconds=10.0))
    table.change("b.png", state="failed", share=1.0, entry=Entry("b.png", "failed", seconds=0.0))
    assert table.seconds_left() == 20.0


def test_a_doubtful_result_comes_before_the_others(page):
    table = page.runner.table
    table.change("c.png", state="done", entry=Entry("c.png", "done", verdict=str(Verdict.CHANGED)))
    assert page.order.index(0, 0).data() == "c.png"
