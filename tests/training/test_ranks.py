import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.networks.registry import method
from training.session import run

ROOT = Path(__file__).resolve().parents[2]
SIZES = ["--samples", "24", "--crop", "40", "--batch", "4", "--kernels", "20", "--largest-kernel", "9"]
PLACE = ["--device", "cpu", "--from", "scratch", "--judged", "1", "--float32"]
SMALL = """
import dataclasses
import sys

from training import session
from training.__main__ import main
from training.recipe import recipe

session.recipe = lambda name: dataclasses.replace(recipe(name), settings={settings}, judge=(40, 40))
sys.exit(main())
"""  # what the fixture small_sessions does, for a process of its own


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("small_sessions")
def test_two_ranks_are_one_trainer(photos, options, small, tmp_path):
    run(options(samples=24, judged=1, folder=tmp_path / "one", reduced=False))
    command = tmp_path / "small.py"
    command.write_text(SMALL.format(settings=small["wrfn"]))
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone", str(command)]
    done = subprocess.run(
        [*launcher, "train", "wrfn", "--photos", str(photos), *SIZES, *PLACE, "--run-dir", str(tmp_path / "two")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    alone, together = (load_file(tmp_path / name / "checkpoint.safetensors") for name in ("one", "two"))
    assert alone.keys() == together.keys()
    torch.manual_seed(0)
    start = {f"network.{name}": p for name, p in method("wrfn").build(small["wrfn"]).named_parameters()}

    def apart(one, other):
        return torch.stack([(one[name] - other[name]).square().sum() for name in start]).sum().sqrt()

    # sums have another order, and Adam amplifies gradients near zero: similar, not equal
    assert apart(alone, together) < 0.05 * apart(alone, start)
