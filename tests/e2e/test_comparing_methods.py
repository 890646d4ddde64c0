"""The comparison: run all methods, compare the results, pick one, save the sheet."""

import dataclasses
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from app.remaining import Remaining
from app.window import dialogs
from app.window.comparing import runs
from app.window.comparing.dialog import CompareDialog
from app.window.comparing.runs import RunStage, lack_of
from app.window.methods import AUTOMATIC, MethodChoice
from app.window.photos.photo_state import State
from engine.errors import UserError

EVERYWHERE = AUTOMATIC.regions
CHOICES = [
    AUTOMATIC,
    MethodChoice("wrfn", "Network in Fourier space", "Fast.", EVERYWHERE),
    MethodChoice("semantic", "By the parts of a face", "For faces.", frozenset({"auto", "faces"}), "", True),
    MethodChoice("deepdeblur", "Deep", "Thorough.", EVERYWHERE, "Its weights are not installed."),
]

SAID = "2.0 s  ·  explains the photo  ·  a face may be another's"


def figures_in(cell):
    """Return a cell's text, with non-breaking spaces replaced by spaces."""
    return cell.figures.text().replace("\u00a0", " ")


@pytest.fixture
def comparing(ready, monkeypatch):
    """Return the comparison, opened over the window by its command."""
    monkeypatch.setattr(ready.pages, "choices", CHOICES)
    ready.actions_by_id["compare-methods"].trigger()
    dialog = ready.findChild(CompareDialog)
    yield dialog
    if ready.findChild(CompareDialog):
        dialog.reject()


@pytest.fixture
def compared(qtbot, comparing):
    """Return the comparison with both methods done."""
    comparing.run_button.click()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    return comparing


def test_a_method_without_weights_says_why_and_cannot_be_run(comparing):
    lacking = comparing.rows["deepdeblur"].box
    assert not lacking.isEnabled() and not lacking.isChecked()
    assert lacking.accessibleDescription() == "Thorough. Its weights are not installed."
    assert comparing.chosen == ["wrfn", "semantic"] and "auto" not in comparing.rows


def test_a_cell_appears_as_its_method_begins_and_says_how_it_did(qtbot, comparing, engine):
    engine.hold.clear()
    comparing.run_button.click()
    qtbot.waitUntil(lambda: comparing.runs.runs["wrfn"].progress == 0.25)
    assert comparing.runs.runs["semantic"].stage is RunStage.WAITING
    assert comparing.cells["wrfn"].pane._words == "Restoring\n25%"
    assert comparing.cells["wrfn"].bar.isVisible() and comparing.cells["wrfn"].bar.value() == 250
    assert comparing.stop_button.isVisible() and not comparing.run_button.isVisible()
    engine.hold.set()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    assert [request.method for request in engine.requests] == ["wrfn", "semantic"]
    for cell in comparing.cells.values():
        assert figures_in(cell) in (SAID, SAID.replace("2.0 s", "2.0 s  ·  experimental"))
        assert cell.button.isVisible() and not cell.bar.isVisible()


def test_a_method_that_tells_no_share_yet_shows_that_it_works_and_for_how_long(qtbot, comparing, engine, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(runs, "Remaining", lambda: Remaining(lambda: now[0]))
    engine.hold.clear()
    comparing.run_button.click()
    qtbot.waitUntil(lambda: comparing.runs.runs["wrfn"].progress == 0.25)
    comparing.runs._progressed("wrfn", comparing.runs._stop, 0.0, "backend")
    assert comparing.cells["wrfn"].bar.maximum() == 0  # it runs to and fro
    now[0] = 12.0
    comparing.runs._tick.timeout.emit()
    assert "12 s so far" in comparing.cells["wrfn"].pane._words
    engine.hold.set()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    assert not comparing.runs._tick.isActive()


@pytest.mark.parametrize(("width", "columns"), [(792, 2), (1100, 3), (520, 1)])
def test_cells_are_wide_enough_for_their_words(qtbot, ready, monkeypatch, width, columns):
    five = [MethodChoice(f"m{number}", f"Method {number}", "Fast.", EVERYWHERE) for number in range(5)]
    monkeypatch.setattr(ready.pages, "choices", five)
    ready.actions_by_id["compare-methods"].trigger()
    dialog = ready.findChild(CompareDialog)
    dialog.resize(width, 600)
    dialog.run_button.click()
    qtbot.waitUntil(lambda: not dialog.runs.busy)
    assert (
        len({dialog._grid.getItemPosition(dialog._grid.indexOf(cell))[1] for cell in dialog.cells.values()})
        == columns
    )
    dialog.reject()


def test_only_some_methods_are_run_and_the_rest_later(qtbot, comparing, engine):
    comparing.rows["semantic"].box.click()
    comparing.run_button.click()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    assert list(comparing.cells) == ["wrfn"] and not comparing.run_button.isEnabled()
    comparing.rows["semantic"].box.click()
    assert comparing.run_button.text() == "Compare the rest"
    comparing.run_button.click()
    qtbot.waitUntil(lambda: len(comparing.cells) == 2 and not comparing.runs.busy)
    assert [request.method for request in engine.requests] == ["wrfn", "semantic"]


def test_all_pictures_move_together(compared):
    panes = [compared.photo_cell.pane, *(cell.pane for cell in compared.cells.values())]
    at, nothing = QPointF(60, 40), Qt.KeyboardModifier.NoModifier
    for _ in range(6):
        panes[1].wheelEvent(
            QWheelEvent(
                at,
                panes[1].mapToGlobal(at),
                QPoint(),
                QPoint(0, 240),
                Qt.MouseButton.NoButton,
                nothing,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
        )
    assert panes[0].viewport.scale > 2
    assert len({(pane.viewport.scale, pane.viewport.x, pane.viewport.y) for pane in panes}) == 1


def test_a_drag_moves_them_and_keys_zoom(qtbot, compared):
    compared.zoom_to(8.0)
    pane = compared.cells["wrfn"].pane
    before = pane.viewport.x
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=QPoint(80, 60))
    qtbot.mouseMove(pane, QPoint(40, 60))
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    assert compared.photo_cell.pane.viewport.x == pytest.approx(before + 5)
    before = compared.view.viewport.x
    compared.pan(-48, 0)
    assert compared.view.viewport.x > before
    compared.zoom_step(1)
    assert pane.viewport.scale == 12
    compared.zoom_to(None)
    assert pane.viewport.fitted


def test_picking_one_makes_it_the_result_to_be_saved(ready, compared, engine):
    outcome = compared.runs.runs["semantic"].outcome
    compared.cells["semantic"].button.click()
    shown = ready.document.shown
    assert not compared.isVisible()
    assert shown.result is outcome.result and shown.restored is outcome.picture
    assert shown.request.method == "semantic" and not shown.saved
    assert len(engine.requests) == 2


def test_the_sheet_shows_the_visible_part(qtbot, compared, tmp_path, monkeypatch):
    compared.zoom_to(8.0)
    monkeypatch.setattr(dialogs, "ask_target", lambda *args: tmp_path / "sheet")
    compared.sheet_button.click()
    qtbot.waitUntil(lambda: compared.toast.isVisible())
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1200  # two columns of parts enlarged to the sheet's cells


def test_all_pictures_are_of_one_height_in_a_low_window_too(qtbot, ready, monkeypatch):
    five = [MethodChoice(f"m{number}", f"Method {number}", "Fast.", EVERYWHERE) for number in range(5)]
    monkeypatch.setattr(ready.pages, "choices", five)
    ready.actions_by_id["compare-methods"].trigger()
    dialog = ready.findChild(CompareDialog)
    dialog.resize(900, 500)
    dialog.run_button.click()
    qtbot.waitUntil(lambda: not dialog.runs.busy)
    dialog.grab()
    assert len({cell.pane.height() for cell in (dialog.photo_cell, *dialog.cells.values())}) == 1
    dialog.reject()


def test_stopping_keeps_finished_results_and_closing_stops(qtbot, comparing, engine, ready):
    comparing.run_button.click()
    qtbot.waitUntil(lambda: comparing.runs.runs["wrfn"].stage is RunStage.DONE)
    engine.hold.clear()
    qtbot.waitUntil(lambda: comparing.runs.runs["semantic"].stage is not RunStage.WAITING)
    comparing.stop_button.click()
    assert "wrfn" in comparing.cells
    comparing.reject()
    engine.hold.set()
    assert ready.document.shown.state is State.READY and ready.document.shown.result is None


def test_a_method_that_fails_says_so_in_its_cell_and_can_be_tried_again(qtbot, comparing, engine):
    engine.error = UserError("There is not enough free memory.")
    comparing.run_button.click()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    assert {run.reason for run in comparing.runs.runs.values()} >= {"There is not enough free memory."}
    assert comparing.cells["wrfn"].figures.text() == "Failed" and not comparing.cells["wrfn"].button.isVisible()
    engine.error = None
    comparing.run_button.click()
    qtbot.waitUntil(lambda: comparing.runs.runs["wrfn"].stage is RunStage.DONE)


def test_identity_is_left_out_where_it_cannot_be_measured(qtbot, comparing, engine):
    engine.identity_error = UserError("The embedding is not installed.")
    comparing.run_button.click()
    qtbot.waitUntil(lambda: not comparing.runs.busy)
    assert figures_in(comparing.cells["wrfn"]) == "2.0 s  ·  explains the photo"


def test_a_sheet_that_cannot_be_written_is_one_sentence(qtbot, compared, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_target", lambda *args: Path(tmp_path / "nowhere" / "sheet.png"))
    compared.sheet_button.click()
    qtbot.waitUntil(lambda: compared.message.isVisible())
    assert "sheet.png" in compared.message.text.text()


def test_a_method_for_faces_is_not_run_on_the_whole():
    faces = dataclasses.replace(CHOICES[2])
    assert "not whole photos" in lack_of(faces, "whole") and lack_of(faces, "faces") == ""
