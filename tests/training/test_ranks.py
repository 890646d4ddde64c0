import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
SIZES = ["--samples", "24", "--crop", "40", "--batch", "4", "--kernels", "20", "--largest-kernel", "9"]
PLACE = ["--device", "cpu", "--from", "scratch", "--judged", "1"]


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
    launcher = ["torch.distributed.run", "--nproc-per-node=2", "--master-port=29517", "-m"]
    together = trained(photos, tmp_path / "two", launcher)
    assert alone.keys() == together.keys()
    learned = [name for name in alone if name.startswith("network.")]
    for name in learned:
        # bf16 sums come in another order; far below what 6 steps of learning change
        assert torch.allclose(alone[name], together[name], atol=2e-3), name
    assert any((alone[name] - alone[name.replace("network.", "average.", 1)]).abs().max() > 0 for name in learned)
