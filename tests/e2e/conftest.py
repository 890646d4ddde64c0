"""The real window for stories, with a double of the engine that is fast and can be paused."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.window.application import make_window
from app.window.photos.photo_state import State
from app.window.theme.theme import Theme
from tests.e2e.double_engine import DoubleEngine

HARMLESS = ("This plugin does not support",)  # messages of the offscreen platform about missing features


@pytest.fixture
def engine():
    return DoubleEngine()


@pytest.fixture(scope="session")
def theme(qapp):
    return Theme(qapp, "dark")


@pytest.fixture
def photo_file(tmp_path):
    """Write a photo of 160 x 120 px in which no two pixels are equal."""
    y, x = np.mgrid[:120, :160]
    rgb = np.stack([x, y, (x + y) // 2], -1).astype(np.uint8)
    path = tmp_path / "holiday é 🙂.png"
    Image.fromarray(rgb).save(path)
    return path


@pytest.fixture
def window(qtbot, theme, engine, monkeypatch):
    """Return a window on the screen; closing it must end every thread and timer that it started."""
    threads_before = set(threading.enumerate())
    made = make_window(theme, lambda: engine)
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.saving_all.give_up(made.saving_all.losses())
    made.close()
    assert engine.closed or made.session.engine is None
    timers = [timer for timer in made.findChildren(QTimer) if timer.isActive()]
    assert not timers
    left = {thread.name for thread in set(threading.enumerate()) - threads_before}
    assert not {name for name in left if name.startswith(("acutance", "double-engine", "engine"))}
    made.deleteLater()
    QApplication.processEvents()


@pytest.fixture(autouse=True)
def no_warning(qtlog, caplog):
    """Fail the story after any warning of Qt or of a logger."""
    yield
    spoken = [record.message for record in qtlog.records]
    spoken += [record.getMessage() for record in caplog.get_records("call") if record.levelname == "WARNING"]
    assert not [message for message in spoken if not any(word in message for word in HARMLESS)]


@pytest.fixture
def ready(qtbot, window, photo_file):
    """Return the window with a photo open and its faces found."""
    window.open(photo_file)
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY and not window.document.shown.finding_faces)
    qtbot.waitUntil(lambda: len(window.document.shown.marks) == 2)
    return window


@pytest.fixture
def deblurred(qtbot, ready):
    """Return the window with an unsaved result."""
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    return ready


@pytest.fixture
def folder(tmp_path):
    """Return a folder with seven photos, two of them in a subfolder, and a text file."""
    made = tmp_path / "holiday"
    (made / "sea").mkdir(parents=True)
    for index in range(7):
        pixels = np.full((120, 160, 3), 20 + index * 30, np.uint8)
        Image.fromarray(pixels).save(made / ("sea" if index > 4 else "") / f"{index}.png")
    (made / "letter.txt").write_text("Dear")
    return made


@pytest.fixture
def settled():
    """Return a function that says whether the window shows a photo in which both faces were found."""
    return lambda window: window.document.shown.state is State.READY and len(window.document.shown.marks) == 2


@pytest.fixture
def drop():
    """Return a function that drops files and folders onto the window."""

    def dropped(window, *paths):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        nothing = Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing)
        window.dropEvent(event)

    return dropped


@pytest.fixture
def many(qtbot, window, folder, drop, settled):
    """Return the window with all seven photos of the folder open, the first one shown."""
    drop(window, folder)
    qtbot.waitUntil(lambda: settled(window))
    return window


@pytest.fixture
def go(qtbot, settled):
    """Return a function that goes to an open photo, waits until it is shown, and returns its path."""

    def gone(window, name):
        path = next(path for path in window.session.roll.paths if path.name == name)
        window.open(path)
        qtbot.waitUntil(lambda: window.document.shown.path == path and settled(window))
        return path

    return gone
