"""Tiny benchmarks in the published layouts, drawn here."""

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from engine.kernels.blurring import blur
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel

SIDE = 128


@pytest.fixture
def hook():
    """Return a kernel that differs from its rotation by 180 degrees: a hook of 9 px."""
    values = np.zeros((9, 9), np.float32)
    values[1, 2:8] = 1
    values[1:8, 2] = 2
    return Kernel(values)


@pytest.fixture
def sharp():
    return astronaut()[20 : 20 + SIDE, 160 : 160 + SIDE].astype(np.float32) / 255


@pytest.fixture
def draw():
    """Return a function that saves H x W x 3 pixels, in 8 bits."""

    def save(pixels, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8)).save(path)

    return save


@pytest.fixture
def levin(tmp_path, hook, sharp, draw):
    """Return one picture with two kernels; in its file the first kernel is rotated, the second is not."""
    folder = tmp_path / "levin"
    grey = sharp.mean(axis=2, keepdims=True).repeat(3, axis=2)
    draw(grey, folder / "gt" / "im1.png")
    turned = Kernel(hook.values[::-1, ::-1])
    for number, (true, stored) in enumerate(((hook, turned), (hook, hook)), start=1):
        draw(blur(grey, true), folder / f"im1_kernel{number}_img.png")
        save_kernel(stored, folder / "gt" / f"kernel{number}.png")
    return folder


@pytest.fixture
def koehler(tmp_path, hook, sharp, draw):
    folder = tmp_path / "koehler"
    draw(sharp, folder / "latent" / "1.png")
    for path in (1, 3, 11):
        draw(blur(sharp, hook), folder / "blurry" / f"Blurry1_{path}.png")
    return folder


@pytest.fixture
def real(tmp_path, hook, sharp, draw):
    folder = tmp_path / "real"
    for name in ("lamp", "page", "road"):
        draw(blur(sharp, hook), folder / f"{name}.png")
    save_kernel(hook, folder / "page.kernel.png")
    lines = [
        "picture,kind,published_kernel",
        "road.png,day,",
        'lamp.png,"night, phone",',
        "page.png,text,page.kernel.png",
    ]
    (folder / "pictures.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder
