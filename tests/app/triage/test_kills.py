"""A triage that is killed goes on where it was: no photo is lost, and broken files cost only themselves."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

BROKEN = 33  # of so many photos one is broken: 31 of 1,000
KILLS = 2
DOUBLE = """
    import sys, time
    from functools import partial
    from pathlib import Path
    from app.triage.cache import Cache
    from app.triage.looking import look
    from app.triage.run import Triage
    from app.triage.triaged import Triaged
    from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
    from engine.errors import UserError

    def measure(path, data, check):
        if data.startswith(b"bad"):
            raise UserError("{path} is damaged.", path=path)
        print(path.name, flush=True)
        time.sleep(0.002)  # so that the kill finds it at work
        return Triaged(path, Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9))

    paths = sorted(Path(sys.argv[1]).iterdir())
    memory = Cache()
    found = Triage(lambda path, check: look(path, memory, False, measure, check), workers=2).run(paths)
    for one in found:
        print(one.path.name, one.diagnosis is not None, one.known, file=sys.stderr)
"""


def remembered(home: Path) -> int:
    """Return how many photos the cache of a home folder knows."""
    (file,) = home.rglob("triage.jsonl")
    keys = set()
    for line in file.read_bytes().split(b"\n"):
        with contextlib.suppress(ValueError):  # a kill tears the line that is written
            keys.add(json.loads(line)["key"])
    return len(keys)


def killed_at(command: list[str | Path], own: dict[str, str], lines: int) -> None:
    """Run a triage that tells each photo in a line, and kill it after some lines."""
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        assert running.stdout is not None
        for _ in range(lines):
            assert running.stdout.readline()
        running.send_signal(signal.SIGKILL)


@pytest.fixture
def home(tmp_path):
    """Return the folder that the triage takes for the user's."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def own(home):
    """Return the environment of a triage whose user's folder is `home`."""
    names = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    root = Path(__file__).parents[3]
    return os.environ | dict.fromkeys(names, str(home)) | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_two_kills_lose_nothing(tmp_path, home, own):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(120):
        (photos / f"{number:03d}.jpg").write_bytes(b"bad" if number % BROKEN == 0 else b"good %d" % number)
    command = [sys.executable, "-c", textwrap.dedent(DOUBLE), str(photos)]
    before = [0]
    for _ in range(KILLS):
        killed_at(command, own, 30)
        before.append(remembered(home))
        assert before[-2] + 25 <= before[-1] < 120
    ended = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    told = [line.split() for line in ended.stderr.splitlines()]
    assert [name for name, _, _ in told] == [f"{number:03d}.jpg" for number in range(120)]
    assert [int(name[:3]) for name, read, _ in told if read == "False"] == list(range(0, 120, BROKEN))
    assert sum(known == "True" for _, _, known in told) >= 50


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_thousand_photos_with_thirty_broken_files_survive_two_kills(tmp_path, home, own):
    """The real command, forests and decoder."""
    photos, count = tmp_path / "photos", 1000
    photos.mkdir()
    rng = np.random.default_rng(0)
    for number in range(count):
        buffer = io.BytesIO()
        blocks = np.kron(rng.integers(0, 255, (20, 26)), np.ones((5, 5))).astype(np.uint8)
        Image.fromarray(blocks).save(buffer, "JPEG", quality=85)
        data = buffer.getvalue()
        (photos / f"{number:04d}.jpg").write_bytes(data[:200] if number % BROKEN == 7 else data)
    broken = len(range(7, count, BROKEN))
    command: list[str | Path] = [sys.executable, "-m", "app", "triage", photos]
    for kill in range(1, KILLS + 1):  # what is remembered is told again
        killed_at(command, own, kill * count // 4)
    before = remembered(home)
    report = tmp_path / "report.json"
    ended = subprocess.run([*command, "--report", report], env=own, capture_output=True, text=True, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))["photos"]
    assert ended.returncode == 1 and len(found) == count
    assert len({each["photo"] for each in found}) == count
    assert sum(each["kind"] is None for each in found) == broken
    assert 0.45 * count <= before < count - broken and remembered(home) == count - broken
