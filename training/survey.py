"""Examines photos before training: which are sharp and large enough, and which are duplicates."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from PIL import Image

from engine.faces.sharpness import sharpness
from training.sources import Source, ahead, decoded_or_reason

PhotoVerdict = Literal["good", "blurred", "small", "duplicate", "unreadable"]

SMALLEST = 160  # px of the shorter side as training reads it: with less, a crop is mostly its own reflection
# of 100 photos known to be sharp, 99 are above; of the same photos under a Gaussian blur of 3 px, about 5
SHARPEST_PART = 0.65
# of 256 bits: a copy (smaller, brighter or cut by 3 px) differs in up to 30, other photos in 53 or more
SAME_BITS = 30
_PART = 256  # px, side of the parts whose sharpness is measured
_THUMBNAIL = 112  # px of the longer side
_THREADS = 2  # leaves room for the window


@dataclass(frozen=True)
class Look:
    """The findings on one photo.

    place: see `Source`. size: width and height in px as training reads it, (0, 0) if it cannot be read.
    sharpness: of its sharpest part, in [0, 1]. like: name of the photo that it is a copy of. reason: why it cannot be
    read. faces: how many there are, None if they were not counted. thumbnail: a JPEG of it.
    """

    name: str
    place: str
    verdict: PhotoVerdict
    size: tuple[int, int] = (0, 0)
    sharpness: float = 0.0
    like: str = ""
    reason: str = ""
    faces: int | None = None
    thumbnail: bytes = b""

    @property
    def bytes(self) -> int:
        """Bytes of memory that it takes during training."""
        return 3 * self.size[0] * self.size[1]


@dataclass(frozen=True)
class _Seen:
    look: Look
    picture: np.ndarray | None
    bits: np.ndarray


def survey(photos: Iterable[Source], count_faces: Callable[[np.ndarray], int] | None = None) -> Iterator[Look]:
    """Yield the findings on each photo, in order; yield a smaller duplicate again, as left out.

    count_faces: returns the faces in H x W x 3 uint8; asked of the good ones.
    """
    known = np.zeros((0, 256), bool)
    kept: list[Look] = []
    for seen in ahead(_look, photos, _THREADS):
        look = seen.look
        if look.verdict != "good":
            yield look
            continue
        differing = (known != seen.bits).sum(1)
        nearest = int(differing.argmin()) if kept else 0
        copied = bool(kept) and differing[nearest] <= SAME_BITS
        if copied and look.bytes <= kept[nearest].bytes:
            yield replace(look, verdict="duplicate", like=kept[nearest].name)
            continue
        if count_faces is not None and seen.picture is not None:
            look = replace(look, faces=count_faces(seen.picture))
        if copied:
            yield replace(kept[nearest], verdict="duplicate", like=look.name, faces=None)
            kept[nearest] = look
        else:
            known = np.concatenate([known, seen.bits[None]])
            kept.append(look)
        yield look


def _look(source: Source) -> _Seen:
    picture = decoded_or_reason(source)
    if isinstance(picture, str):
        unread = Look(source.name, source.place, "unreadable", reason=picture)
        return _Seen(unread, None, np.zeros(256, bool))
    height, width = picture.shape[:2]
    sharp = sharpest_part(picture)
    verdict: PhotoVerdict = (
        "small" if min(width, height) < SMALLEST else "blurred" if sharp < SHARPEST_PART else "good"
    )
    look = Look(source.name, source.place, verdict, (width, height), sharp, thumbnail=_thumbnail(picture))
    return _Seen(look, picture, difference_bits(picture))


def sharpest_part(picture: np.ndarray) -> float:
    """Return the sharpness in [0, 1] of the sharpest part of H x W x 3 uint8: a portrait's background may be soft."""
    height, width = picture.shape[:2]
    rows, columns = max(1, round(height / _PART)), max(1, round(width / _PART))
    ys, xs = np.linspace(0, height, rows + 1), np.linspace(0, width, columns + 1)
    return max(sharpness(picture, (xs[i], ys[j], xs[i + 1], ys[j + 1])) for j in range(rows) for i in range(columns))


def difference_bits(picture: np.ndarray) -> np.ndarray:
    """Return 256 bits that copies share: is each of 16 x 16 places darker than its right neighbour (dHash)?"""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA)
    return (small[:, 1:] > small[:, :-1]).ravel()


def _thumbnail(picture: np.ndarray) -> bytes:
    image = Image.fromarray(picture)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()
