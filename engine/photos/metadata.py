"""Orientation is applied to the pixels once, so every block that tells of it has to say so."""

from __future__ import annotations

import dataclasses
import re

from engine.photos import exif
from engine.photos.photo import Metadata

_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=[\"']|>))([1-8])")


def upright_metadata(metadata: Metadata) -> tuple[Metadata, int]:
    """The blocks with their orientation set to 1 in place, and the orientation that they told of, 1 to 8.

    EXIF's word counts; XMP's tiff:Orientation where EXIF has none.
    """
    block, xmp = metadata.exif, metadata.xmp
    told = exif.orientation(block) if block else None
    if block:
        block = exif.with_upright_orientation(block)
    if xmp and (match := _XMP_ORIENTATION.search(xmp)):
        told = told or int(match[2])
        xmp = _XMP_ORIENTATION.sub(rb"\g<1>1", xmp)
    return dataclasses.replace(metadata, exif=block, xmp=xmp), told or 1
