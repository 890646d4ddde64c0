"""Prepares a photo for another purpose: another size, depth or colour profile. The pixels of the original stay."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from engine.photos.colour import is_srgb, srgb_profile, to_srgb8
from engine.photos.photo import Photo


@dataclass(frozen=True)
class Preparation:
    """depth: bits per sample, None for those of the photo. longest: longest side in px, None for the photo's.

    srgb: convert the colours to sRGB.
    """

    depth: int | None = None
    longest: int | None = None
    srgb: bool = False

    def size_of(self, width: int, height: int) -> tuple[int, int]:
        """Return width and height of the export; a photo is never enlarged."""
        if self.longest is None or max(width, height) <= self.longest:
            return width, height
        share = self.longest / max(width, height)
        return max(1, round(width * share)), max(1, round(height * share))

    def __call__(self, photo: Photo) -> Photo:
        """Return the photo as it is to be written."""
        if self.srgb:
            photo = in_srgb(photo)
        photo = resized(photo, self.size_of(*photo.size))
        if self.depth is not None and self.depth != photo.bit_depth:
            photo = dataclasses.replace(photo, bit_depth=self.depth, beyond=None, coding=None)
        return photo


def in_srgb(photo: Photo) -> Photo:
    """Return the photo in sRGB. The conversion of another profile has 8 bits, which is what lcms gives here."""
    if is_srgb(photo.metadata.icc or None):
        return photo
    pixels = to_srgb8(photo).astype(np.float32) / np.float32(255)
    metadata = dataclasses.replace(photo.metadata, icc=srgb_profile())
    return dataclasses.replace(photo, pixels=pixels, bit_depth=8, beyond=None, coding=None, metadata=metadata)


def resized(photo: Photo, size: tuple[int, int]) -> Photo:
    """Return the photo at another width and height, averaged over areas."""
    import cv2

    if size == photo.size:
        return photo
    pixels = cv2.resize(photo.pixels, size, interpolation=cv2.INTER_AREA)
    alpha = None if photo.alpha is None else cv2.resize(photo.alpha, size, interpolation=cv2.INTER_AREA)
    return dataclasses.replace(photo, pixels=np.clip(pixels, 0, 1), alpha=alpha, beyond=None)
