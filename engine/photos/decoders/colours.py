"""Turns colours given as code points (ITU-T H.273) into a profile, which every format can hold."""

from __future__ import annotations

import dataclasses

from engine.errors import Sentence
from engine.photos import exif
from engine.photos.photo import Metadata
from engine.photos.profiles import D65, UnknownColours, of_code_points, profile

_NOTE = Sentence("Its colours belong to HDR video or to an unknown space; they are read as sRGB.")

_UNFIT = Sentence(
    "Its colour profile is broken or for another kind of picture and is left out; its colours are read as sRGB."
)


def with_profile(metadata: Metadata, code_points: tuple[int, ...] | None) -> tuple[Metadata, tuple[str, ...]]:
    """Return the metadata with a profile for the space of primaries and transfer, and notes about it.

    A profile of the file's own takes precedence.
    """
    if metadata.icc or code_points is None:
        return metadata, ()
    try:
        return dataclasses.replace(metadata, icc=of_code_points(*code_points[:2])), ()
    except UnknownColours:
        return metadata, (_NOTE,)


def with_fitting_profile(metadata: Metadata, grey: bool) -> tuple[Metadata, tuple[str, ...]]:
    """Return the metadata without a profile that is broken or for another kind of picture, and notes about it."""
    if metadata.icc is None or (
        metadata.icc[36:40] == b"acsp" and metadata.icc[16:20] == (b"GRAY" if grey else b"RGB ")
    ):
        return metadata, ()
    return dataclasses.replace(metadata, icc=None), (_UNFIT,)


def with_dcf_profile(metadata: Metadata) -> Metadata:
    """Return the metadata of an RGB picture with an Adobe RGB profile, if EXIF says so as cameras do.

    A profile of the file's own takes precedence.
    """
    if metadata.icc or not metadata.exif or not exif.says_adobe_rgb(metadata.exif):
        return metadata
    return dataclasses.replace(metadata, icc=profile("Adobe RGB (1998)", _ADOBE_RGB, D65, (563 / 256,)))


_ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
