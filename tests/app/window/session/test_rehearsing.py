"""Measuring the machine while nobody waits for it."""

import threading

import pytest

from app.window.application import make_window
from app.window.session import rehearsing
from app.window.session.rehearsing import Rehearsal
from app.window.theme.theme import Theme
from engine import rehearsed
from engine.errors import Cancelled
from engine.place import Place
from engine.request import Request


class Job:
    def __init__(self, engine):
        self._engine, self._ended, self._cancelled = engine, threading.Event(), False
        engine.jobs.append(self)

    def end(self):
        self._ended.set()

    def cancel(self):
        self._cancelled = True
        self._ended.set()

    def result(self):
        assert self._ended.wait(60)
        if self._cancelled:
            raise Cancelled


class Engine:
    def __init__(self):
        self.jobs, self.requests = [], []

    def rehearse(self, request, *, on_progress):
        self.requests.append(request)
        on_progress(0.25, "backend")
        return Job(self)

    def close(self):
        for job in self.jobs:
            job.cancel()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(rehearsed, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def window(qtbot, qapp, engine, cache, monkeypatch):
    monkeypatch.setattr(rehearsing, "IDLE", 0)
    made = make_window(Theme(qapp, "dark"), lambda: engine)
    made.rehearsal = Rehearsal(made.session)
    made.said = []
    made.rehearsal.said.connect(made.said.append)
    made.rehearsal.said.connect(made.say_beside)
    made.show()
    yield made
    made.close()
    assert not made.rehearsal._timer.isActive()
    made.deleteLater()


def test_it_begins_in_idle_time_says_so_and_is_done_once(qtbot, window, engine):
    window.rehearsal.begin()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    assert window.rehearsal.running and engine.requests[0].backend == "auto"
    assert window.empty.note.text() == "Measuring once how fast this computer is: about half a minute"
    engine.jobs[0].end()
    qtbot.waitUntil(lambda: not window.rehearsal.running)
    assert window.empty.note.text() == "" and not window.rehearsal._timer.isActive()


def test_what_the_user_wants_goes_first_and_it_tries_again(qtbot, window, engine):
    window.rehearsal.begin()
    qtbot.waitUntil(lambda: bool(engine.jobs))
    engine.jobs[0].cancel()  # as the engine does when another job comes
    qtbot.waitUntil(lambda: len(engine.jobs) == 2)
    assert window.rehearsal.running


def test_it_waits_while_the_engine_works(window, engine, monkeypatch):
    monkeypatch.setattr(type(window.session), "busy", True)
    window.rehearsal._look()
    assert not window.rehearsal.running and window.rehearsal._timer.isActive() and not engine.jobs


def test_a_machine_that_was_measured_is_left_alone(window):
    request = Request().at(window.session.place)
    assert rehearsed.is_due(request)
    rehearsed.note_done(request)
    assert not rehearsed.is_due(request) and rehearsed.is_due(Request(backend="pytorch"))
    window.rehearsal.begin()
    assert not window.rehearsal._timer.isActive()


def test_nobody_waits_for_the_measurement(window, cache):
    session = window.session
    assert session.place.backend == "auto" and session.place_now.backend == "pytorch"
    rehearsed.note_done(Request().at(session.place))
    assert session.place_now == session.place
    session.place = Place(backend="openvino")
    assert session.place_now.backend == "openvino"


def test_a_damaged_note_means_that_it_is_due(tmp_path, cache):
    (tmp_path / "cache").mkdir()
    for text in ("rubbish", "{}", "[1]"):
        (tmp_path / "cache" / "rehearsed.json").write_text(text)
        assert rehearsed.is_due(Request())
