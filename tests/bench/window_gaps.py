"""Measures the event loop of the real window in this process: `window_gaps.py WHAT FOLDER SECONDS` prints JSON."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from app.window.application import make_application, make_engine, make_window
from app.window.document import State
from app.window.theme.theme import Theme

REST = 5
TURN = 5


class Pulse:
    """A timer that notes the longest turns of the loop, in ms: on the clock, and of this thread's processor time."""

    def __init__(self):
        self.gap = self.busy = 0.0
        self.clock, self.used = time.perf_counter(), time.thread_time()
        self.timer = QTimer()
        self.timer.timeout.connect(self.turn)
        self.timer.start(TURN)

    def turn(self):
        clock, used = time.perf_counter(), time.thread_time()
        self.gap = max(self.gap, 1000 * (clock - self.clock))
        self.busy = max(self.busy, 1000 * (used - self.used))
        self.clock, self.used = clock, used

    def take(self):
        found, self.gap, self.busy = (self.gap, self.busy), 0.0, 0.0
        return found


def tell_stacks(pulse, longest):
    """Print what every thread does while a turn takes longer than `longest` seconds."""
    told = 0.0
    while True:
        time.sleep(longest / 4)
        if pulse.clock != told and time.perf_counter() - pulse.clock > longest:
            told = pulse.clock
            for frame in sys._current_frames().values():
                sys.stderr.write("".join(traceback.format_stack(frame)[-2:]))
            sys.stderr.write("=" * 40 + "\n")


def until(holds, seconds):
    loop, timer, end = QEventLoop(), QTimer(), time.monotonic() + seconds
    timer.timeout.connect(lambda: loop.quit() if holds() or time.monotonic() > end else None)
    timer.start(50)
    loop.exec()
    timer.stop()


def first_job(window, folder):
    """What brings PyTorch into the process, once."""
    window.open(folder / "many" / "000.png")
    until(lambda: window.document.photo is not None and not window.document.finding_faces, 120)


def restore(window, folder, seconds):
    end = time.monotonic() + seconds
    window.open(folder / "large.jpg")
    until(lambda: window.document.path == folder / "large.jpg" and window.document.state is State.READY, seconds)
    assert window.document.photo is not None, window.message.text.text()
    window.document.change_request(region="whole", method="wrfn")
    window.session.deblur()
    until(lambda: window.document.state is State.READY, end - time.monotonic())
    sys.stderr.write(f"restored: {window.document.progress}\n")


def batch(window, folder, seconds):
    shutil.rmtree(folder / "many acutance", ignore_errors=True)
    page = window.show_batch()
    page.choose(folder / "many")
    until(lambda: page.runner.table.rows, 30)
    page.start.click()
    until(lambda: not page.runner.running, seconds)
    assert page.runner.table.count("done") > 0


def train(window, folder, seconds):
    """A training process as the training page starts it, beside a window with a photo open."""
    arguments = ["train", "wrfn", "--photos", str(folder / "many"), "--minutes", "5", "--device", "cpu"]
    with tempfile.TemporaryDirectory() as run:
        command = [sys.executable, "-m", "training", *arguments, "--batch", "2", "--crop", "64", "--run-dir", run]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: process.poll() is not None, seconds)
        assert process.poll() is None
        process.kill()
        process.wait()


def main():
    what, folder, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    application = make_application()
    window = make_window(Theme(application, "dark"), make_engine)
    window.show()
    until(lambda: False, 1)
    pulse = Pulse()
    if os.environ.get("ACUTANCE_BENCH_STACKS"):
        longest = float(os.environ["ACUTANCE_BENCH_STACKS"]) / 1000
        threading.Thread(target=tell_stacks, args=(pulse, longest), daemon=True).start()
    first_job(window, folder)
    gap_at_first, _ = pulse.take()
    until(lambda: False, REST)
    gap_at_rest, busy_at_rest = pulse.take()
    {"restoring": restore, "batch": batch, "training": train}[what](window, folder, seconds)
    gap, busy = pulse.take()
    figures = {
        "gap at the first job": gap_at_first,
        "gap at rest": gap_at_rest,
        "gap at work": gap,
        "busy at rest": busy_at_rest,
        "busy at work": busy,
    }
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}), flush=True)  # noqa: T201
    os._exit(0)  # what is still being restored need not be waited for


if __name__ == "__main__":
    main()
