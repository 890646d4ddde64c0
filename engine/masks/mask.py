"""A mask in tiles that its versions share, so that every step of undo costs only what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

TILE = 256
"""Px along the sides of a tile."""

Size = tuple[int, int]
PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom in whole px."""


@dataclass(frozen=True, eq=False)
class Mask:
    """Strength for every pixel. size: (width, height) in px.

    tiles: rows of uint8 arrays of at most TILE x TILE px; 0 is the photo, 255 the result. Nobody writes to a tile.
    """

    size: Size
    tiles: tuple[tuple[np.ndarray, ...], ...]

    @classmethod
    def filled(cls, size: Size, value: int) -> Mask:
        """Return a mask of one value, 0 to 255, which takes next to no memory."""
        width, height = size
        return cls(
            size,
            tuple(
                tuple(_plain(min(TILE, height - top), min(TILE, width - left), value) for left in _starts(width))
                for top in _starts(height)
            ),
        )

    @classmethod
    def of(cls, values: np.ndarray) -> Mask:
        """Return the mask of H x W uint8 values."""
        height, width = values.shape
        return cls.filled((width, height), 0).replaced((0, 0, width, height), values)

    def values(self) -> np.ndarray:
        """Return all values, H x W uint8, in memory of their own."""
        return self.region((0, 0, *self.size))

    def region(self, box: PixelBox) -> np.ndarray:
        """Return the values in a box that lies in the photo, h x w uint8, in memory of their own."""
        left, top, right, bottom = box
        out = np.empty((bottom - top, right - left), np.uint8)
        for row, column in self._places(box):
            tile = self.tiles[row][column]
            y, x = row * TILE, column * TILE
            rows = slice(max(y, top), min(y + tile.shape[0], bottom))
            columns = slice(max(x, left), min(x + tile.shape[1], right))
            part = tile[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
            out[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = part
        return out

    def replaced(self, box: PixelBox, values: np.ndarray) -> Mask:
        """Return the mask with other values, h x w uint8, in a box that lies in the photo."""
        left, top, right, bottom = box
        tiles = [list(row) for row in self.tiles]
        for row, column in self._places(box):
            before = tiles[row][column]
            y, x = row * TILE, column * TILE
            rows = slice(max(y, top), min(y + before.shape[0], bottom))
            columns = slice(max(x, left), min(x + before.shape[1], right))
            tile = before.copy()
            part = values[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
            tile[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x] = part
            tiles[row][column] = _shared(tile, before)
        same = all(
            one is other
            for row, rest in zip(tiles, self.tiles, strict=True)
            for one, other in zip(row, rest, strict=True)
        )
        return self if same else Mask(self.size, tuple(map(tuple, tiles)))

    def inverted(self) -> Mask:
        """Return the mask that is strong where this one is weak."""
        return Mask(self.size, tuple(tuple(_shared(255 - tile) for tile in row) for row in self.tiles))

    def changed(self, before: Mask) -> PixelBox | None:
        """Return the box round all tiles that differ from those of a mask of this size, None where none does."""
        places = [
            (row, column)
            for row, column in self._places((0, 0, *self.size))
            if self.tiles[row][column] is not before.tiles[row][column]
        ]
        if not places:
            return None
        rows, columns = [row for row, _ in places], [column for _, column in places]
        width, height = self.size
        right, bottom = (max(columns) + 1) * TILE, (max(rows) + 1) * TILE
        return min(columns) * TILE, min(rows) * TILE, min(right, width), min(bottom, height)

    @property
    def value(self) -> int | None:
        """The value of every pixel, None where they differ."""
        first = int(self.tiles[0][0][0, 0])
        return first if all((tile == first).all() for row in self.tiles for tile in row) else None

    def _places(self, box: PixelBox) -> Iterator[tuple[int, int]]:
        """Yield row and column of each tile that a box touches."""
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(left // TILE, -(-right // TILE)):
                yield row, column


def _starts(length: int) -> range:
    return range(0, length, TILE)


def _plain(height: int, width: int, value: int) -> np.ndarray:
    return np.broadcast_to(np.uint8(value), (height, width))


def _shared(tile: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
    """Return a tile that is not written to: the one before where it is the same, a single value where it is plain."""
    if before is not None and np.array_equal(tile, before):
        return before
    low = int(tile.min())
    if low == int(tile.max()):
        return _plain(tile.shape[0], tile.shape[1], low)
    tile.flags.writeable = False
    return tile
