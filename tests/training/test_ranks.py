import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.networks.registry import method
from training.recipe import recipe

ROOT = Path(__file__).resolve().parents[2]
SIZES = ["--samples", "24", "--crop", "40", "--batch", "4", "--kernels", "20", "--largest-kernel", "9"]
PLACE = ["--device", "cpu", "--from", "scratch", "--judged", "1", "--float32"]


def trained(photos, folder, launcher):
    command = [sys.executable, "-m", *launcher, "training", "train", "wrfn", "--photos", str(photos)]
    done = subprocess.run(
        [*command, *SIZES, *PLACE, "--run-dir", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return load_file(folder / "checkpoint.safetensors")


@pytest.mark.timeout(240)
def test_two_ranks_are_one_trainer(photos, tmp_path):
    alone = trained(photos, tmp_path / "one", [])
    launcher = ["torch.distributed.run", "--nproc-per-node=2", "--standalone", "-m"]
    together = trained(photos, tmp_path / "two", launcher)
    assert alone.keys() == together.keys()
    torch.manual_seed(0)
    start = {
        f"network.{name}": tensor for name, tensor in method("wrfn").build(recipe("wrfn").settings).named_parameters()
    }

    def apart(one, other):
        return torch.stack([(one[name] - other[name]).square().sum() for name in start]).sum().sqrt()

    # sums have another order, and Adam amplifies gradients near zero: similar, not equal
    assert apart(alone, together) < 0.05 * apart(alone, start)
