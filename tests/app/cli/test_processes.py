"""The command line as real processes: what only shows there."""

import json
import os
import subprocess
import sys

import pytest


def acutance(*arguments: str, **kwargs) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **kwargs)


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
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.stdout == "["
    assert done.stderr == ""
