"""The command line survives crashes: every photo is right, every reason reported, nothing done twice or lost.

python -m pytest -m slow -s tests/app/batch/test_proof.py

prints how much the memory of the last process grew.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from app.batch.journal import Journal
from engine.engine import Engine
from engine.photos.reading import read_photo
from engine.request import Request

SMALL = {"blocks": 1, "channels": 8, "skip": False}
MOST_GROWTH = 1.1  # times the memory at the hundredth photo of a process, at its last


def draw(folder: Path, count: int, bad: int) -> set[str]:
    """Fill a folder with different pictures, some of them bad in every way; return the bad ones' names."""
    rng = np.random.default_rng(0)
    places = [folder / f"{number % 7}" / f"{number:04}.png" for number in range(count)]
    for sub in {place.parent for place in places}:
        sub.mkdir(parents=True)
    for place in places:
        y, x = np.mgrid[:96, :96] / 96
        a, b, c = rng.uniform(-9, 9, 3)
        waves = np.stack([np.sin(a * x + b * y), np.cos(b * x + c * y), np.sin(c * x - a * y)], -1)
        Image.fromarray(np.uint8(127 + 90 * waves + rng.integers(0, 30, (96, 96, 1)))).save(place)
    spoilt = [places[index] for index in np.linspace(3, count - 4, bad).astype(int)]
    for number, place in enumerate(spoilt):
        SPOILERS[number % len(SPOILERS)](place)
    return {place.relative_to(folder).as_posix() for place in spoilt}


def _cut(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:700])


def _damage(place: Path) -> None:
    data = bytearray(place.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    place.write_bytes(data)


SPOILERS = (
    lambda place: place.write_bytes(b""),
    lambda place: place.write_text("These are words."),
    _cut,
    _damage,
    lambda place: place.write_bytes(place.read_bytes()[:20]),
    lambda place: place.write_bytes(bytes(5000)),
)


class Run:
    """Runs the command line as a separate process, and follows its messages about each photo."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "app", "batch", "in", "-o", "out", "--recursive", "--method", "wrfn"]
        self._process = subprocess.Popen(
            [*command, "--region", "aligned", *more],
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert self._process.stderr is not None
        self.lines = self._process.stderr

    def follow(self, until: str) -> None:
        """Wait for the line about the photo with that number, "" for the end."""
        for line in self.lines:
            if until and line.startswith(f"{until}/"):
                return

    def kill(self) -> None:
        """Kill the process, as a power cut would."""
        self._process.kill()
        self._process.wait()
        self.lines.close()

    def end(self) -> int:
        """Wait until the process ends, and return the exit code."""
        self.follow("")
        self.lines.close()
        return self._process.wait()

    @property
    def memory(self) -> int:
        """Return the resident bytes."""
        return psutil.Process(self._process.pid).memory_info().rss


def check(folder: Path, bad: set[str], kills: int) -> None:
    """Check that nothing is lost, doubled or left over, and that every result belongs to its own photo."""
    source, output = folder / "in", folder / "out"
    photos = {path.relative_to(source).as_posix() for path in source.rglob("*.png")}
    good = photos - bad
    report = {row["photo"]: row for row in json.loads((folder / "report.json").read_text())["photos"]}
    assert report.keys() == photos
    assert {name for name, row in report.items() if row["state"] == "done"} == good
    reasons = [report[name]["reason"] for name in bad]
    assert len(set(reasons)) == len(bad) and all(Path(name).name in report[name]["reason"] for name in bad)
    _check_journal(output, good, bad, kills)
    left = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert left == {report[name]["output"] for name in good} | {".acutance-batch.jsonl"}
    with Engine() as engine:
        for name in sorted(good):
            photo = read_photo(source / name)
            expected = engine.run(Request(method="wrfn", region="aligned"), photo).pixels
            found = read_photo(output / report[name]["output"]).pixels
            assert np.abs(found - expected).max() <= 1 / 255, name


def _check_journal(output: Path, good: set[str], bad: set[str], kills: int) -> None:
    lines = [json.loads(line) for line in Journal(output).path.read_text().splitlines() if line.endswith("}")]
    ended = Counter(line["photo"] for line in lines if line["state"] == "done")
    begun = Counter(line["photo"] for line in lines if line["state"] == "begun")
    assert ended == Counter(good)  # each done once, whatever happened
    again = begun - Counter(good | bad)
    assert sum(count for name, count in again.items() if name in good) <= kills  # interrupted by a kill


@pytest.fixture
def folder(tmp_path, install):
    install("wrfn", settings=SMALL)
    yield tmp_path
    shutil.rmtree(tmp_path / "in")


def test_thirty_photos_and_a_kill(folder):
    bad = draw(folder / "in", 30, 6)
    first = Run(folder)
    first.follow("12")
    first.kill()
    assert Run(folder, "--resume", "--report", "report.json").end() == 1
    check(folder, bad, 1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_photos_and_two_kills(folder):
    bad = draw(folder / "in", 1000, 30)
    for last in ("210", "390"):
        run = Run(folder, "--resume")
        run.follow(last)
        run.kill()
    run = Run(folder, "--resume", "--report", "report.json")
    run.follow("500")
    early = run.memory
    run.follow("999")
    growth = run.memory / early
    assert run.end() == 1
    print(f"\n{early / 2**20:.0f} MiB at photo 500, {growth:.3f} times that at photo 999")  # noqa: T201
    check(folder, bad, 2)
    assert growth < MOST_GROWTH
