"""How long the window leaves a click unanswered while a 45 MP photo is restored, a batch runs, or training runs.

    python -m pytest -m bench -s tests/bench/test_window_responsiveness.py

Each measurement is a process of its own with the real window and the real engine, once at the first job (the engine's
process starts, the readers of photos are imported), once at rest and once at work. Three figures of its event loop
(`window_gaps.Pulse`): `gap`, the longest time between two turns of a 5 ms timer on the clock; `own`, what of such a
time the window's process itself had a part in; `busy`, the most processor time that the window's thread spent in a
turn. Other programs lengthen the gap, also at rest; `own` and `busy`, little.
The network is a small one: what is measured is the window, not the mathematics.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save

from engine.networks.registry import method
from engine.weights import FOLDER_VARIABLE

RUNS = int(os.environ.get("ACUTANCE_BENCH_RUNS", "3"))
SECONDS = int(os.environ.get("ACUTANCE_BENCH_SECONDS", "30"))
MOST = 50  # ms
MEASURE = Path(__file__).with_name("window_gaps.py")
SMALL = {"blocks": 1, "channels": 8, "skip": False}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with weights, a photo of 45 MP, and small ones for batch and training."""
    made = tmp_path_factory.mktemp("gaps")
    (made / "weights").mkdir()
    torch.manual_seed(0)
    state = method("wrfn").build(SMALL).state_dict()
    data = save({key: tensor.half() if tensor.is_floating_point() else tensor for key, tensor in state.items()})
    (made / "weights" / "wrfn.safetensors").write_bytes(data)
    card = {
        "format": 1,
        "id": "wrfn",
        "method": "wrfn",
        "settings": SMALL,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (made / "weights" / "wrfn.json").write_text(json.dumps(card))
    coarse = np.random.default_rng(0).integers(0, 255, (344, 516, 3), np.uint8)
    Image.fromarray(coarse).resize((8256, 5504), Image.Resampling.BICUBIC).save(made / "large.jpg", quality=90)
    (made / "many").mkdir()
    for number in range(400):
        Image.fromarray(np.roll(coarse[:320, :320], number, 0)).save(made / "many" / f"{number:03}.png")
    return made


@pytest.mark.bench
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("what", ["restoring", "batch", "training"])
def test_the_window_answers(place, what, record_property):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", FOLDER_VARIABLE: str(place / "weights")}
    command = [sys.executable, str(MEASURE), what, str(place), str(SECONDS)]
    runs = []
    for _ in range(RUNS):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    figures = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    record_property("milliseconds", figures)
    print(f"\n{what}: " + ", ".join(f"{name} {value:.0f} ms" for name, value in figures.items()))  # noqa: T201
    for when in ("at the first job", "at work"):
        assert figures[f"own {when}"] < MOST
        assert figures[f"gap {when}"] - figures["gap at rest"] < MOST
