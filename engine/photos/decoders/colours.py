"""Colours that a file tells by code points (ITU-T H.273), as a profile that every format has a place for."""

from __future__ import annotations

import dataclasses

from engine.errors import Sentence
from engine.photos.photo import Metadata
from engine.photos.profiles import UnknownColours, of_code_points

_NOTE = Sentence(
    "Its colours are those of HDR video or of a space that is not known; they are read as if they were sRGB."
)


def with_profile(metadata: Metadata, code_points: tuple[int, ...] | None) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata with a profile of the space that primaries and transfer name, and what there is to say of it.

    A profile of the file's own wins.
    """
    if metadata.icc or code_points is None:
        return metadata, ()
    try:
        return dataclasses.replace(metadata, icc=of_code_points(*code_points[:2])), ()
    except UnknownColours:
        return metadata, (_NOTE,)
