"""Lessons for the diagnosis: photos spoiled in known ways, what is told of their windows, and what a search wins."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np
from PIL import Image

from engine.diagnosis.windows import windows_of
from engine.errors import UserError
from engine.kernels.blurring import add_noise
from engine.kernels.estimation import luma, telling_window
from engine.kernels.sharpness import is_sharp
from training.sources import Source, decoded, sources
from training.triage.kinds import BLURRED_WAYS, EQUAL_PARTS, OUTPUTS, SHARP_WAYS, Spoiled, soft_as_cameras

SMALLEST = 300  # px of the shorter side: smaller pictures are left out
CLEAR = 0.9  # share of a window that must be of one kind for a window's truth
TEACH, JUDGE, BOTH = "teach", "judge", "both"
Won = Callable[[np.ndarray, np.ndarray], float]
"""Returns the dB that restoring an H x W plane wins, given the sharp one."""


def half_of(source: Source) -> str:
    """Return the half of the pictures to which one belongs: to set limits on, or to judge by."""
    return TEACH if crc32(source.name.encode()) % 2 == 0 else JUDGE


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is told of a photo, and its truth; NaN: nobody knows.

    truths: n x 4, how much of each of OUTPUTS a window is. gain: dB that Automatic wins. plane: H x W of 8 bits, kept
    where the gain is known, since that is dear: other figures can be tried on it. Else it is empty.
    """

    name: str
    kind: str
    place: str
    figures: np.ndarray
    turns: np.ndarray
    boxes: np.ndarray
    looked: int
    truths: np.ndarray
    extent: float
    direction: float
    radius: float
    gain: float
    plane: np.ndarray


def sharp_pictures(photos: Sequence[Path], half: str) -> list[Source]:
    """Return the pictures of a half that are large enough and sharp by their edges."""
    found = []
    for source in sources(photos):
        if half in (BOTH, half_of(source)) and _is_large(source):
            picture = decoded(source.data)
            window = telling_window(picture.astype(np.float32) / 255, 256)
            if is_sharp(luma(picture[window].astype(np.float32) / 255)):
                found.append(source)
    if not found:
        raise UserError("There are no sharp pictures to learn from.")
    return found


def _is_large(source: Source) -> bool:
    with Image.open(io.BytesIO(source.data)) as image:
        return min(image.size) >= SMALLEST


def drawn(
    photos: Sequence[Path], minutes: float, seed: int, half: str = TEACH, won: Won | None = None
) -> Iterator[Lesson]:
    """Draw pictures of a half, spoil them, and yield a lesson each until the minutes are over.

    won: what restoring wins; then as many photos of each kind are drawn. None: nobody asks, which is faster.
    """
    rng, end = np.random.default_rng(seed), time.monotonic() + 60 * minutes
    pictures = sharp_pictures(photos, half)
    while time.monotonic() < end:
        source = pictures[rng.integers(len(pictures))]
        sharp = _cut(luma(decoded(source.data).astype(np.float32) / 255)[..., None], rng)
        yield lesson(source.place, sharp, rng, won)


def lesson(place: str, sharp: np.ndarray, rng: np.random.Generator, won: Won | None = None) -> Lesson:
    """Spoil an H x W x 1 picture (luma in [0, 1]) and look at it; see `drawn`."""
    sharp = soft_as_cameras(sharp, rng)
    kinds = EQUAL_PARTS if won is not None else (SHARP_WAYS, SHARP_WAYS, BLURRED_WAYS, BLURRED_WAYS, BLURRED_WAYS)
    ways = kinds[rng.integers(len(kinds))]
    spoiled = ways[rng.integers(len(ways))](sharp, rng, 1.0)
    noise = float(np.exp(rng.uniform(np.log(0.001), np.log(0.02))))
    quality = int(rng.integers(60, 97)) if rng.random() < 0.75 else None
    plane = luma(_taken(spoiled.pixels.astype(np.float32), rng, noise, quality))
    seen = windows_of(plane)
    truths = np.array([_truth(spoiled, box) for box in seen.boxes]).reshape(-1, len(OUTPUTS))
    gain, kept = np.nan, np.empty(0, np.uint8)
    if won is not None:
        gain, kept = won(plane, luma(sharp)), (plane * 255).round().astype(np.uint8)
    return Lesson(
        spoiled.name, str(spoiled.kind), place, seen.figures, seen.turns, seen.boxes, seen.looked, truths,
        spoiled.extent, spoiled.direction, spoiled.radius, gain, kept,
    )  # fmt: skip


def _taken(pixels: np.ndarray, rng: np.random.Generator, noise: float, quality: int | None) -> np.ndarray:
    """Return what a camera makes of H x W x 1 pixels: noise, 8 bits, JPEG."""
    eight = (add_noise(pixels, noise, rng).clip(0, 1) * 255).round().astype(np.uint8)
    if quality is not None:
        code = cv2.imencode(".jpg", eight, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        eight = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE))[..., None]
    return eight.astype(np.float32) / 255


def _truth(spoiled: Spoiled, box: np.ndarray) -> np.ndarray:
    height, width = spoiled.pixels.shape[:2]
    left, top, right, bottom = (box * (width, height, width, height)).round().astype(int)
    return np.asarray(spoiled.marks[top:bottom, left:right].mean(axis=(0, 1)))


def _cut(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the picture, often shrunk, or continued by its reflection: so lie the same things at other sizes."""
    shorter = min(pixels.shape[:2])
    if shorter > 500 and rng.random() < 0.6:
        factor = rng.uniform(400 / shorter, 1)
        small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        pixels = small.reshape(*small.shape[:2], -1)
    if min(pixels.shape[:2]) < 420 and rng.random() < 0.7:
        wanted = int(rng.integers(420, 700))
        height, width = wanted, round(wanted * rng.uniform(1, 1.5))
        size = max(height, pixels.shape[0]), max(width, pixels.shape[1])
        pixels = continued(pixels, size)
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def continued(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return H x W x C pixels continued by their reflections to a height and a width."""
    rows, columns = (_reflected(have, want) for have, want in zip(pixels.shape, size, strict=False))
    return np.ascontiguousarray(pixels[rows][:, columns])


def _reflected(have: int, want: int) -> np.ndarray:
    places = np.arange(want) % (2 * have)
    return np.where(places < have, places, 2 * have - 1 - places)


def saved(folder: Path, lessons: Iterator[Lesson], name: str, every: int = 50) -> int:
    """Write the lessons in files of `every`, so that whatever ends the drawing loses few; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting: list[Lesson] = []
    number = 0
    for number, each in enumerate(lessons, start=1):
        waiting.append(each)
        if len(waiting) == every:
            _write(folder / f"{name}-{number:06d}.npz", waiting)
            waiting = []
    if waiting:
        _write(folder / f"{name}-{number:06d}.npz", waiting)
    return number


def _write(path: Path, lessons: Sequence[Lesson]) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, lessons=np.array([vars(each) for each in lessons], dtype=object))
    path.write_bytes(buffer.getvalue())


def loaded(folder: Path) -> list[Lesson]:
    """Return the lessons of a folder; raise UserError where there are none. Only load what you drew yourself."""
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise UserError("{folder} holds no lessons: draw some first.", folder=folder)
    found = []
    for file in files:
        with np.load(file, allow_pickle=True) as arrays:
            found += [Lesson(**each) for each in arrays["lessons"]]
    return found
