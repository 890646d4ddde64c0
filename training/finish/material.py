"""What the finish learns from: photos spoiled in known ways, and what is made of them by kernels as they are found.

The pictures, kernels and figures are those of lessons of `training.kernel_judge`. Kernels are ranked by forests that
did not learn from their lesson, so that they are trusted as unseen photos' are. Searches take long: most material is
made of other pictures, spoiled as a lesson's was and deconvolved by the kernels that were found for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.kernels.blurring import blur
from engine.kernels.candidate_judge import Found
from engine.kernels.estimation import luma
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly
from engine.kernels.noise import noise_level
from engine.kernels.shaken import Network
from engine.networks.finish.candidates import AssumedBlur, deconvolved, found_blur, given_blur, quick, stack
from training.kernel_judge.learning import ranked_unseen
from training.kernel_judge.lessons import Lesson, cut_out, eight_bits, unstacked
from training.kernel_judge.text import page
from training.kernel_judge.ways import WAYS, in_light_by, taken
from training.registration import LARGEST, apart, moved, shift
from training.sources import Source, decoded

SIDE = 256  # px of other pictures: many small ones teach more than a few large ones
LEAST = 64  # px: a smaller picture shows nothing beyond its border
BLURRED_AS_A_WHOLE = ("shaken", "shaken in linear light", "out of focus")
EXTENTS = 6.0, 25.0  # px of what did not blur the picture as a whole
IN_PLACE = 0.05  # px: a smaller shift is not worth the detail that moving costs
TEXT = 0.1  # share of the other pictures that are drawn pages
KNOWN_KERNELS = 0.3


@dataclass(frozen=True, eq=False)
class Material:
    """A picture and what the finish sees of it, in 8 bits.

    way, place: as a lesson has them. sharp: H x W x 3. seen: H x W x CHANNELS, whose last plane is moved by a half.
    trust: TRUST numbers.
    """

    way: str
    place: str
    sharp: np.ndarray
    seen: np.ndarray
    trust: np.ndarray


def of_lessons(lessons: Sequence[Lesson], network: Network) -> Iterator[Material]:
    """Yield the material of the lessons' own pictures."""
    for lesson, ranked in zip(lessons, ranked_unseen(lessons), strict=True):
        if ranked and lesson.sharp.size and min(lesson.sharp.shape[:2]) >= LEAST:
            blurred, sharp = (each.astype(np.float32) / 255 for each in (lesson.blurred, lesson.sharp))
            yield _made(lesson.way, lesson.place, sharp, blurred, found_blur(ranked, noise_level(blurred)), network)


def of_others(
    lessons: Sequence[Lesson],
    photos: Sequence[Sequence[Source]],
    network: Network,
    seed: int,
    known_kernels: float = KNOWN_KERNELS,
) -> Iterator[Material]:
    """Yield material of other pictures without end: each is spoiled as a lesson's was, by its true kernel turned.

    photos: pictures by place; each place is as likely. known_kernels: share of pictures that are deconvolved by their
    true kernel, which users may know.
    """
    rng = np.random.default_rng(seed)
    known = [
        (lesson, ranked)
        for lesson, ranked in zip(lessons, ranked_unseen(lessons), strict=True)
        if ranked and lesson.way in WAYS and (lesson.true.size or lesson.way not in BLURRED_AS_A_WHOLE)
    ]
    if not known:
        raise UserError("No lesson knows its true kernel.")
    while True:
        lesson, ranked = known[int(rng.integers(len(known)))]
        photo, sharp = _other(photos, rng)
        turn = _turn(rng)
        true = _true(lesson, turn)
        least = LEAST if true is None else max(LEAST, 3 * len(true.values))
        if min(sharp.shape[:2]) < least:
            continue
        sharp = _part(sharp, max(SIDE, least), rng)
        shaken = _spoiled(lesson.way, sharp, true, rng)
        noise = float(np.exp(rng.uniform(np.log(0.002), np.log(0.05))))
        quality = int(rng.integers(50, 97)) if rng.random() < 0.3 else None
        blurred = taken(shaken.astype(np.float32), rng, noise, quality)
        noise = noise_level(blurred)
        if true is not None and rng.random() < known_kernels:
            yield _made(lesson.way, photo.place, sharp, blurred, given_blur(true, noise), network)
        else:
            turned = [_turned(each, turn) for each in ranked]
            yield _made(lesson.way, photo.place, sharp, blurred, found_blur(turned, noise), network)


def _other(photos: Sequence[Sequence[Source]], rng: np.random.Generator) -> tuple[Source, np.ndarray]:
    """Draw a photo and return it with a part of it, or a page of text: its edges are like no photo's."""
    if rng.random() < TEXT:
        number, side = int(rng.integers(2**31)), int(rng.integers(SIDE, 2 * SIDE))
        return Source("page", b"", f"drawn-text/page-{number}"), page(side, np.random.default_rng(number))
    place = photos[int(rng.integers(len(photos)))]
    photo = place[int(rng.integers(len(place)))]
    return photo, cut_out(decoded(photo.data), rng)


def _true(lesson: Lesson, turn: Callable[[np.ndarray], np.ndarray]) -> Kernel | None:
    """Return the kernel that blurred a lesson's picture as a whole, turned; None where none did."""
    if lesson.way not in BLURRED_AS_A_WHOLE:
        return None
    return centred_exactly(Kernel(turn(unstacked(lesson.true[None])[0].values)))


def _spoiled(way: str, sharp: np.ndarray, true: Kernel | None, rng: np.random.Generator) -> np.ndarray:
    if true is None:
        return WAYS[way][0](sharp, rng, float(rng.uniform(*EXTENTS)))
    return in_light_by(sharp, true, rng) if way == "shaken in linear light" else blur(sharp, true)


def _part(pixels: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    top, left = (int(rng.integers(0, max(length - side, 0) + 1)) for length in pixels.shape[:2])
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def _turned(found: Found, turn: Callable[[np.ndarray], np.ndarray]) -> Found:
    return Found(Kernel(turn(found.kernel.values)), found.gain, found.beyond, found.right)


def _turn(rng: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
    quarters, mirrored = int(rng.integers(4)), rng.random() < 0.5

    def turn(values: np.ndarray) -> np.ndarray:
        turned = np.rot90(values, quarters)
        return np.ascontiguousarray(turned.T if mirrored else turned)

    return turn


def _made(
    way: str, place: str, sharp: np.ndarray, blurred: np.ndarray, known: AssumedBlur, network: Network
) -> Material:
    by_network, by_kernel = network(blurred), deconvolved(blurred, known)
    seen = stack((blurred, by_network, by_kernel, *quick(blurred, known)), known.kernel)
    seen[..., -1] += 0.5
    return Material(way, place, eight_bits(laid(sharp, (by_network, by_kernel))), eight_bits(seen), known.trust)


def laid(sharp: np.ndarray, candidates: Sequence[np.ndarray]) -> np.ndarray:
    """Return the H x W x 3 sharp picture moved to where it is most like one of its restorations.

    A kernel is found without its place, so that what it restores lies up to some px beside the truth. Judged by the
    truth where it was, a sharp restoration would be worse than a blurred one, and the finish would learn to blur.
    """
    truth, planes = luma(sharp), [luma(each) for each in candidates]
    shifts = [np.zeros(2), *(shift(truth, plane) for plane in planes)]
    near = [each for each in shifts if np.hypot(*each) <= LARGEST]
    best = min(near, key=lambda by: min(apart(moved(truth, by), plane) for plane in planes))
    return moved(sharp, best) if np.hypot(*best) > IN_PLACE else sharp


def saved(folder: Path, material: Iterator[Material], name: str, on_each: Callable[[int], None]) -> None:
    """Write each piece of material as a file of its own, so that whatever ends the making loses none."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(material):
        with (folder / f"{name}-{number:05d}.npz").open("wb") as file:
            np.savez(file, **vars(each))
        on_each(number + 1)


def loaded(folder: Path) -> list[Material]:
    """Return the material of a folder; raise UserError where there is none."""
    found = []
    for file in sorted(folder.glob("*.npz")):
        with np.load(file) as arrays:
            words = str(arrays["way"]), str(arrays["place"])
            found.append(Material(*words, *(arrays[each.name] for each in fields(Material)[2:])))
    if not found:
        raise UserError("{folder} holds no material: make some first.", folder=folder)
    return found
