"""Measures the triage page on a folder of many photos, in a window without an engine.

    python tests/bench/triage_page.py [COUNT] [PICTURE.png] [THEME] [LANGUAGE]

It prints JSON: seconds until the page shows the photos, milliseconds of a frame while it scrolls, and the same while
photos are being looked at. All are of the window's thread on the processor, so that other programs do not count.
PICTURE: a picture of the page is written there.
"""

import io
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from app.language import use  # noqa: E402
from app.triage.triaged import Triaged  # noqa: E402
from app.window.application import make_window  # noqa: E402
from app.window.theme.theme import Theme  # noqa: E402
from app.window.triage import runner  # noqa: E402
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind  # noqa: E402
from tests.e2e.double_engine import DoubleEngine  # noqa: E402

SIZE = 1280, 720
STEP, FRAMES = 60, 120  # px, and how many of them
DRAWN = 24  # pictures that differ
ANSWERS = (
    Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9),
    Diagnosis(
        Kind.SHAKEN, 0.8, Advice.CAN_BE_SAVED, 0.2, extent=12, share=0.01, direction=40, gain=3, confidence=0.8
    ),
    Diagnosis(Kind.OUT_OF_FOCUS, 0.8, Advice.CANNOT_BE_SAVED, 0.1, radius=9),
    Diagnosis(Kind.SUBJECT_MOVED, 0.9, Advice.KEEP, 0.7, extent=22, direction=120),
    Diagnosis(Kind.CANNOT_TELL, 0.5, Advice.KEEP, 0.5),
)


def main(count: int = 2000, picture: str = "", theme: str = "dark", language: str = "en") -> None:
    """Measure the page on `count` photos, and print what was found."""
    use(language)
    application = QApplication.instance() or QApplication(sys.argv)
    made = Theme(application, theme)
    with tempfile.TemporaryDirectory() as folder:
        draw_photos(Path(folder), count)
        window = make_window(made, DoubleEngine)
        window.show()
        try:
            print(json.dumps(measured(window, Path(folder), count, picture)))  # noqa: T201
        finally:
            window.close()


def draw_photos(folder: Path, count: int) -> None:
    """Write small JPEGs, each with another content and name."""
    y, x = np.mgrid[:320, :480].astype(np.float32)
    drawn = []
    for number in range(DRAWN):
        waves = [np.sin(x / (9 + number) + shift) * np.cos(y / (13 + number)) for shift in (0, 1, 2)]
        rgb = (128 + 90 * np.stack(waves, -1)).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, "JPEG", quality=85)
        drawn.append(buffer.getvalue())
    for number in range(count):
        (folder / f"DSC_{number:05d}.jpg").write_bytes(drawn[number % DRAWN] + number.to_bytes(4, "big"))


def measured(window, folder, count, picture):
    """Return the figures of the page on a folder of `count` photos."""
    runner.look_here = lambda path, faces: Triaged(path, ANSWERS[int(path.stem[-5:]) % len(ANSWERS)], size=(480, 320))
    page = window.pages.show_triage()
    page.resize(*SIZE)
    spent, start = time.thread_time(), time.monotonic()
    page.choose(folder)
    wait_until(lambda: len(page.runner.model.photos) == count)
    page.grid.viewport().repaint()
    figures = {"open": time.thread_time() - spent, "open on the clock": time.monotonic() - start}
    looking = scrolled(page)
    spent = time.thread_time()
    wait_until(lambda: not page.runner.running)
    figures["looked at"] = time.thread_time() - spent
    scrolled(page)
    settle(1.0)
    still = scrolled(page)
    for name, times in (("looking", looking), ("still", still)):
        figures[name] = {
            "median": times[len(times) // 2],
            "worst of 20": times[-len(times) // 20],
            "worst": times[-1],
        }
    page.grid.verticalScrollBar().setValue(0)
    settle(0.5)
    if picture:
        page.grab().save(picture)
    figures["cells"] = len(visible(page.grid))
    return figures


def scrolled(page):
    """Scroll down by some px a frame; return the sorted milliseconds that the thread computed for each frame."""
    bar, times = page.grid.verticalScrollBar(), []
    bar.setValue(0)
    for _ in range(FRAMES):
        start = time.thread_time()
        bar.setValue(bar.value() + STEP)
        QApplication.processEvents()
        times.append(1000 * (time.thread_time() - start))
    return sorted(times)


def visible(grid):
    """Return the rows whose cells can be seen."""
    seen = grid.viewport().rect()
    model = grid.model()
    return [row for row in range(model.rowCount()) if grid.visualRect(model.index(row, 0)).intersects(seen)]


def wait_until(true, seconds=120):
    """Let the window work until something is true."""
    end = time.monotonic() + seconds
    while not true():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        assert time.monotonic() < end


def settle(seconds):
    """Let the window work for some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


if __name__ == "__main__":
    main(*(int(each) if each.isdigit() else each for each in sys.argv[1:]))
