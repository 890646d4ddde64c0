"""A folder of photos through the triage page, and from there to a batch."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.triage.marks import Mark
from app.triage.triaged import Triaged
from app.window.triage import runner
from app.window.triage.page import TriagePage
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

ANSWERS = {
    "a.png": Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9),
    "b.png": Diagnosis(
        Kind.SHAKEN, 0.8, Advice.CAN_BE_SAVED, 0.2, extent=12, share=0.01, direction=40, gain=3, confidence=0.9
    ),
    "c.png": Diagnosis(Kind.OUT_OF_FOCUS, 0.8, Advice.CANNOT_BE_SAVED, 0.1, radius=9),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "photos"
    made.mkdir()
    for name in ANSWERS:
        Image.fromarray(np.full((24, 32, 3), 100, np.uint8)).save(made / name)
    (made / "d.png").write_bytes(b"bad")

    def look_here(path, faces):
        if path.name in ANSWERS:
            return Triaged(path, ANSWERS[path.name], size=(32, 24))
        return Triaged(path, reason=f"Cannot read {path}: it is damaged.")

    monkeypatch.setattr(runner, "look_here", look_here)
    return made


@pytest.fixture
def page(qtbot, window, folder):
    """Return the page after it looked through the folder."""
    made = window.pages.show_triage()
    made.choose(folder)
    qtbot.waitUntil(lambda: not made.runner.running and made.runner.model.looked_at() == 4)
    return made


def names(page: TriagePage):
    return [page.order.shown(page.order.index(row, 0)).path.name for row in range(page.order.rowCount())]


def choose(combo, key):
    combo.setCurrentIndex(combo.findData(key))
    combo.activated.emit(combo.currentIndex())


def select(page, name):
    index = page.order.index(names(page).index(name), 0)
    page.grid.setCurrentIndex(index)


def test_the_page_teaches_before_there_is_a_folder(window):
    page = window.pages.show_triage()
    assert page.stack.currentWidget() is page.lesson and not page.look.isEnabled() and not page.save.isEnabled()


def test_every_photo_is_shown_with_its_diagnosis(page):
    assert names(page) == ["a.png", "b.png", "c.png", "d.png"]
    tip = page.order.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Shaken, 12 px (80%)" in tip and "Deblurring helps (90% sure), by about 3 dB" in tip
    assert "damaged" in page.order.index(3, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert page.text.text() == "4 of 4 looked at, 1 can be saved"


def test_sorted_and_filtered(page):
    choose(page.sort, "blur")
    assert names(page) == ["c.png", "b.png", "a.png", "d.png"]
    choose(page.filter, f"advice:{Advice.CAN_BE_SAVED}")
    assert names(page) == ["b.png"]
    choose(page.filter, "failed")
    assert names(page) == ["d.png"]


def test_decisions_by_key_count_more_than_advice_and_are_remembered(qtbot, page):
    select(page, "c.png")
    qtbot.keyClick(page.grid, Qt.Key.Key_2)
    select(page, "b.png")
    qtbot.keyClick(page.grid, Qt.Key.Key_3)
    assert [path.name for path in page.runner.model.wanted(Advice.CAN_BE_SAVED)] == ["c.png"]
    qtbot.keyClick(page.grid, Qt.Key.Key_0)
    assert len(page.runner.model.wanted(Advice.CAN_BE_SAVED)) == 2
    page.choose(page.runner.folder)
    qtbot.waitUntil(lambda: not page.runner.running and page.runner.model.looked_at() == 4)
    assert [shown.mark for shown in page.runner.model.photos] == [Mark.NONE, Mark.NONE, Mark.SAVE, Mark.NONE]


def test_those_that_can_be_saved_go_to_a_batch(qtbot, window, page):
    qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    batch = window.pages.show_batch()
    qtbot.waitUntil(lambda: bool(batch.runner.table.rows))
    assert [row.name for row in batch.runner.table.rows] == ["b.png"] and batch.form.only.isVisible()
    qtbot.mouseClick(batch.form.only, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(batch.runner.table.rows) == 4)
    assert not batch.form.only.isVisible()


def test_a_photo_is_opened_from_the_grid(qtbot, window, page):
    page.grid.activated.emit(page.order.index(0, 0))
    qtbot.waitUntil(lambda: window.document.shown.photo is not None)
    assert window.document.shown.path.name == "a.png"


def test_sidecars_hold_decisions(qtbot, page, folder):
    select(page, "b.png")
    qtbot.keyClick(page.grid, Qt.Key.Key_1)
    qtbot.mouseClick(page.sidecars, Qt.MouseButton.LeftButton)
    assert b"<xmp:Label>Green</xmp:Label>" in (folder / "b.png.xmp").read_bytes()
    assert b"acutance:out of focus" in (folder / "c.png.xmp").read_bytes()
    assert not (folder / "d.png.xmp").exists() and page.text.text() == "3 sidecars were written."


def test_a_missing_folder_is_told(qtbot, page, tmp_path):
    page.choose(tmp_path / "gone")
    qtbot.waitUntil(lambda: page.trouble.isVisible())
    assert "is no folder" in page.trouble.text()


def test_looking_can_be_stopped(qtbot, window, folder, monkeypatch):
    page = window.pages.show_triage()
    seen = []

    def look_here(path, faces):
        seen.append(path)
        page.runner._stop.set()
        return Triaged(path, ANSWERS["a.png"])

    monkeypatch.setattr(runner, "look_here", look_here)
    page.choose(folder)
    qtbot.waitUntil(lambda: not page.runner.running)
    assert 1 <= len(seen) <= 2 and page.look.isVisibleTo(page)
