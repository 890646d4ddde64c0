"""acutance blur PHOTO -o FILE: blurs a photo with a kernel from a file, or with a random one."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.cli.console import DONE, UsageError, say, usage
from engine.kernels.blurring import blur
from engine.kernels.families import FAMILIES, draw_kernel
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel
from engine.photos.losses import not_kept
from engine.photos.naming import check_target
from engine.photos.reading import read_photo
from engine.photos.writing import photo_kind, write_photo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance blur`."""
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="the photo; it is never changed")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--kernel", type=Path, metavar="FILE", help="use the kernel in this .png or .npy file")
    source.add_argument(
        "--kind",
        choices=list(FAMILIES),
        default="trajectory",
        help="draw a random kernel of this kind (default: trajectory)",
    )
    parser.add_argument(
        "--size", type=int, default=25, metavar="N", help="side of the drawn kernel in px (default: 25)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="seed of the random kernel and the noise (default: 0)"
    )
    parser.add_argument(
        "--noise",
        type=float,
        default=0.0,
        metavar="S",
        help="standard deviation of the noise, 0.01 for 1 %% (default: 0)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")


def run(options: argparse.Namespace) -> int:
    """Blur the photo and add noise."""
    if options.size < 1 or not 0 <= options.noise < math.inf or options.seed < 0:
        raise UsageError("The size must be at least 1, noise and seed numbers that are not negative.")
    for given in filter(None, (options.photo, options.kernel)):
        check_target(given, options.output, options.overwrite)
    photo_kind(options.output)
    rng = np.random.default_rng(options.seed)
    if options.kernel:
        kernel = load_kernel(options.kernel)
    else:
        with usage():
            kernel = Kernel(draw_kernel(options.kind, options.size | 1, rng))
    photo = read_photo(options.photo)
    pixels = blurred(photo.pixels, kernel, options.noise, rng, photo.grey)
    photo = replace(photo, pixels=pixels, beyond=None)
    write_photo(photo, options.output, overwrite=options.overwrite)
    say(f"{options.photo} -> {options.output}")
    for note in photo.notes + not_kept(photo, options.output):
        say(f"  {note}")
    return DONE


def blurred(
    pixels: np.ndarray, kernel: Kernel, noise: float, rng: np.random.Generator, grey: bool = False
) -> np.ndarray:
    """Return clip(k * x + n), H x W x 3 float32 in [0, 1]; n is Gaussian with the standard deviation `noise`."""
    result = blur(pixels, kernel)
    if noise > 0:
        planes = 1 if grey else pixels.shape[2]
        result = result + noise * rng.standard_normal((*pixels.shape[:2], planes), dtype=np.float32)
    return np.clip(result, 0, 1)
