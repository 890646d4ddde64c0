"""The examples of the documentation run."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.data import astronaut

from engine.kernels.blurring import blur
from engine.kernels.families import draw_kernel
from engine.kernels.kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "restore.py"


def _shaken(path: Path) -> Path:
    sharp = astronaut()[16:112, 176:272].astype(np.float32) / 255
    pixels = blur(sharp, Kernel(draw_kernel("trajectory", 9, np.random.default_rng(7))))
    Image.fromarray(np.rint(pixels * 255).astype(np.uint8)).save(path)
    return path


def _run(*arguments: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLE), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_restore_writes_a_photo_of_the_same_size(tmp_path):
    done = _run(_shaken(tmp_path / "blurred.png"), tmp_path / "sharp.png")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "sharp.png") as picture:
        assert picture.size == (96, 96)


def test_restore_names_a_missing_photo(tmp_path):
    done = _run(tmp_path / "nothing.jpg", tmp_path / "sharp.jpg")
    assert done.returncode == 1
    assert "nothing.jpg" in done.stderr and "Traceback" not in done.stderr


def test_restore_explains_itself():
    done = _run()
    assert done.returncode == 1 and "restore.py BLURRED.jpg" in done.stderr
