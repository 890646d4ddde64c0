"""Changes to metadata that several blocks share: the orientation and the place."""

from __future__ import annotations

import dataclasses
import re

from engine.photos import exif, exif_editing, gain_maps, iptc, places, png, xmp
from engine.photos.exif_places import without_places
from engine.photos.photo import Metadata

_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=[\"']|>))([1-8])")


def upright_metadata(metadata: Metadata) -> tuple[Metadata, int]:
    """Return the blocks with their orientation set to 1, and the previous orientation, 1 to 8.

    EXIF takes precedence over XMP's tiff:Orientation.
    """
    block, packet = exif.unwrapped(metadata.exif) if metadata.exif else None, metadata.xmp
    turn = exif.orientation(block) if block else None
    if block:
        block = exif_editing.with_upright_orientation(block)
    if packet and (match := _XMP_ORIENTATION.search(packet)):
        turn = turn or int(match[2])
        packet = _XMP_ORIENTATION.sub(rb"\g<1>1", packet)
    gain_map = gain_maps.turned(metadata.gain_map, turn or 1) if metadata.gain_map else None
    resources = metadata.resources
    if resources:
        resources = iptc.upright_resources(resources, exif_editing.with_upright_orientation)
    turned = dataclasses.replace(metadata, exif=block, xmp=packet, gain_map=gain_map, resources=resources)
    return turned, turn or 1


def without_gps(metadata: Metadata) -> Metadata:
    """Return the blocks without coordinates, and without makers' segments, which may hold a track.

    A block that cannot be parsed is dropped. Places in words (IPTC's city) stay, because somebody wrote them on
    purpose.
    """
    return dataclasses.replace(
        metadata,
        exif=without_places(metadata.exif) if metadata.exif else None,
        xmp=xmp.without_gps(metadata.xmp) if metadata.xmp else None,
        xmp_extended=xmp.without_gps(metadata.xmp_extended) if metadata.xmp_extended else None,
        iptc=iptc.without_places(metadata.iptc) if metadata.iptc else None,
        resources=iptc.resources_without_places(metadata.resources) if metadata.resources else None,
        others=tuple((name, body) for name, body in metadata.others if not _tells_place(name, body)),
        gain_map=gain_maps.without_exif(metadata.gain_map) if metadata.gain_map else None,
    )


def _tells_place(name: str, body: bytes) -> bool:
    """Whether a format-specific part may hold a place: a maker's segment, a text, a comment."""
    if name in ("tEXt", "zTXt", "iTXt"):
        keyword, text = png.text_of(name, body)
        local = keyword.rpartition(b":")[2]
        return text is None or places.is_place(local) or places.tells_place(keyword) or places.tells_place(text)
    return (name.startswith("APP") and name != "APP2") or (name == "COM" and places.tells_place(body))
