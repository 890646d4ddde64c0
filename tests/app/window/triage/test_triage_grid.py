"""The grid of the triage page: cells are painted once, pictures are forgotten in time, order changes calmly."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.triage.triaged import Triaged
from app.window.triage import cell, grid_model
from app.window.triage.grid import Grid
from app.window.triage.grid_model import Order, TriageModel
from app.window.triage.painted import MOST, Painted
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

PATHS = [Path(f"/photos/{number}.jpg") for number in range(60)]
SHARP = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9)


@pytest.fixture
def model():
    made = TriageModel()
    made.fill(PATHS)
    return made


@pytest.fixture
def grid(qtbot, model):
    made = Grid()
    qtbot.addWidget(made)
    made.setModel(Order(model))
    made.resize(900, 500)
    made.show()
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made


@pytest.fixture
def painted(grid, monkeypatch):
    """Return the names of the photos that are painted anew from now on."""
    names, paint = [], cell.Cell._paint

    def noted(self, painter, option, shown, *others):
        names.append(shown.path.name)
        paint(self, painter, option, shown, *others)

    monkeypatch.setattr(cell.Cell, "_paint", noted)
    return names


def test_a_cell_that_looks_the_same_is_not_painted_again(grid, model, painted):
    grid.grab()
    seen = len(painted)
    grid.grab()
    assert len(painted) == seen
    painted.clear()
    model.show_found(Triaged(PATHS[1], SHARP))
    model.show_picture(PATHS[2], QImage(20, 10, QImage.Format.Format_RGB888))
    grid.grab()
    assert sorted(set(painted)) == ["1.jpg", "2.jpg"]


def test_scrolling_paints_only_what_comes_into_sight(grid, painted):
    grid.grab()
    painted.clear()
    bar = grid.verticalScrollBar()
    bar.setValue(bar.value() + cell.CELL.height())
    grid.grab()
    columns = grid.viewport().width() // cell.CELL.width()
    assert 0 < len(painted) <= columns + 2  # and the two whose hover changes, if the mouse is there


def test_only_so_many_cells_are_kept(qtbot):
    kept, calls = Painted(), []
    for _ in range(2):
        for number in range(MOST + 1):
            kept.of(number, (), QSize(4, 4), 1.0, "#000000", calls.append)
    assert len(calls) == 2 * (MOST + 1)


def test_the_oldest_pictures_are_forgotten_and_wanted_again(qtbot, model, monkeypatch):
    monkeypatch.setattr(grid_model, "PICTURES", 2)
    wanted = []
    model.picture_wanted.connect(wanted.append)
    role = Qt.ItemDataRole.DecorationRole
    for at in (0, 1, 2):
        model.data(model.index(at), role)
        model.show_picture(PATHS[at], QImage(4, 4, QImage.Format.Format_RGB888))
    assert model.data(model.index(2), role) is not None
    assert model.data(model.index(0), role) is None and wanted == [*PATHS[:3], PATHS[0]]


def test_bursts_move_together_and_the_chosen_photo_stays_chosen(grid, model, monkeypatch):
    for path in PATHS:
        model.show_found(Triaged(path, SHARP))
    grid.setCurrentIndex(grid.model().index(5, 0))
    monkeypatch.setattr(grid_model, "in_bursts", lambda found: list(reversed(found)))
    model.put_bursts_together()
    order = grid.model()
    assert order.shown(grid.currentIndex()).path == PATHS[5] and grid.currentIndex().row() == len(PATHS) - 6
    assert [order.shown(index).path for index in grid.selectedIndexes()] == [PATHS[5]]
