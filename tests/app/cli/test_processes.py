"""The command line as real processes: tests that need a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image


def acutance(*arguments: str, **kwargs) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, **kwargs)


def test_standard_output_holds_one_json_document_and_torch_is_not_imported():
    done = acutance("methods", "--json", env={**os.environ, "PYTHONVERBOSE": "", "PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    assert {"wrfn", "deepdeblur"} <= {method["id"] for method in json.loads(done.stdout)}
    imported = {
        line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")
    }
    assert "engine.weights" in imported
    assert not imported & {"torch", "PySide6", "cv2"}


def test_wrong_usage_ends_with_two():
    done = acutance("deblur")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell with pipes")
def test_a_reader_that_goes_away_is_no_harm():
    command = f'"{sys.executable}" -m app methods --json | head -c 1'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=240)
    assert done.stdout == "["
    assert done.stderr == ""


def shell(command: str, folder) -> subprocess.CompletedProcess:
    """Run a line in which ACUTANCE stands for the program."""
    line = command.replace("ACUTANCE", f'"{sys.executable}" -m app')
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, timeout=240, cwd=folder, env=environment
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a shell with pipes")
@pytest.mark.parametrize("standard_error", ["2>&-", "2>/dev/full", "2> >(true)"])
def test_the_work_continues_without_a_standard_error(tmp_path, standard_error):
    Image.new("RGB", (30, 40)).save(tmp_path / "photo.png")
    done = shell(f"ACUTANCE blur photo.png -o blurred.png --size 5 {standard_error}", tmp_path)
    assert done.returncode == 0
    with Image.open(tmp_path / "blurred.png") as blurred:
        assert blurred.size == (30, 40)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
@pytest.mark.parametrize("command", ["methods", "methods --json", "--help", "deblur none.png --json"])
def test_standard_output_that_is_full_is_a_sentence(tmp_path, command):
    done = shell(f"ACUTANCE {command} > /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1] == "Standard output cannot be written: the disk is full."
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_names_that_are_no_text_go_through_a_code_page(tmp_path):
    (tmp_path / os.fsdecode(b"in-\xff.png")).write_bytes(b"no photo")
    done = shell("PYTHONIOENCODING=cp1252 ACUTANCE batch . -o out --json --report out/r.csv", tmp_path)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert json.loads(done.stdout)["photos"][0]["photo"] == os.fsdecode(b"in-\xff.png")
    assert b"in-\\udcff.png,failed" in (tmp_path / "out" / "r.csv").read_bytes()
