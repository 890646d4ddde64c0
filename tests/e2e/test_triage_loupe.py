"""The loupe of the triage page: what it shows, how keys move it, and that it reads no more than is wanted."""

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt

from app.triage.triaged import Triaged
from app.window.triage import close_look, runner
from app.window.triage.close_look import SIDE, TITLES, CloseUp
from app.window.triage.loupe import caption
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind, Part, Spot
from engine.errors import UserError

LEFT, RIGHT = Spot(Part(0.1, 0.4, 0.2, 0.6), 0.84), Spot(Part(0.8, 0.4, 0.9, 0.6), 0.2)
BY_PARTS = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9, sharpest=LEFT, softest=RIGHT)
BY_FACES = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9, faces=2, face_sharpness=0.84, sharpest=RIGHT, softest=LEFT)
NO_EDGES = Diagnosis(Kind.CANNOT_TELL, 0.0, Advice.KEEP, 0.0, faces=0)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with three photos of 3000 x 600 px, whose red says how far to the right a pixel lies."""
    made = tmp_path / "photos"
    made.mkdir()
    ramp = np.zeros((600, 3000, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 3000).round()
    for name in ("a.png", "b.png", "c.png"):
        Image.fromarray(ramp).save(made / name, compress_level=1)
    monkeypatch.setattr(runner, "look_here", lambda path, faces: Triaged(path, BY_PARTS, size=(3000, 600)))
    monkeypatch.setattr(close_look, "look_here", lambda path, faces: Triaged(path, BY_PARTS, size=(3000, 600)))
    monkeypatch.setattr(close_look, "PAUSE", 0)
    return made


@pytest.fixture
def page(qtbot, window, folder):
    made = window.pages.show_triage()
    made.loupe.look._pause.setInterval(0)
    made.choose(folder)
    qtbot.waitUntil(lambda: not made.runner.running and made.runner.model.looked_at() == 3)
    return made


def look_at(qtbot, page, row=0):
    page.grid.setCurrentIndex(page.order.index(row, 0))
    if not page.with_loupe.isChecked():
        qtbot.keyClick(page.grid, Qt.Key.Key_Space)


def titles(page):
    return [view.cut_out.title for view in page.loupe.views if view.cut_out is not None]


def red(view):
    """Return the share of the photo's width that the middle of a view shows."""
    picture = view.grab().toImage()
    return picture.pixelColor(picture.width() // 2, picture.height() // 2).red() / 255


def test_space_shows_both_ends_pixel_for_pixel_and_hides_them(qtbot, page):
    assert not page.loupe.isVisible()
    look_at(qtbot, page)
    qtbot.waitUntil(lambda: len(titles(page)) == 2)
    assert titles(page) == ["sharpest part", "softest part"] and page.loupe.name.text() == "a.png"
    qtbot.waitUntil(lambda: page.loupe.views[1].isVisible())
    assert abs(red(page.loupe.views[0]) - 0.15) < 0.02 and abs(red(page.loupe.views[1]) - 0.85) < 0.02
    assert caption(page.loupe.views[0].cut_out) == "Sharpest part, 84%"
    assert page.loupe.views[0].cut_out.picture.width() == SIDE
    qtbot.keyClick(page.grid, Qt.Key.Key_Space)
    assert not page.loupe.isVisible() and titles(page) == []


def test_faces_are_looked_for_and_take_the_place_of_parts(qtbot, page, monkeypatch):
    monkeypatch.setattr(close_look, "look_here", lambda path, faces: Triaged(path, BY_FACES if faces else None))
    look_at(qtbot, page, 1)
    qtbot.waitUntil(lambda: titles(page) == ["sharpest face", "softest face"])
    qtbot.waitUntil(lambda: page.runner.model.photos[1].found.diagnosis == BY_FACES)
    assert page.loupe.said.text() == "" and page.runner.model.photos[0].found.diagnosis == BY_PARTS


def test_one_face_and_no_edges_need_one_view(qtbot, page, monkeypatch):
    one = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9, faces=1, sharpest=LEFT, softest=LEFT)
    monkeypatch.setattr(close_look, "look_here", lambda path, faces: Triaged(path, one))
    look_at(qtbot, page)
    qtbot.waitUntil(lambda: titles(page) == ["face"])
    assert not page.loupe.views[1].isVisibleTo(page.loupe)
    page.runner.show_found(Triaged(page.order.shown(page.order.index(1, 0)).path, NO_EDGES))
    look_at(qtbot, page, 1)
    qtbot.waitUntil(lambda: titles(page) == ["middle"])
    assert abs(red(page.loupe.views[0]) - 0.5) < 0.02
    assert caption(page.loupe.views[0].cut_out) == TITLES["middle"]


def test_keys_and_dragging_move_the_pictures_up_to_their_edge(qtbot, page):
    look_at(qtbot, page)
    qtbot.waitUntil(lambda: len(titles(page)) == 2)
    qtbot.waitUntil(lambda: page.loupe.views[1].isVisible())
    view = page.loupe.views[0]
    before = red(view)
    qtbot.keyClick(page.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert red(view) > before
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 60))
    qtbot.mouseMove(view, QPoint(210, 60))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(210, 60))
    assert red(view) == before
    for _ in range(60):
        qtbot.keyClick(page.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    picture = view.grab().toImage()
    assert picture.pixelColor(0, picture.height() // 2).red() == 0
    assert page.order.shown(page.grid.currentIndex()).path.name == "a.png"


def test_only_the_photo_that_was_chosen_last_is_shown(qtbot, page, monkeypatch):
    hold, read, real = threading.Event(), [], close_look.whole

    def slow(path):
        read.append(path.name)
        assert hold.wait(10)
        return real(path)

    monkeypatch.setattr(close_look, "whole", slow)
    look_at(qtbot, page, 0)
    qtbot.waitUntil(lambda: read == ["a.png"])
    look_at(qtbot, page, 1)
    look_at(qtbot, page, 2)
    shown = []
    page.loupe.look.changed.connect(shown.append)
    hold.set()
    qtbot.waitUntil(lambda: len(titles(page)) == 2 and page.loupe.name.text() == "c.png")
    assert read == ["a.png", "c.png"]
    assert {one.path.name for one in shown if one.cut_outs} == {"c.png"}


def test_a_photo_that_cannot_be_read_is_told(qtbot, page, folder):
    (folder / "b.png").write_bytes(b"bad")
    look_at(qtbot, page, 1)
    qtbot.waitUntil(lambda: "Cannot read" in page.loupe.said.text())
    assert titles(page) == []


def test_trouble_while_looking_for_faces_is_told(qtbot, page, monkeypatch):
    def look_here(path, faces):
        raise UserError("The weights are missing.")

    monkeypatch.setattr(close_look, "look_here", look_here)
    look_at(qtbot, page)
    qtbot.waitUntil(lambda: page.loupe.said.text() == "The weights are missing.")


def test_closing_the_page_reads_no_more(qtbot, page):
    look_at(qtbot, page)
    qtbot.waitUntil(lambda: len(titles(page)) == 2)
    page.close()
    assert titles(page) == [] and page.loupe.look._wanted is None
    page.loupe.show_close_up(CloseUp())
    assert page.loupe.said.text().startswith("Choose a photo")
