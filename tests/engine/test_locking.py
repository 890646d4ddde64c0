import subprocess
import sys

import pytest

from engine.locking import LockHeld, acquired, is_held

HOLD = """
import sys
from pathlib import Path
from engine.locking import acquired
with acquired(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""


@pytest.fixture
def holder(tmp_path):
    """Start another process that holds the file `lock`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_file_is_held_until_the_block_ends(tmp_path):
    path = tmp_path / "lock"
    with acquired(path):
        assert is_held(path)
        with pytest.raises(LockHeld), acquired(path):
            pass
    assert not is_held(path)


def test_another_process_keeps_it_until_it_is_killed(tmp_path, holder):
    path = tmp_path / "lock"
    assert is_held(path)
    with pytest.raises(LockHeld), acquired(path):
        pass
    holder.kill()
    holder.wait()
    assert not is_held(path)
    with acquired(path):
        assert is_held(path)


def test_the_contents_of_the_file_stay_and_can_be_extended(tmp_path):
    path = tmp_path / "journal"
    path.write_text("one\n")
    with acquired(path), path.open("a") as file:
        file.write("two\n")
    assert path.read_text() == "one\ntwo\n"


def test_asking_makes_no_file_and_a_missing_folder_is_an_error(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert not list(tmp_path.iterdir())
    with pytest.raises(OSError), acquired(tmp_path / "missing/lock"):
        pass
