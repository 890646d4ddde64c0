"""The taskbar's progress and notifications for long work."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.window.many import desktop as module
from app.window.many.desktop import Desktop
from app.window.many.long_work import LongWork
from app.window.photos.photo_state import State


class Double(QObject):
    def __init__(self):
        super().__init__()
        self.shares, self.told = [], []

    def show_progress(self, share, left=0):
        self.shares.append((share, left))

    def notify(self, text):
        self.told.append(text)


@pytest.fixture
def desk(many):
    """Return a double of the desktop with a clock that goes a minute further at each look."""
    made, now = Double(), [0.0]

    def clock():
        now[0] += 60
        return now[0]

    made.work = LongWork(many.session, many.many.together, many.pages.batch, made, clock)
    return made


def test_one_photo_that_took_long_is_told(qtbot, many, desk):
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.state is State.READY)
    assert (0.25, 1) in desk.shares and desk.shares[-1] == (None, 0)
    qtbot.waitUntil(lambda: desk.told == ["0.png is restored."])


def test_all_photos_are_told_once_with_their_number(qtbot, many, desk):
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert desk.told == ["7 photos are restored"]
    assert {left for _, left in desk.shares} >= {7, 4, 1}


def test_short_work_is_not_worth_a_word(qtbot, many):
    desk = Double()
    desk.work = LongWork(many.session, many.many.together, many.pages.batch, desk, lambda: 0.0)
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert desk.told == []


def test_the_desktop_is_told_by_what_it_has(qtbot, monkeypatch):
    window, signals, calls = QWidget(), [], []
    qtbot.addWidget(window)
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(module, "_signal", lambda *how: signals.append(how[-1][1]))
    monkeypatch.setattr(module, "_call", lambda *how: calls.append(how[-1][1]["body"]))
    made = Desktop(window)
    made.show_progress(0.501)
    made.show_progress(0.502)  # no visible change
    made.show_progress(None)
    assert signals == [{"progress": 0.5, "progress-visible": True}, {"progress": 0.0, "progress-visible": False}]
    made.notify("done")  # offscreen there is no tray
    assert calls == ["done"]
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    made.notify("seen anyway")
    assert calls == ["done"]


def test_windows_shows_a_bar_in_the_taskbar(qtbot, monkeypatch):
    window, bars = QWidget(), []
    qtbot.addWidget(window)
    monkeypatch.setattr(module.sys, "platform", "win32")
    monkeypatch.setattr(module, "taskbar_progress", lambda: SimpleNamespace(show=lambda *how: bars.append(how)))
    made = Desktop(window)
    made.show_progress(0.5)
    made.show_progress(None)
    assert bars == [(int(window.winId()), 0.5), (int(window.winId()), None)]
