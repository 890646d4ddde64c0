"""A picture prepared for the screen: 8-bit levels, each half the size of the previous one, for fast zooming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

To8 = Callable[[np.ndarray], np.ndarray]
"""H x W x 3 float32 in the photo's profile -> H x W x 3 uint8 in the screen's."""

_SMALLEST = 256
_STRIP = 256
_PREVIEW_PIXELS = 1_500_000
_KEEP_LOW_BITS_APART = np.uint32(0xFEFEFEFE)


@dataclass(frozen=True, eq=False)
class Level:
    """One size of the picture. packed: h x w uint32 as 0xffRRGGBB. factor: px of the photo per px of the level.

    holes: pixels of 0 are not there, and what is painted below them is seen.
    """

    packed: np.ndarray
    factor: float
    holes: bool = False

    def image(self) -> QImage:
        """Return a picture that shares the memory; the level must outlive it."""
        height, width = self.packed.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied if self.holes else QImage.Format.Format_RGB32
        return QImage(self.packed.data, width, height, width * 4, kind)


class Pyramid:
    """The levels of one picture. `size` is (width, height) of the photo in px.

    Another thread may call `replace` while one paints: at worst, one frame shows half a tile. touched: it was called.
    """

    def __init__(self, levels: list[Level], size: tuple[int, int]) -> None:
        self._levels = levels
        self._images = [level.image() for level in levels]
        self.size = size
        self.touched = False

    @classmethod
    def build(cls, pixels: np.ndarray, to_8: To8) -> Pyramid:
        """Convert the whole picture, H x W x 3, and make all levels."""
        height, width = pixels.shape[:2]
        packed = np.empty((height, width), np.uint32)
        for top in range(0, height, _STRIP):
            packed[top : top + _STRIP] = pack(to_8(pixels[top : top + _STRIP]))
        return cls(_halved(packed), (width, height))

    @classmethod
    def preview(cls, pixels: np.ndarray, to_8: To8) -> Pyramid:
        """Return one coarse level at once, to show until `build` is ready."""
        height, width = pixels.shape[:2]
        step = max(1, int((height * width / _PREVIEW_PIXELS) ** 0.5))
        coarse = pack(to_8(np.ascontiguousarray(pixels[::step, ::step])))
        return cls([Level(coarse, step)], (width, height))

    def copy(self) -> Pyramid:
        """Return a copy with its own memory, on which restored tiles appear."""
        return Pyramid([Level(level.packed.copy(), level.factor) for level in self._levels], self.size)

    def blank(self) -> Pyramid:
        """Return an empty picture of the same size, for restored tiles. It takes memory only with them."""
        levels = [Level(np.zeros(level.packed.shape, np.uint32), level.factor, holes=True) for level in self._levels]
        return Pyramid(levels, self.size)

    def replace(self, left: int, top: int, pixels: np.ndarray, to_8: To8) -> None:
        """Put H x W x 3 float32 pixels at (left, top) of the photo, on every level."""
        self.touched = True
        height, width = pixels.shape[:2]
        right, bottom = left + width, top + height
        step = round(self._levels[0].factor)
        if step > 1:  # a preview has every step-th pixel
            pixels = np.ascontiguousarray(pixels[-top % step :: step, -left % step :: step])
            left, top, right, bottom = (-(-edge // step) for edge in (left, top, right, bottom))
        if not pixels.size:
            return
        finest = self._levels[0].packed
        for row in range(0, bottom - top, _STRIP):
            finest[top + row : min(top + row + _STRIP, bottom), left:right] = pack(to_8(pixels[row : row + _STRIP]))
        for above, below in zip(self._levels, self._levels[1:], strict=False):
            left, top, right, bottom = left // 2, top // 2, -(-right // 2), -(-bottom // 2)
            source = above.packed[2 * top : 2 * bottom, 2 * left : 2 * right]
            below.packed[top:bottom, left:right] = halve(source)

    def level_for(self, scale: float) -> tuple[QImage, float]:
        """Return image and factor of the coarsest level that still has a pixel for each pixel of the screen.

        scale: px of the screen per px of the photo.
        """
        best = 0
        for index, level in enumerate(self._levels):
            if level.factor * scale <= 1.0001:
                best = index
        return self._images[best], self._levels[best].factor

    def crop(self, box: tuple[float, float, float, float], side: int) -> QImage:
        """Return the part in a box of the photo, at most `side` px large."""
        left, top, right, bottom = box
        image, factor = self.level_for(side / max(1.0, right - left, bottom - top))
        part = QRectF(left / factor, top / factor, (right - left) / factor, (bottom - top) / factor).toAlignedRect()
        copied = image.copy(part.intersected(image.rect()))
        how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        return copied.scaled(side, side, *how)

    def colour_at(self, x: int, y: int) -> tuple[int, int, int] | None:
        """Return red, green and blue (0 to 255) of a pixel of the photo, None outside it."""
        width, height = self.size
        if not (0 <= x < width and 0 <= y < height):
            return None
        level = self._levels[0]
        value = int(level.packed[int(y / level.factor), int(x / level.factor)])
        return value >> 16 & 255, value >> 8 & 255, value & 255


def pack(rgb: np.ndarray) -> np.ndarray:
    """Return H x W x 3 uint8 as H x W uint32, 0xffRRGGBB, the order that Qt paints fastest."""
    import cv2

    bgra: np.ndarray = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA)
    return bgra.view("<u4")[..., 0]


def halve(packed: np.ndarray) -> np.ndarray:
    """Average 2 x 2 px of h x w uint32; an odd last row or column counts twice.

    All four bytes are averaged at once (Hacker's Delight, section 2-5). Rows are rounded up and columns down, so that
    no level becomes lighter or darker.
    """
    height, width = packed.shape
    if height % 2 or width % 2:
        packed = np.pad(packed, ((0, height % 2), (0, width % 2)), mode="edge")
    a, b = packed[0::2], packed[1::2]
    rows = (a | b) - (((a ^ b) & _KEEP_LOW_BITS_APART) >> np.uint32(1))
    a, b = rows[:, 0::2], rows[:, 1::2]
    return (a & b) + (((a ^ b) & _KEEP_LOW_BITS_APART) >> np.uint32(1))


def _halved(finest: np.ndarray) -> list[Level]:
    levels = [Level(finest, 1)]
    while max(levels[-1].packed.shape) > _SMALLEST:
        last = levels[-1]
        height, width = last.packed.shape
        packed = np.empty((-(-height // 2), -(-width // 2)), np.uint32)
        for top in range(0, height, _STRIP):
            packed[top // 2 : (top + _STRIP) // 2] = halve(last.packed[top : top + _STRIP])
        levels.append(Level(packed, last.factor * 2))
    return levels
