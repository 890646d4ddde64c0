"""A photo in the engine: its pixels, and all other data from its file, unchanged."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.photos.samples import strips

MOST_DOTS = 1e6  # per inch
_ROUNDING = ("WEBP", "AVIF", "HEIF")


@dataclass(frozen=True)
class Metadata:
    """The metadata blocks of a file, byte for byte; None for a missing block.

    exif: TIFF structure without the "Exif\0\0" prefix. xmp: the packet. iptc: IIM records. icc: the profile.
    resolution: (x, y) in dots per inch, None for impossible values.
    others: parts that only their own format can hold, as (name, body): chunks of PNG by their type, comments ("COM")
    and application segments ("APP5") of JPEG. xmp_extended: the second packet of a JPEG whose first could not hold
    all (XMP specification part 3, section 1.1.3.1). gain_map: a JPEG file of its own; see `gain_maps`.
    resources: Photoshop's image resources except IPTC and thumbnails: paths, copyright mark and address, slices.
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
        # Damaged files state billions of dots, none, or NaN; other formats cannot store these numbers.
        if self.resolution is not None and not all(0 < dots <= MOST_DOTS for dots in self.resolution):
            object.__setattr__(self, "resolution", None)


@dataclass(frozen=True)
class Coding:
    """The coding of a JPEG, WebP or AVIF file, so that its photo can be written the same way.

    tables: quantisation tables of 64 numbers in natural order, luminance first; empty if unknown.
    subsampling: Pillow's number, 0 = 4:4:4, 1 = 4:2:2, 2 = 4:2:0. lossless: lossless WebP.
    bits: of a sample of AVIF, if more than 8.
    """

    tables: tuple[tuple[int, ...], ...] = ()
    subsampling: int = 0
    lossless: bool = False
    bits: int | None = None


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright photo.

    pixels: H x W x 3 float32 in [0, 1], encoded values in the file's own colour profile.
    alpha: H x W float32 in [0, 1], or None. grey: the file had one channel (the three are equal).
    bit_depth: 8, 16 or 32 (float) bits per sample in the file. format: Pillow's name ("JPEG", "PNG", ...), or "RAW".
    coding: set for JPEG, WebP, and AVIF of more than 8 bits.
    beyond: H x W x 3 float32, the file's values minus `pixels` if a float file had values outside [0, 1].
    notes: sentences about anything that was read in an unexpected way.
    version: identifies the file that was read, because `path` may hold another one later. Only the photo that was
    read has it; one made by `dataclasses.replace` no longer equals the file.
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
        """Whether it is black and white, stored as grey or as three equal channels.

        Lossy formats such as WebP round each channel separately, so a difference of one 8-bit step does not count as
        colour.
        """
        apart = 1.01 / 255 if self.format in _ROUNDING else 0
        parts = (self.pixels[rows] for rows in strips(self.pixels.shape[0], self.pixels.shape[1] * 3))
        return self.grey or all(np.max(part.max(axis=2) - part.min(axis=2)) <= apart for part in parts)

    @property
    def size(self) -> tuple[int, int]:
        """The width and height in px."""
        return self.pixels.shape[1], self.pixels.shape[0]
