"""acutance demo: blurs a portrait, restores it, and writes the pictures into ./acutance-demo."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.batch.work import make_folder
from app.cli.blur import blurred
from app.cli.console import DONE, FAILED, say, show_progress, tell
from app.sheet import draw_sheet, save_sheet
from engine.engine import Engine
from engine.kernels.families import draw_kernel
from engine.kernels.files import picture, save_kernel
from engine.kernels.kernel import Kernel
from engine.networks.registry import method as registered
from engine.photos.colour import to_srgb8
from engine.photos.naming import check_target
from engine.photos.photo import Photo
from engine.photos.writing import write_photo
from engine.request import Request
from engine.restoration.finishing import finished
from engine.result import Result

FOLDER = Path("acutance-demo")
NAMES = ("sharp.png", "before.png", "after.png", "kernel.png", "sheet.png")
FACE = np.s_[0:256, 97:353]  # of the portrait of Eileen Collins (NASA, public domain)
KERNEL_SIZE = 21  # px
NOISE = 0.01
SEED = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance demo`."""
    parser.add_argument("--method", default="auto", metavar="ID", help="see `acutance methods` (default: auto)")
    parser.add_argument("--overwrite", action="store_true", help="replace the pictures of an earlier demo")


def run(options: argparse.Namespace) -> int:
    """Make the pictures and print the figures; fail if the method made the portrait no better."""
    from app.cli.measured import psnr_and_ssim

    _make_folder(options.overwrite)
    say(f"Blurring a portrait: camera shake of {KERNEL_SIZE} px, {NOISE:.0%} noise.")
    sharp, before, kernel = _portrait()
    request = Request(method=options.method, region="whole" if options.method == "auto" else "aligned")
    say("Restoring it. The first run takes about twenty seconds, since it loads PyTorch.")
    with Engine() as engine:
        result = engine.run(request, before, on_progress=show_progress)
    after = finished(before, result)
    figures = [psnr_and_ssim(photo.pixels, sharp.pixels) for photo in (before, after)]
    _write(sharp, before, after, kernel, result, figures)
    for name, (psnr, ssim) in zip(("before", "after"), figures, strict=True):
        tell(f"{name + ':':<8}PSNR {psnr:.2f} dB, SSIM {ssim:.3f}")
    if figures[1][0] <= figures[0][0] or figures[1][1] <= figures[0][1]:
        say(f"The restored portrait is no better than the blurred one: {result.method} needs more training.")
        return FAILED
    _say_what_is_next(result.method)
    return DONE


def _say_what_is_next(method: str) -> None:
    say(f"Done, by {registered(method).title} ({method}). Next:")
    say(f"  look at     {FOLDER / 'sheet.png'}: sharp, before, after, and both kernels")
    say("  make run    opens the window; drop a photo of your own on it (installed: acutance)")
    say("  on a photo  .venv/bin/acutance deblur PHOTO (installed: acutance deblur PHOTO)")


def _portrait() -> tuple[Photo, Photo, Kernel]:
    """Return the sharp portrait, the blurred and noisy one in 8 bits, and the true kernel."""
    from skimage.data import astronaut

    rng = np.random.default_rng(SEED)
    sharp = astronaut()[FACE].astype(np.float32) / 255
    kernel = Kernel(draw_kernel("trajectory", KERNEL_SIZE, rng))
    noisy = blurred(sharp, kernel, NOISE, rng)
    return Photo(sharp), Photo(np.rint(noisy * 255).astype(np.float32) / 255), kernel


def _make_folder(overwrite: bool) -> None:
    """Make the folder; raise UserError if that fails, or if a file exists and may not be replaced."""
    make_folder(FOLDER)
    for name in NAMES:
        check_target(FOLDER, FOLDER / name, overwrite)


def _write(
    sharp: Photo, before: Photo, after: Photo, kernel: Kernel, result: Result, figures: list[tuple[float, float]]
) -> None:
    photos = {"sharp": sharp, "before": before, "after": replace(after, bit_depth=8)}
    for name, photo in photos.items():
        write_photo(photo, FOLDER / f"{name}.png", overwrite=True)
        tell(str(FOLDER / f"{name}.png"))
    shown = result.kernel or kernel
    save_kernel(shown, FOLDER / "kernel.png")
    tell(str(FOLDER / "kernel.png"))
    labels = [
        "sharp",
        *(f"{n}: {p:.2f} dB, SSIM {s:.3f}" for n, (p, s) in zip(("before", "after"), figures, strict=True)),
    ]
    cells = list(zip(labels, map(to_srgb8, photos.values()), strict=True))
    both = [("true kernel", _enlarged(kernel)), ("estimated kernel", _enlarged(shown))]
    save_sheet(draw_sheet([*cells, *both]), FOLDER / "sheet.png")
    tell(str(FOLDER / "sheet.png"))


def _enlarged(kernel: Kernel) -> np.ndarray:
    side = max(kernel.values.shape)
    return np.repeat(picture(kernel, max(1, 256 // side))[..., None], 3, axis=2)
