"""Peak memory of the whole program, window and engine, while the window restores a photo. Linux.

QT_QPA_PLATFORM=offscreen python tests/bench/window_memory.py [--megapixels 45] [--region whole|faces] prints GiB: the
proportional set size of all its processes (what two share counts once) at rest, at the peak of reading the photo, at
the peak of restoring it, with the result in the window, and after the photo is closed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from app.cli.console import tell

EVERY = 0.2  # s between two measurements
SETTLED = 3.0  # s after which released memory is gone


class Memory(threading.Thread):
    """Measures the processes of the program; `last` and `peak` in GiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.last = self.peak = 0.0

    def run(self) -> None:
        """Measure until the program ends."""
        own = psutil.Process()
        while True:
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:  # it has just ended
                    continue
            self.last = total / 2**30
            self.peak = max(self.peak, self.last)
            time.sleep(EVERY)

    def take_peak(self) -> float:
        """Return the peak since the last call."""
        found, self.peak = self.peak, 0.0
        return found


def main() -> None:
    """Measure and print. Import the window here: the engine's process imports this module, and needs no Qt."""
    from memory_of_photos import photo
    from PySide6.QtCore import QTimer

    from app.window.application import make_application, make_engine, make_window
    from app.window.theme.theme import Theme

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, default=45)
    parser.add_argument("--region", default="whole")
    asked = parser.parse_args()
    application = make_application()
    window = make_window(Theme(application, "dark"), make_engine)
    document, memory = window.document, Memory()
    with tempfile.TemporaryDirectory() as folder:
        path = photo(Path(folder), asked.megapixels)
        window.show()
        memory.start()
        steps = iter(steps_of(window, path, asked.region, memory))
        timer = QTimer()
        timer.timeout.connect(lambda: application.quit() if next(steps, None) is None else None)
        timer.start(50)
        application.exec()
        timer.stop()
        document.shown.saved = True
        window.close()


def steps_of(window, path, region, memory):
    """Do one thing after another; each yielded condition must be waited for."""
    from app.window.photos.photo_state import State

    shown = window.document.shown

    def settle():
        end = time.monotonic() + SETTLED
        while time.monotonic() < end:
            yield "settling"

    yield from settle()
    tell(f"at rest {memory.last:.2f}")
    memory.take_peak()
    window.open(path)
    while shown.photo is None or shown.finding_faces or shown.state is not State.READY:
        yield "reading"
    tell(f"reading, peak {memory.take_peak():.2f}")
    shown.change_request(region=region, method="wrfn")
    start = time.monotonic()
    window.session.deblur()
    while shown.state is not State.READY:
        yield "restoring"
    tell(f"restoring, peak {memory.take_peak():.2f}, {time.monotonic() - start:.0f} s")
    if shown.result is None:
        sys.exit(window.message.text.text())
    yield from settle()
    tell(f"with the result {memory.last:.2f}")
    shown.mark_saved()
    window.session.close_photo()
    yield from settle()
    tell(f"after the photo is closed {memory.last:.2f}")


if __name__ == "__main__":
    main()
