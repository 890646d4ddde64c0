"""Draw README's strip: a success and a failure. python docs/examples/before_and_after.py [FILE].

The photos come with scikit-image: a cup of coffee, and NASA's portrait of Eileen Collins. The first is blurred by
camera shake as a whole. In the second only the head moves, which no method here can undo.
"""

import sys
from pathlib import Path

import numpy as np
from skimage import data

import engine
from app.cli.measured import psnr_and_ssim
from app.sheet import Labelled, draw_sheet, save_sheet
from engine.kernels.blurring import add_noise, blur
from engine.kernels.families import draw_kernel
from engine.photos.colour import to_srgb8

TARGET = Path(__file__).resolve().parents[1] / "pictures" / "before-after.jpg"
NOISE = 0.01
SIDE = 384  # px
CUP, PORTRAIT = np.s_[8 : 8 + SIDE, 100 : 100 + SIDE], np.s_[0:SIDE, 32 : 32 + SIDE]
HEAD = (110, 190), (100, 80)  # centre and half axes of an ellipse in the portrait: y and x in px


def shaken() -> tuple[np.ndarray, np.ndarray]:
    """Return a sharp photo and the same photo with camera shake, H x W x 3 in [0, 1]."""
    sharp = data.coffee()[CUP].astype(np.float32) / 255
    return sharp, _noisy(blur(sharp, _kernel("trajectory", 25, 3)))


def moved() -> tuple[np.ndarray, np.ndarray]:
    """Return a sharp photo and the same photo in which the head alone moved."""
    sharp = data.astronaut()[PORTRAIT].astype(np.float32) / 255
    (y, x), (height, width) = HEAD
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    head = (((rows - y) / height) ** 2 + ((columns - x) / width) ** 2 < 1).astype(np.float32)
    head = np.repeat(head[..., None], 3, axis=2)
    kernel = _kernel("linear", 21, 2)
    return sharp, _noisy(blur(sharp * head, kernel) + sharp * (1 - blur(head, kernel)))


def pair(running: engine.Engine, name: str, sharp: np.ndarray, blurred: np.ndarray) -> list[Labelled]:
    """Restore a photo automatically; return the blurred and the restored one, each with its label."""
    photo = engine.Photo(blurred)
    result = running.run(engine.Request(), photo)
    before, after = (psnr_and_ssim(pixels, sharp)[0] for pixels in (blurred, result.pixels))
    unchanged = result.verdict == "unchanged"
    caption = "nothing got sharper: photo kept" if unchanged else f"after: {after:.1f} dB ({after - before:+.1f})"
    return [(f"{name}: {before:.1f} dB", to_srgb8(photo)), (caption, to_srgb8(photo, result.pixels))]


def main(target: Path = TARGET) -> None:
    """Draw both pairs on one sheet."""
    with engine.Engine() as running:
        pictures = pair(running, "camera shaken", *shaken()) + pair(running, "head moved", *moved())
    save_sheet(draw_sheet(pictures, most_columns=4), target)


def _kernel(family: str, size: int, seed: int) -> engine.Kernel:
    return engine.Kernel(draw_kernel(family, size, np.random.default_rng(seed)))


def _noisy(pixels: np.ndarray) -> np.ndarray:
    noisy = add_noise(pixels, NOISE, np.random.default_rng(7)).clip(0, 1)
    return np.rint(noisy * 255).astype(np.float32) / 255


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
