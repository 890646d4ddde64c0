"""Cuts a picture into equal tiles that overlap, and joins them again without a seam.

A network needs tiles of one size, at multiples of its steps. `engine.kernels.patches` cuts cells with a centre and a
rim for deconvolution; docs/decisions/0014 says why both stay. They fade by the same ramp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from engine.kernels.patches import ramp
from engine.restoration.watch import PixelBox

ROWS = 256  # joined at a time: a product as large as the tile would double its memory
MOST_OVERLAP = 4  # a tile shares at most a quarter of its side with each neighbour


@dataclass(frozen=True)
class Spans:
    """Equal intervals along one side of a picture: all `side` long, starting at `starts`, covering `length` px.

    The last may extend past the end by less than `multiple`: the picture is continued there by reflection.
    """

    length: int
    side: int
    starts: tuple[int, ...]

    @cached_property
    def windows(self) -> list[np.ndarray]:
        """Return sine-weighted weights of each interval, `side` float32 numbers; at every pixel they sum to one."""
        raw = [self._ramps(i) for i in range(len(self.starts))]
        total = np.zeros(self.starts[-1] + self.side, np.float32)
        for start, window in zip(self.starts, raw, strict=True):
            total[start : start + self.side] += window
        return [w / total[s : s + self.side] for s, w in zip(self.starts, raw, strict=True)]

    def _ramps(self, index: int) -> np.ndarray:
        window = np.ones(self.side, np.float32)
        ends = [start + self.side for start in self.starts]
        if index > 0:
            window *= _rising(ends[index - 1] - self.starts[index], self.side)
        if index + 1 < len(self.starts):
            window *= _rising(ends[index] - self.starts[index + 1], self.side)[::-1]
        return window


def _rising(overlap: int, side: int) -> np.ndarray:
    """Return weights that rise over `overlap` px and are then one."""
    weights = np.ones(side, np.float32)
    weights[:overlap] = ramp((np.arange(overlap) + 0.5) / max(overlap, 1) - 0.5)
    return weights


def spans(length: int, most: int, overlap: int = 0, multiple: int = 1, smallest: int = 1) -> Spans:
    """Cut `length` px into intervals of at most `most` px, or of the least that the network accepts.

    Sides and starts are multiples of `multiple`, so that a network that resamples sees every tile in the same phase.
    Neighbours share `overlap` px or slightly more, but at most about a quarter of their side.
    """
    whole = ceil(max(length, smallest) / multiple)  # from here on in multiples
    least = ceil(smallest / multiple)
    most = max(most // multiple, least)
    if whole <= most:
        return Spans(length, whole * multiple, (0,))
    shared = min(ceil(overlap / multiple), most // MOST_OVERLAP)
    count = ceil((whole - shared) / (most - shared))
    side = max(ceil((whole + (count - 1) * shared) / count), least)
    starts = tuple((whole - side) * i // (count - 1) * multiple for i in range(count))
    return Spans(length, side * multiple, starts)


@dataclass(frozen=True)
class Grid:
    """The tiles of a picture."""

    rows: Spans
    columns: Spans

    @property
    def count(self) -> int:
        """The number of tiles."""
        return len(self.rows.starts) * len(self.columns.starts)

    @property
    def whole(self) -> bool:
        """Whether one tile covers the whole picture."""
        return self.count == 1

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for row in range(len(self.rows.starts)) for column in range(len(self.columns.starts)))

    def box(self, row: int, column: int) -> PixelBox:
        """Return (left, top, right, bottom) of a tile within the picture."""
        left, top = self.columns.starts[column], self.rows.starts[row]
        right = min(left + self.columns.side, self.columns.length)
        return left, top, right, min(top + self.rows.side, self.rows.length)

    def cut(self, pixels: np.ndarray, row: int, column: int) -> np.ndarray:
        """Return the tile of H x W x C pixels, continued by reflection beyond the picture; often a view."""
        left, top, right, bottom = self.box(row, column)
        tile = pixels[top:bottom, left:right]
        below, beside = self.rows.side - (bottom - top), self.columns.side - (right - left)
        if not below and not beside:
            return tile
        return tile[_reflected(bottom - top, self.rows.side)][:, _reflected(right - left, self.columns.side)]

    def widened(self, pixels: np.ndarray) -> np.ndarray:
        """Return the picture, continued by reflection if a side is shorter than a tile."""
        height, width = max(self.rows.length, self.rows.side), max(self.columns.length, self.columns.side)
        if height > self.rows.length:
            pixels = pixels[_reflected(self.rows.length, height)]
        if width > self.columns.length:  # one copy per side only, since the picture may be a large panorama
            pixels = pixels[:, _reflected(self.columns.length, width)]
        return pixels

    def join(self, out: np.ndarray, tile: np.ndarray, row: int, column: int) -> None:
        """Add a tile under its window to H x W x C `out`, which starts as zeros."""
        left, top, right, bottom = self.box(row, column)
        tile = tile[: bottom - top, : right - left]
        across = self.columns.windows[column][: right - left, None]
        down = self.rows.windows[row][: bottom - top, None, None]
        for start in range(0, bottom - top, ROWS):
            part = slice(start, min(start + ROWS, bottom - top))
            out[top:bottom, left:right][part] += tile[part] * (down[part] * across)


def _reflected(length: int, wanted: int) -> np.ndarray:
    """Return `wanted` indices: 0 .. length - 1, then back and forth without repeating the ends."""
    period = max(2 * (length - 1), 1)
    index = np.arange(wanted) % period
    return np.minimum(index, period - index)


def restore_tiles(
    pixels: np.ndarray,
    grid: Grid,
    restore: Callable[[np.ndarray, PixelBox], np.ndarray],
    each: Callable[[int, PixelBox, np.ndarray], None],
    into: np.ndarray | None = None,
) -> np.ndarray:
    """Return H x W x C float32: every tile restored and joined; `each` gets (tiles done, box, pixels).

    `restore` gets a tile and its box; a tile that continues beyond the picture is larger than its box. The picture is
    made in `into` if that has its shape.
    """
    if into is not None and into.shape == pixels.shape:
        out = into
        out.fill(0)  # left over from a previous attempt
    else:
        out = np.zeros(pixels.shape, np.float32)
    for done, (row, column) in enumerate(grid, start=1):
        left, top, right, bottom = box = grid.box(row, column)
        tile = restore(grid.cut(pixels, row, column), box)
        grid.join(out, tile, row, column)
        each(done, box, tile[: bottom - top, : right - left])
    return out
