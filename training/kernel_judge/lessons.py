"""Pictures spoiled in known ways, the kernels found in them, and what each of those is worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import cv2
import numpy as np

from engine.errors import UserError
from engine.kernels.candidate_figures import figures, undone
from engine.kernels.estimation import estimate_kernel, luma, similarity, telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.pool import LARGE_WINDOW, large_candidates, small_candidates
from engine.kernels.shaken import Network
from engine.photos.reading import read_photo
from training.evaluation.benchmarks.benchmark import known as known_of
from training.evaluation.benchmarks.cases import TUNE, cases
from training.kernel_judge.text import page
from training.kernel_judge.ways import WAYS, taken
from training.sources import Source, decoded, sources

LEAST, LARGEST, FACE = 240, 640, 256  # px: shorter sides of the pictures that are drawn
SMALLEST = 200  # px: pictures with a shorter side are left out
COMPRESSED = 0.4  # share of them
WIDE, TEXT = 0.25, 0.2  # shares: see `drawn`
OVEREXPOSED = 1.4  # white paper is often brighter than white
WIDE_WAYS = ("shaken", "shaken", "shaken in linear light", "turned")
BORDER = 8  # px that the PSNR leaves out
COLLECTION = {"levin": "levin-2009", "real": "papers-photos"}
NOTHING = np.empty(0, np.float32)
REAL = "real"  # way of the pictures of which only the kernel is known
COMPLETED = ", completed"  # ends the way of those to whose pools the true kernel was added
RIGHT = 0.7  # likeness from which on a kernel counts as the true one
SHIFTS = 3  # steps of registration: a photo does not tell where its kernel's origin was


@dataclass(frozen=True, eq=False)
class Lesson:
    """A picture's candidates; NaN: nobody knows.

    figures: kernels x figures. gain: dB over the blurred picture; network: of the network's result. likeness: each
    kernel's similarity to the true one, in [0, 1]. place: of the picture, as `training.sources` has it. kernels:
    kernels x side x side, each in the middle; true: the true one, side x side. blurred, sharp: H x W x 3, 8 bits.
    What is not known is empty.
    """

    way: str
    place: str
    figures: np.ndarray
    gain: np.ndarray
    likeness: np.ndarray
    network: float
    kernels: np.ndarray
    true: np.ndarray
    blurred: np.ndarray
    sharp: np.ndarray


def lesson(
    way: str,
    place: str,
    blurred: np.ndarray,
    sharp: np.ndarray | None,
    network: Network,
    known: Sequence[Kernel] = (),
) -> Lesson | None:
    """Find kernels in an H x W x 3 picture and judge them by its truth; None where it tells none.

    known: the true kernel, in each turn in which it may lie; else it is estimated. network: see `shaken_kernels`.
    """
    kernels = small_candidates(blurred) + large_candidates(blurred)
    if len(kernels) < 2:
        return None
    if sharp is not None:
        window = telling_window(blurred, LARGE_WINDOW)
        known = known or _estimated(luma(blurred[window]), luma(sharp[window]))
    seen, gain, gained = _told(blurred, sharp, kernels, network)
    likeness = np.array([max((similarity(kernel, each) for each in known), default=np.nan) for kernel in kernels])
    laid = stacked([*kernels, *known[:1]])
    pictures = (eight_bits(blurred), NOTHING if sharp is None else eight_bits(sharp))
    true = laid[-1] if known else NOTHING
    return Lesson(way, place, seen, gain, likeness, gained, laid[: len(kernels)], true, *pictures)


def told_anew(old: Lesson, network: Network) -> Lesson:
    """Return a lesson whose kernels are kept, with the figures and gains that they have by the present code."""
    blurred, sharp = (pixels.astype(np.float32) / 255 for pixels in (old.blurred, old.sharp))
    seen, gain, gained = _told(blurred, sharp if sharp.size else None, unstacked(old.kernels), network)
    return replace(old, figures=seen, gain=gain, network=gained)


def _told(
    blurred: np.ndarray, sharp: np.ndarray | None, kernels: Sequence[Kernel], network: Network
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the figures of kernels, what each of them gains in dB, and the network; NaN without a truth."""
    window = telling_window(blurred, LARGE_WINDOW)
    plane, noise = luma(blurred[window]), noise_level(blurred[window])
    hint = luma(network(np.ascontiguousarray(blurred[window])))
    results = [undone(plane, kernel, noise) for kernel in kernels]
    seen = figures(plane, kernels, results, noise, hint)
    if sharp is None:
        return seen, np.full(len(kernels), np.nan), np.nan
    truth = luma(sharp[window])
    before = psnr(plane, truth)
    gain = np.array([psnr(result.clip(0, 1), truth) - before for result in results])
    return seen, gain, psnr(hint, truth) - before


def stacked(kernels: Sequence[Kernel]) -> np.ndarray:
    """Return kernels x side x side, each kernel in the middle of a square of the largest side."""
    side = max(max(each.values.shape) for each in kernels)
    pads = [[(side - length) // 2 for length in each.values.shape] for each in kernels]
    return np.stack(
        [np.pad(each.values, [(pad, pad) for pad in padded]) for each, padded in zip(kernels, pads, strict=True)]
    )


def unstacked(laid: np.ndarray) -> list[Kernel]:
    """Return the kernels of a stack, each as small as it is."""
    middle = laid.shape[1] // 2
    reach = [int(np.abs(np.argwhere(values) - middle).max()) for values in laid]
    parts = [slice(middle - half, middle + half + 1) for half in reach]
    return [Kernel(np.ascontiguousarray(each[part, part])) for each, part in zip(laid, parts, strict=True)]


def eight_bits(pixels: np.ndarray) -> np.ndarray:
    """Return pixels in [0, 1], cut to that and rounded to 8 bits."""
    return (pixels.clip(0, 1) * 255).round().astype(np.uint8)


def _estimated(plane: np.ndarray, truth: np.ndarray) -> tuple[Kernel, ...]:
    try:
        return (estimate_kernel(plane, truth),)
    except ValueError:  # no edges
        return ()


def of_benchmark(name: str, folder: Path, network: Network) -> Iterator[Lesson]:
    """Yield lessons on the half of a benchmark that may be tuned on; `real` teaches by its kernels alone."""
    for case in cases(name, folder):
        if case.half == TUNE and (case.sharp or case.kernel):
            blurred = read_photo(case.blurred).pixels
            truth = known_of(name, case, blurred)
            sharp = truth.sharp if name == "levin" else None
            made = lesson(name, f"{COLLECTION[name]}/{case.name}", blurred, sharp, network, truth.kernels)
            if made is not None:
                yield made


def drawn(
    photos: Sequence[Path], network: Network, minutes: float, seed: int, wide: float = WIDE, text: float = TEXT
) -> Iterator[Lesson]:
    """Draw pictures from folders and archives, spoil them, and yield a lesson each until the minutes are over.

    wide: share of pictures that are shaken by much. text: share of those that are drawn pages. Raise UserError where
    there are no pictures.
    """
    rng, end = np.random.default_rng(seed), time.monotonic() + 60 * minutes
    places = [list(sources([path])) for path in photos]
    if not places or not all(places):
        raise UserError("There are no pictures to learn from.")
    while time.monotonic() < end:
        place = places[rng.integers(len(places))]
        photo = place[rng.integers(len(place))]
        much, exposed = rng.random() < wide, np.float32(1)
        if much and rng.random() < text:
            exposed = np.float32(rng.uniform(1, OVEREXPOSED))
            photo, sharp = Source("page", b"", "drawn-text/page"), page(int(rng.integers(LEAST, LARGEST)), rng)
        else:
            sharp = cut_out(decoded(photo.data), rng)
        if min(sharp.shape[:2]) < SMALLEST:
            continue
        way, blurred = spoiled(exposed * sharp, rng, much)
        made = lesson(way, photo.place, blurred, (exposed * sharp).clip(0, 1), network)
        if made is not None:
            yield made


def spoiled(sharp: np.ndarray, rng: np.random.Generator, wide: bool = False) -> tuple[str, np.ndarray]:
    """Return a way, and what it and a camera make of an H x W x 3 picture in [0, 1]; wide: shaken by much."""
    way = list(WAYS)[rng.choice(len(WAYS), p=[share for _, share in WAYS.values()])]
    side = min(sharp.shape[:2])
    extent = np.exp(rng.uniform(np.log(3), np.log(side / 6))) if rng.random() < 0.5 else rng.uniform(9, side / 8)
    if wide:
        way, extent = WIDE_WAYS[rng.integers(len(WIDE_WAYS))], np.exp(rng.uniform(np.log(17), np.log(side / 4)))
    if way == "out of focus":
        extent = rng.uniform(2, 14)
    noise = float(np.exp(rng.uniform(np.log(0.002), np.log(0.03)))) if rng.random() < 0.7 else 0.01
    quality = int(rng.integers(50, 97)) if rng.random() < COMPRESSED else None
    return way, taken(WAYS[way][0](sharp, rng, float(extent)).astype(np.float32), rng, noise, quality)


def psnr(result: np.ndarray, truth: np.ndarray) -> float:
    """Return the PSNR in dB of an H x W plane in [0, 1], moved to where it lies best on the truth."""
    best, moved = -np.inf, result
    shift: np.ndarray = np.zeros(2)
    inside = np.s_[BORDER:-BORDER, BORDER:-BORDER]
    for _ in range(SHIFTS):
        error = (moved - truth)[inside]
        best = max(best, -10 * np.log10(float((error**2).mean()) + 1e-12))
        slopes = np.stack([slope[inside].ravel() for slope in reversed(np.gradient(moved))])
        shift = shift - np.clip(np.linalg.lstsq(slopes.T, error.ravel(), rcond=None)[0], -2, 2)
        matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
        size = result.shape[::-1]
        moved = np.asarray(
            cv2.warpAffine(result, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        )
    return best


def cut_out(photo: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a part of an H x W x 3 photo of 8 bits, often shrunk before, as float32 in [0, 1]."""
    pixels = photo.astype(np.float32) / 255
    shorter = min(pixels.shape[:2])
    side = FACE if rng.random() < 0.3 else float(np.exp(rng.uniform(np.log(LEAST), np.log(LARGEST))))
    if shorter > 1.05 * side and rng.random() < 0.7:
        factor = max(side / shorter, rng.uniform(0.3, 1))
        pixels = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    height, width = (int(min(a, b)) for a, b in zip(pixels.shape, (side, side * rng.uniform(1, 1.4)), strict=False))
    top, left = rng.integers(0, pixels.shape[0] - height + 1), rng.integers(0, pixels.shape[1] - width + 1)
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])


def saved(folder: Path, lessons: Iterator[Lesson], name: str, on_lesson: Callable[[int], None]) -> None:
    """Write each lesson as a file of its own, so that whatever ends the drawing loses none."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(lessons):
        with (folder / f"{name}-{number:05d}.npz").open("wb") as file:
            np.savez_compressed(file, **vars(each))
        on_lesson(number + 1)


def loaded(folder: Path) -> list[Lesson]:
    """Return the lessons of a folder; raise UserError where there are none."""
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise UserError("{folder} holds no lessons: draw some first.", folder=folder)
    found = []
    for file in files:
        with np.load(file) as arrays:
            way, place, network = str(arrays["way"]), str(arrays["place"]), float(arrays["network"])
            rest = {each.name: arrays[each.name] for each in fields(Lesson)[2:] if each.name != "network"}
            found.append(Lesson(way, place, network=network, **rest))
    return found
