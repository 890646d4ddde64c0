"""The real window for stories, with a double of the engine that is fast and can be paused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from app.window.application import make_window
from app.window.document import State
from app.window.theme.theme import Theme
from engine.areas.area import Area
from engine.errors import Cancelled
from engine.faces.face import Face
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.result import FaceResult, Result

HARMLESS = ("This plugin does not support",)  # messages of the offscreen platform about missing features


class DoubleJob:
    def __init__(self, pool, work):
        self.cancelled = threading.Event()
        self._future = pool.submit(work, self.cancelled)

    def cancel(self):
        self.cancelled.set()

    def done(self):
        return self._future.done()

    def result(self, timeout=None):
        return self._future.result(timeout)


def raise_(error):
    raise error


class DoubleEngine:
    """Implements the engine's interface without a network: it brightens the photo in four tiles.

    hold: clear it to stop before the second tile. error: raised in place of a result. late_error: raised after the
    tiles. requests: all requests so far.
    """

    def __init__(self):
        self.faces = [
            Face((20, 20, 60, 70), ((30, 35), (50, 35), (40, 45), (32, 58), (48, 58)), 0.99, 0.25),
            Face((100, 30, 130, 72), ((107, 40), (122, 40), (115, 48), (108, 57), (121, 57)), 0.91, 0.5),
        ]
        self.hold = threading.Event()
        self.hold.set()
        self.error = self.late_error = self.identity_error = None
        self.requests, self.looked_at, self.taken = [], [], ()
        self.suggestions = [(10.0, 10.0, 50.0, 50.0), (100.0, 60.0, 150.0, 110.0)]
        self.closed = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="double-engine")

    def find_faces(self, photo, smallest=40, *, on_progress=None):
        return DoubleJob(self._pool, lambda _: [face for face in self.faces if face.size >= smallest])

    def submit(self, request, photo, *, on_progress=None, on_tile=None):
        self.requests.append(request)
        return DoubleJob(self._pool, lambda cancelled: self._run(request, photo, on_progress, on_tile, cancelled))

    def find_kernel(self, photo, box, *, on_progress=None):
        """Find a line whose length tells the box; none in a box that begins beyond 150 px."""
        self.looked_at.append(box)
        return DoubleJob(self._pool, lambda cancelled: self._looked(box, cancelled))

    def suggest_areas(self, photo, count, taken=(), *, on_progress=None):
        self.taken = taken
        return DoubleJob(self._pool, lambda cancelled: self._suggested(cancelled, on_progress))

    def _looked(self, box, cancelled):
        while not self.hold.wait(0.01) and not cancelled.is_set():
            pass
        if cancelled.is_set():
            raise Cancelled("Cancelled.")
        return None if box[0] > 150 else Kernel(np.ones((1, 2 * round(box[0] / 10) + 3)))

    def _suggested(self, cancelled, on_progress):
        on_progress(0.4, "areas")
        while not self.hold.wait(0.01) and not cancelled.is_set():
            pass
        if cancelled.is_set():
            raise Cancelled("Cancelled.")
        return tuple(Area(box) for box in self.suggestions)

    def compare_identities(self, before, after, faces):
        if self.identity_error:
            error = self.identity_error
            return DoubleJob(self._pool, lambda _: raise_(error))
        return DoubleJob(self._pool, lambda _: [0.93, 0.25][: len(faces)])

    def call(self, function, *arguments):
        return DoubleJob(self._pool, lambda _: function(*arguments))

    def _run(self, request, photo, on_progress, on_tile, cancelled):
        if self.error:
            raise self.error
        restored = np.clip(photo.pixels * 0.5 + 0.4, 0, 1).astype(np.float32)
        width, height = photo.size
        for index in range(4):
            if index == 1:
                while not self.hold.wait(0.01) and not cancelled.is_set():
                    pass
            if cancelled.is_set():
                raise Cancelled("Cancelled.")
            left, right = index * width // 4, (index + 1) * width // 4
            if on_tile:
                on_tile((left, 0, right, height), restored[:, left:right])
            on_progress((index + 1) / 4, "restore")
        if self.late_error:
            raise self.late_error
        kernel = np.zeros((15, 21), np.float32)
        for x in range(3, 18):
            kernel[7 + (x - 10) // 3, x] = 1 + (x % 3)
        kernel = Kernel(kernel)
        faces = tuple(FaceResult(face, kernel, 1.1) for face in self.faces)
        seconds = {"faces": 0.31, "prepare": 0.02, "restore": 1.48, "kernel": 0.2}
        notes = ("Two tiles were halved.",)
        known = {"verdict": Verdict.WELL, "relation": kernel, "areas": request.areas}
        return Result(request, restored, "wrfn", "CPU", kernel, 1.04, faces, seconds, notes, **known)

    def close(self):
        self.closed = True
        self.hold.set()
        self._pool.shutdown(wait=True)


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
    made.document.saved = True
    for path in made.session.roll.unsaved:
        made.session.roll.update(path, saved=True)
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
    qtbot.waitUntil(lambda: window.document.state is State.READY and not window.document.finding_faces)
    qtbot.waitUntil(lambda: len(window.document.marks) == 2)
    return window


@pytest.fixture
def deblurred(qtbot, ready):
    """Return the window with an unsaved result."""
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.result is not None)
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
    return lambda window: window.document.state is State.READY and len(window.document.marks) == 2


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
        qtbot.waitUntil(lambda: window.document.path == path and settled(window))
        return path

    return gone
