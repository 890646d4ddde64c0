"""Makes a folder of photos of each kind, as files of a camera's size, with a table of their truth."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.errors import UserError
from engine.kernels.blurring import add_noise
from training.sources import decoded
from training.triage.kinds import EQUAL_PARTS, soft_as_cameras
from training.triage.lessons import continued, sharp_pictures

TRUTH = "truth.csv"
USUAL = 2400  # px of the longer side: larger photos are blurred by as much more, so that as much of the frame is
MEGA = 1e6
QUALITY = 85
NOISE = (0.001, 0.012)


@dataclass(frozen=True)
class Truth:
    """One line of the table. direction: degrees, of a straight motion. extent, radius: px; 0 if there is none."""

    photo: str
    name: str
    kind: str
    extent: float
    direction: float
    radius: float
    megapixels: float


def make(
    photos: Sequence[Path], half: str, count: int, megapixels: tuple[float, float], folder: Path, seed: int
) -> Iterator[Truth]:
    """Write `count` photos, as many of each kind, and yield the truth of each; the table is written at the end.

    photos: folders, archives or lists. megapixels: the least and the most. A picture that is smaller than its photo
    is continued by its reflection. Only its luma is spoiled, since nothing else is looked at.
    """
    rng = np.random.default_rng(seed)
    pictures = sharp_pictures(photos, half)
    folder.mkdir(parents=True, exist_ok=True)
    truths: list[Truth] = []
    for number in range(count):
        ways = EQUAL_PARTS[number % len(EQUAL_PARTS)]
        way = ways[number // len(EQUAL_PARTS) % len(ways)]
        picture = decoded(pictures[rng.integers(len(pictures))].data)
        wanted = np.exp(rng.uniform(*np.log(megapixels))) * MEGA
        ratio = float(rng.choice([1.5, 4 / 3, 2 / 3]))
        size = round(np.sqrt(wanted / ratio)), round(np.sqrt(wanted * ratio))
        parts = cv2.cvtColor(continued(picture, size), cv2.COLOR_RGB2YCrCb)
        scale = max(1.0, max(size) / USUAL)
        luma = soft_as_cameras(parts[..., :1].astype(np.float32) / 255, rng, scale)
        spoiled = way(luma, rng, scale)
        noise = float(np.exp(rng.uniform(*np.log(NOISE))))
        parts[..., 0] = (add_noise(spoiled.pixels[..., 0], noise, rng).clip(0, 1) * 255).round()
        name = f"{number:04d}.jpg"
        rgb = cv2.cvtColor(parts, cv2.COLOR_YCrCb2RGB)
        Image.fromarray(rgb).save(folder / name, quality=QUALITY)
        extent, direction = float(np.nan_to_num(spoiled.extent)), float(np.nan_to_num(spoiled.direction))
        size_now = round(rgb[..., 0].size / MEGA, 2)
        truths.append(Truth(name, spoiled.name, str(spoiled.kind), extent, direction, spoiled.radius, size_now))
        _write(folder, truths)
        yield truths[-1]


def _write(folder: Path, truths: Sequence[Truth]) -> None:
    with (folder / TRUTH).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(vars(truths[0])))
        writer.writeheader()
        writer.writerows(vars(truth) for truth in truths)


def truths_of(folder: Path) -> list[Truth]:
    """Return the table of a folder; raise UserError if there is none."""
    try:
        with (folder / TRUTH).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        numbers = ("extent", "direction", "radius", "megapixels")
        return [Truth(**{**row, **{name: float(row[name]) for name in numbers}}) for row in rows]  # type: ignore[arg-type]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise UserError("{folder} holds no table of photos: make some first.", folder=folder) from error
