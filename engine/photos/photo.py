"""A photo as the engine sees it: pixels, and everything else that its file carried, untouched."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.photos.samples import strips

MOST_DOTS = 1e6  # per inch
_ROUNDING = ("WEBP", "AVIF", "HEIF")


@dataclass(frozen=True)
class Metadata:
    """The blocks of a file, byte for byte as they were; None where there was none.

    exif: TIFF structure without the "Exif\\0\\0" prefix. xmp: the packet. iptc: IIM records. icc: the profile.
    resolution: (x, y) in dots per inch; what no printer or scanner has counts as none.
    others: parts that only their own format has a place for, as (name, body): chunks of PNG by their type, comments
    ("COM") and application segments ("APP5") of JPEG. xmp_extended: the second packet of a JPEG whose first would
    not hold all (XMP specification part 3, section 1.1.3.1). gain_map: a JPEG file of its own; see `gain_maps`.
    resources: Photoshop's image resources but for IPTC and thumbnails: paths, copyright mark and address, slices.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    icc: bytes | None = None
    resolution: tuple[float, float] | None = None
    others: tuple[tuple[str, bytes], ...] = ()
    xmp_extended: bytes | None = None
    gain_map: bytes | None = None
    resources: bytes | None = None

    def __post_init__(self) -> None:
        # Damaged files tell of billions of dots, of none or of NaN, for which other formats have no number.
        if self.resolution is not None and not all(0 < dots <= MOST_DOTS for dots in self.resolution):
            object.__setattr__(self, "resolution", None)


@dataclass(frozen=True)
class Coding:
    """How a JPEG, WebP or AVIF file was coded, so that its photo can be coded the same way again.

    tables: quantisation tables of 64 numbers in natural order, luminance first; empty where unknown.
    subsampling: Pillow's number, 0 = 4:4:4, 1 = 4:2:2, 2 = 4:2:0. lossless: WebP without loss.
    bits: of a sample of AVIF, where there are more than 8.
    """

    tables: tuple[tuple[int, ...], ...] = ()
    subsampling: int = 0
    lossless: bool = False
    bits: int | None = None


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright photo.

    pixels: H x W x 3 float32 in [0, 1], encoded values of the file's own colour profile.
    alpha: H x W float32 in [0, 1], or None. grey: the file had one channel (the three are equal).
    bit_depth: 8, 16 or 32 (float) bits a sample in the file. format: Pillow's name ("JPEG", "PNG", ...), or "RAW".
    coding: set for JPEG, WebP, and AVIF of more than 8 bits.
    beyond: H x W x 3 float32, what values outside [0, 1] had more than `pixels` has, where a float file had such.
    notes: sentences on what was read otherwise than one would expect.
    version: tells the file that was read from what may lie at `path` later. Only the photo that was read has it: one
    that is made of it by `dataclasses.replace` is no longer what the file holds.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    grey: bool = False
    bit_depth: int = 8
    format: str = "PNG"
    metadata: Metadata = field(default_factory=Metadata)
    path: Path | None = None
    coding: Coding | None = None
    beyond: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    version: tuple[int, ...] | None = field(default=None, init=False)

    @property
    def neutral(self) -> bool:
        """Whether it is black and white, stored as grey or as three channels that are equal everywhere.

        WebP and its like round each channel for itself: one step of 8 bits is no colour there.
        """
        apart = 1.01 / 255 if self.format in _ROUNDING else 0
        parts = (self.pixels[rows] for rows in strips(self.pixels.shape[0], self.pixels.shape[1] * 3))
        return self.grey or all(np.max(part.max(axis=2) - part.min(axis=2)) <= apart for part in parts)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self.pixels.shape[1], self.pixels.shape[0]
