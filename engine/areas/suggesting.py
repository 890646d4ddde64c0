"""Suggests areas: places whose edges tell most about the blur, and whose blur differs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from engine.areas.area import Area
from engine.faces.face import Box
from engine.kernels.blind import photo_kernel
from engine.kernels.estimation import luma, similarity
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.patches import squares

SHARE = 0.3  # of the photo's shorter side that a suggested area takes
LEAST, MOST = 128, 512  # px a side
ALONG = 6  # places along each side that are looked at
REGIONS = (3, 4)  # rows and columns, each of which has one place whose kernel is compared
TELLING = 0.2  # times what the best place tells: a place that tells less is not looked at further
APART = 1.0  # what a distance of the photo's diagonal is worth, in units of 1 - similarity
SAME = 0.05  # 1 - similarity up to which a kernel is the same as another
OVERLAP = 0.2  # share of an area that may lie in another


class _Place(NamedTuple):
    rows: slice
    columns: slice
    telling: float
    kernel: Kernel | None = None

    @property
    def box(self) -> Box:
        return float(self.columns.start), float(self.rows.start), float(self.columns.stop), float(self.rows.stop)


def suggested(
    photo: np.ndarray, count: int, taken: tuple[Box, ...] = (), on_progress: Callable[[float], None] = lambda _: None
) -> tuple[Area, ...]:
    """Return up to `count` areas of an H x W x 3 photo in [0, 1], the most telling first, without kernels.

    taken: boxes that are areas already. on_progress is told the share in [0, 1] that is done, and may raise. Fewer
    where the photo holds too few edges, or where the blur is the same everywhere.
    """
    places = [place for place in _places(photo) if all(_overlap(place.box, box) <= OVERLAP for box in taken)]
    telling = [place for place in places if place.telling >= TELLING * places[0].telling > 0]
    looked_at, known = _spread(telling, photo.shape), []
    for number, place in enumerate(looked_at):
        share = number / len(looked_at)
        on_progress(share)
        kernel = _quick(photo[place.rows, place.columns], on_progress, share)
        if kernel is not None:
            known.append(place._replace(kernel=kernel))
    on_progress(1.0)
    return tuple(Area(place.box) for place in _different(known, count, photo.shape))


def _places(photo: np.ndarray) -> list[_Place]:
    """Return squares all over the photo, the most telling first."""
    height, width = photo.shape[:2]
    side = int(np.clip(SHARE * min(height, width), LEAST, MOST))
    plane = luma(photo)
    noise = 2 * noise_level(plane)
    counts = tuple(min(ALONG, max(1, 2 * length // side)) for length in (height, width))
    found = [
        _Place(rows, columns, _tells(plane[rows, columns], noise))
        for rows, columns in squares((height, width), side, (counts[0], counts[1]))
    ]
    return sorted(found, key=lambda place: -place.telling)


def _spread(places: list[_Place], shape: tuple[int, ...]) -> list[_Place]:
    """Return the first place in each region of a picture: detail often lies together, and tells the same."""
    first: dict[tuple[int, ...], _Place] = {}
    for place in places:
        left, top, right, bottom = place.box
        middle = (top + bottom) / 2, (left + right) / 2
        region = tuple(int(at * count / length) for at, count, length in zip(middle, REGIONS, shape, strict=False))
        first.setdefault(region, place)
    return list(first.values())


def _tells(plane: np.ndarray, noise: float) -> float:
    """Return how much the edges of a plane tell: edges of one direction tell nothing of the blur along them."""
    steps = np.abs(np.diff(plane, axis=0)), np.abs(np.diff(plane, axis=1))
    return float(min(np.maximum(step - noise, 0).mean() if step.size else 0.0 for step in steps))


def _quick(part: np.ndarray, on_progress: Callable[[float], None], share: float) -> Kernel | None:
    try:
        return photo_kernel(np.ascontiguousarray(part), on_round=lambda: on_progress(share))
    except ValueError:  # no edges
        return None


def _different(places: list[_Place], count: int, shape: tuple[int, ...]) -> list[_Place]:
    """Choose two places that are as different as possible in kernel and position, then one by one from all before."""
    diagonal = float(np.hypot(shape[0], shape[1]))
    pairs = [(one, other) for one, other in combinations(places, 2) if _overlap(one.box, other.box) <= OVERLAP]
    first = max(pairs, key=lambda pair: _worth(pair[0], [pair[1]], diagonal), default=None)
    if count < 2 or first is None or _unlike(*first) <= SAME:
        return places[: min(1, count)]
    chosen = list(first)
    while len(chosen) < count:
        free = [place for place in places if all(_overlap(place.box, one.box) <= OVERLAP for one in chosen)]
        best = max(free, key=lambda place: _worth(place, chosen, diagonal), default=None)
        if best is None or min(_unlike(best, one) for one in chosen) <= SAME:
            break
        chosen.append(best)
    return chosen


def _worth(place: _Place, chosen: list[_Place], diagonal: float) -> float:
    middles = [np.array([box[0] + box[2], box[1] + box[3]]) / 2 for box in (place.box, *(one.box for one in chosen))]
    return min(
        _unlike(place, one) + APART * float(np.hypot(*(middles[0] - middle))) / diagonal
        for one, middle in zip(chosen, middles[1:], strict=True)
    )


def _unlike(one: _Place, other: _Place) -> float:
    assert one.kernel is not None and other.kernel is not None
    return 1 - similarity(one.kernel, other.kernel)


def _overlap(one: Box, other: Box) -> float:
    """Return the share of the smaller box that lies in the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(across, 0) * max(down, 0) / smaller
