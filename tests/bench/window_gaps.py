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
from app.window.photos.photo_state import State
from app.window.theme.theme import Theme

REST = 5
TURN = 5
SCHEDULED = Path("/proc/thread-self/schedstat")


class Pulse:
    """A timer that notes the longest turns of the loop in ms.

    gap: on the clock. own: what of it this process had a part in: neither the time in which the window's thread could
    have run, but others had the processor (Linux tells), nor more than all threads of the process computed meanwhile
    (one that has Python's lock and no processor keeps the window waiting, too). busy: processor time of this thread.
    """

    def __init__(self):
        self.longest = dict.fromkeys(("gap", "own", "busy"), 0.0)
        self.before = now()
        self.timer = QTimer()
        self.timer.timeout.connect(self.turn)
        self.timer.start(TURN)

    @property
    def clock(self):
        return self.before[0]

    def turn(self):
        after = now()
        gap, queued, busy, all_threads = (1000 * (one - other) for one, other in zip(after, self.before, strict=True))
        turn = {"gap": gap, "own": min(gap - queued, all_threads), "busy": busy}
        self.longest = {name: max(longest, turn[name]) for name, longest in self.longest.items()}
        self.before = after

    def take(self, when):
        found = {f"{name} {when}": longest for name, longest in self.longest.items()}
        self.longest = dict.fromkeys(self.longest, 0.0)
        return found


def now():
    """Seconds: on the clock, of this thread in the queue for a processor, of it on one, of all threads on one."""
    try:
        queued = int(SCHEDULED.read_text().split()[1]) / 1e9
    except OSError:
        queued = 0.0
    return time.perf_counter(), queued, time.thread_time(), time.process_time()


def tell_stacks(pulse, longest):
    """Print what every thread does while a turn takes longer than `longest` seconds."""
    reported = 0.0
    while True:
        time.sleep(longest / 4)
        if pulse.clock != reported and time.perf_counter() - pulse.clock > longest:
            reported = pulse.clock
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
    """What starts the engine's process, and imports the readers of photos into this one."""
    window.open(folder / "many" / "000.png")
    until(lambda: window.document.shown.photo is not None and not window.document.shown.finding_faces, 120)


def restore(window, folder, seconds):
    end = time.monotonic() + seconds
    window.open(folder / "large.jpg")
    until(
        lambda: window.document.shown.path == folder / "large.jpg" and window.document.shown.state is State.READY,
        seconds,
    )
    assert window.document.shown.photo is not None, window.message.text.text()
    window.document.shown.change_request(region="whole", method="wrfn")
    window.session.deblur()
    until(lambda: window.document.shown.state is State.READY, end - time.monotonic())
    sys.stderr.write(f"restored: {window.document.shown.progress}\n")


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
        command = [sys.executable, "-m", "training", *arguments, "--batch", "2", "--crop", "65", "--run-dir", run]
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
    figures = pulse.take("at the first job")
    until(lambda: False, REST)
    figures |= pulse.take("at rest")
    {"restoring": restore, "batch": batch, "training": train}[what](window, folder, seconds)
    figures |= pulse.take("at work")
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}), flush=True)  # noqa: T201
    window.session.engine.close()
    os._exit(0)  # what is still being read or shown need not be waited for


if __name__ == "__main__":
    main()
