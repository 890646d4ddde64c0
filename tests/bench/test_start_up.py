"""From the import of app to the first paint of the window: under 1.5 s on two cores, without torch.

    python -m pytest -m bench -s tests/bench/test_start_up.py

Processor seconds are judged, since others may use the machine; on a calm one the clock says the same. The first of
the starts also compiles the program's bytecode, as the first after an update does.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

STARTS = 5
MOST = 1.5  # s


def start(home):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        environment[variable] = str(home)
    command = [sys.executable, str(Path(__file__).with_name("start_up.py"))]
    return json.loads(subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout)


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_the_window_is_painted_soon(tmp_path):
    first, *warm = (start(tmp_path) for _ in range(STARTS + 1))
    figures = {key: statistics.median(run[key] for run in warm) for key in ("clock", "processor")}
    print(f"\nfirst start {first['processor']:.2f} s of the processor, {first['clock']:.2f} s on the clock")  # noqa: T201
    print(f"then {figures['processor']:.2f} s of the processor, {figures['clock']:.2f} s on the clock")  # noqa: T201
    assert figures["processor"] < MOST
    assert all(run["loaded"] == first["loaded"] for run in warm)
    assert "torch" not in first["loaded"]
