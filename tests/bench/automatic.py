"""What Automatic does with photos that are blurred in many ways, beside a network and blind deconvolution for all.

python tests/bench/automatic.py --photos ../shared/data/faces/test ../shared/data/photos/sun80-test [--each 8]

Sharp photos (folders, zip archives; the longer side shrunk to 480 px) are blurred in each way of `WAYS`, a photo for
each, and restored by `wrfn`, by `l0-deconv` and by Automatic. For each way are told: how many of the photos Automatic
gave to deconvolution, and how many it kept as they were; the mean PSNR of the blurred photos and of the three; how
many photos are worse than the blurred one by more than 0.05 dB, by the network and by Automatic.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from app.cli.console import tell
from engine.engine import Engine
from engine.kernels.blurring import add_noise, blur
from engine.kernels.families import centred, defocus_kernel, draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.request import Request
from training.evaluation.samples import shrunk
from training.sources import decoded, sources

SIDE = 480  # px
GAMMA = 2.2
METHODS = ("wrfn", "l0-deconv", "auto")
Drawn = np.random.Generator


def shaken(sharp: np.ndarray, rng: Drawn, smallest: int = 13, largest: int = 27) -> np.ndarray:
    """Move the camera in a plane, by the trajectories of Boracchi and Foi or of Schuler."""
    family = ("trajectory", "gaussian-process")[rng.integers(2)]
    return blur(sharp, Kernel(centred(draw_kernel(family, int(rng.integers(smallest, largest + 1)) | 1, rng))))


def in_light(sharp: np.ndarray, rng: Drawn) -> np.ndarray:
    """Blur before the camera encodes its light, with lamps that are brighter than white."""
    light = sharp**GAMMA * (1 + rng.uniform(0.5, 2) * (sharp > 0.96))
    return shaken(light, rng).clip(0, 1) ** (1 / GAMMA)


def turned(sharp: np.ndarray, rng: Drawn) -> np.ndarray:
    """Rotate the camera about its axis by 2 to 6 degrees while it moves."""
    height, width = sharp.shape[:2]
    times = np.linspace(-0.5, 0.5, 60)
    moves = np.stack([np.interp(times, [-0.5, 0, 0.5], rng.uniform(-6, 6, 3)) for _ in range(2)], axis=1)
    angle = rng.uniform(2, 6)
    total = np.zeros_like(sharp)
    for time, move in zip(times, moves - moves.mean(axis=0), strict=True):
        pose = cv2.getRotationMatrix2D((width / 2, height / 2), time * angle, 1)
        pose[:, 2] += move
        total += cv2.warpAffine(sharp, pose, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return total / len(times)


def moved_subject(sharp: np.ndarray, rng: Drawn) -> np.ndarray:
    """Move only the middle of the photo."""
    height, width = sharp.shape[:2]
    kernel = Kernel(linear_kernel(float(rng.uniform(9, 19)), float(rng.uniform(0, 180))))
    mask = np.zeros((height, width), np.float32)
    middle = round(width * rng.uniform(0.35, 0.65)), round(height * rng.uniform(0.4, 0.6))
    cv2.ellipse(mask, middle, (round(0.22 * width), round(0.3 * height)), 0, 0, 360, 1, -1)
    mask = blur(mask, kernel)[..., None]
    return mask * blur(sharp, kernel) + (1 - mask) * sharp


def taken(pixels: np.ndarray, rng: Drawn, noise: tuple[float, float], jpeg: bool = False) -> np.ndarray:
    """Add noise of a random strength, round to 8 bits, compress if requested."""
    eight = (add_noise(pixels, rng.uniform(*noise), rng).clip(0, 1) * 255).round().astype(np.uint8)
    if jpeg:
        code = cv2.imencode(".jpg", eight, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(75, 97))])[1]
        eight = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR))
    return eight.astype(np.float32) / 255


WAYS: dict[str, Callable[[np.ndarray, Drawn], np.ndarray]] = {
    "shaken, noise 1 %": lambda sharp, rng: taken(shaken(sharp, rng), rng, (0.01, 0.01)),
    "shaken, noise 2 to 5 %": lambda sharp, rng: taken(shaken(sharp, rng), rng, (0.02, 0.05)),
    "shaken a little, JPEG": lambda sharp, rng: taken(shaken(sharp, rng, 3, 5), rng, (0, 0.01), jpeg=True),
    "out of focus": lambda sharp, rng: taken(
        blur(sharp, Kernel(defocus_kernel(float(rng.uniform(1.5, 5))))), rng, (0.002, 0.015)
    ),
    "shaken in linear light, lamps, JPEG": lambda sharp, rng: taken(
        in_light(sharp, rng), rng, (0.002, 0.015), jpeg=True
    ),
    "camera turned": lambda sharp, rng: taken(turned(sharp, rng), rng, (0.002, 0.015)),
    "subject moved": lambda sharp, rng: taken(moved_subject(sharp, rng), rng, (0.002, 0.015)),
    "sharp, JPEG": lambda sharp, rng: taken(sharp, rng, (0, 0.015), jpeg=True),
}


def photos(paths: list[Path], rng: Drawn) -> Iterator[np.ndarray]:
    """Yield sharp photos from the given places without end, equally often from each place."""
    found = [list(sources([path])) for path in paths]
    while True:
        place = found[rng.integers(len(found))]
        yield shrunk(decoded(place[rng.integers(len(place))].data).astype(np.float32) / 255, SIDE)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--each", type=int, default=8, help="photos for each way")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    supply = photos(options.photos, rng)
    rows: dict[str, list[list[float]]] = defaultdict(list)
    request = Request(device="cpu", region="whole")
    with Engine() as engine:
        for _ in range(options.each):
            for way, make in WAYS.items():
                sharp = next(supply)
                photo = Photo(make(sharp, rng))
                made = [engine.run(replace(request, method=method), photo) for method in METHODS]
                pictures = [photo.pixels, *(result.pixels for result in made)]
                figures = [peak_signal_noise_ratio(sharp, pixels, data_range=1) for pixels in pictures]
                kept = np.array_equal(made[-1].pixels, photo.pixels)
                rows[way].append([*figures, made[-1].method == "l0-deconv", kept])
    tell(
        "| | deconvolved | kept | blurred | wrfn | l0-deconv | Automatic | worse: wrfn | worse: Automatic |\n|"
        + "---|" * 9
    )
    everything = [row for found in rows.values() for row in found]
    for way, found in {**rows, "all": everything}.items():
        table = np.array(found)
        worse = [(table[:, column] < table[:, 0] - 0.05).mean() for column in (1, 3)]
        cells = [f"{mean:.2f}" for mean in table[:, :4].mean(axis=0)]
        shares = [f"{share:.0%}" for share in (*table[:, 4:].mean(axis=0), *worse)]
        tell(f"| {way} | {' | '.join([*shares[:2], *cells, *shares[2:]])} |")


if __name__ == "__main__":
    main()
