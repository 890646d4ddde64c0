"""Changes to what a photo carries that more than one block has a say in: its orientation, its place on earth."""

from __future__ import annotations

import dataclasses
import re

from engine.photos import exif, exif_editing, gain_maps, xmp
from engine.photos.photo import Metadata

_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=[\"']|>))([1-8])")


def upright_metadata(metadata: Metadata) -> tuple[Metadata, int]:
    """The blocks with their orientation set to 1, and the orientation that they told of, 1 to 8.

    EXIF's word counts; XMP's tiff:Orientation where EXIF has none.
    """
    block, packet = metadata.exif, metadata.xmp
    told = exif.orientation(block) if block else None
    if block:
        block = exif_editing.with_upright_orientation(block)
    if packet and (match := _XMP_ORIENTATION.search(packet)):
        told = told or int(match[2])
        packet = _XMP_ORIENTATION.sub(rb"\g<1>1", packet)
    gain_map = gain_maps.turned(metadata.gain_map, told or 1) if metadata.gain_map else None
    return dataclasses.replace(metadata, exif=block, xmp=packet, gain_map=gain_map), told or 1


def without_gps(metadata: Metadata) -> Metadata:
    """The blocks without the GPS data of EXIF and XMP, and without the segments of makers, which may hold a track.

    Places told in words (IPTC's city) stay: somebody wrote them there.
    """
    return dataclasses.replace(
        metadata,
        exif=exif_editing.without_gps(metadata.exif) if metadata.exif else None,
        xmp=xmp.without_gps(metadata.xmp) if metadata.xmp else None,
        xmp_extended=xmp.without_gps(metadata.xmp_extended) if metadata.xmp_extended else None,
        others=tuple((name, body) for name, body in metadata.others if name == "APP2" or not name.startswith("APP")),
        gain_map=gain_maps.without_exif(metadata.gain_map) if metadata.gain_map else None,
    )
