"""Lists the metadata of a photo that a format cannot hold."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Sentence
from engine.photos import avif, jpeg, xmp
from engine.photos.encoders.planes import profile_fits
from engine.photos.formats import writer_for
from engine.photos.photo import Photo

_BITS = {"AVIF": 12, "JPEG": 8, "WEBP": 8, "PNG": 16, "TIFF": 32}
_FEW_BLOCKS = ("AVIF", "WEBP")  # EXIF, XMP and the profile; no grey either
_NAMES = {"WEBP": "WebP"}
_COLOUR_CHUNKS = ("cICP", "gAMA", "cHRM")
_HARMLESS = (
    "The first picture of the file is a preview; the full picture within it was read.",
    "Smaller pictures within the file (previews) are not kept.",
    "Private data that may hold the old picture is not kept (TIFF tags {tags}).",
    "The file holds EXIF twice; only the first is read and kept.",
    "Content credentials (C2PA) hold for the old picture only and are left out.",
    "Values outside 0 to 1 are kept in 32-bit TIFF, but not restored.",
)
"""Notes of reading (their wordings) on what a restored photo has no use for, or keeps all the same."""


def not_kept(photo: Photo, path: Path) -> tuple[str, ...]:
    """Return sentences about what is lost if the photo is written in the format of the path's suffix."""
    kind = writer_for(path)
    if kind is None:
        return ()
    name = _NAMES.get(kind, kind)
    parts = _parts(photo, kind)
    said = [Sentence("{format} has no place for {parts}; left out.", format=name, parts=parts)] if parts else []
    bits = (photo.coding and photo.coding.bits) or photo.bit_depth
    if bits > _BITS[kind]:
        most = _BITS[kind]
        said.append(
            Sentence("{format} holds {most} bits a sample; the photo has {bits}.", format=name, most=most, bits=bits)
        )
    if photo.alpha is not None and kind == "JPEG":
        said.append(Sentence("JPEG has no transparency; transparent parts became white."))
    if photo.beyond is not None and kind != "TIFF":
        said.append(Sentence("{format} holds no values outside 0 to 1; they were clipped.", format=name))
    return tuple(said)


def lost_by_reading(photo: Photo) -> tuple[str, ...]:
    """Sentences on what the file holds and the photo does not: layers, pages, a film, its colour space."""
    return tuple(note for note in photo.notes if getattr(note, "wording", note) not in _HARMLESS)


def _parts(photo: Photo, kind: str) -> tuple[Sentence, ...]:
    metadata = photo.metadata
    parts: list[Sentence] = []
    if metadata.xmp_extended and kind != "JPEG" and xmp.in_one(metadata) == metadata.xmp:
        parts.append(Sentence("extended XMP"))
    if kind == "AVIF" and metadata.exif and not avif.takes_exif(metadata.exif):
        parts.append(Sentence("EXIF that is damaged"))
    if kind in _FEW_BLOCKS:
        parts += [Sentence("IPTC")] if metadata.iptc else []
        parts += [Sentence("the resolution")] if metadata.resolution else []
    elif kind == "JPEG":
        parts += jpeg.too_long(metadata)
    if metadata.icc and not profile_fits(photo, colour=True if kind in _FEW_BLOCKS else None):
        parts.append(Sentence("a colour profile of another kind of picture"))
    if metadata.resources and kind not in ("JPEG", "TIFF"):
        parts.append(Sentence("Photoshop's image resources"))
    chunks = {name for name, _ in metadata.others if len(name) == 4 and not name.startswith("APP")}
    if kind != "PNG" and not metadata.icc and chunks & set(_COLOUR_CHUNKS) and "sRGB" not in chunks:
        parts.append(Sentence("PNG's own description of its colours"))
    if kind != "PNG" and chunks & {"tEXt", "zTXt", "iTXt"}:
        parts.append(Sentence("PNG's texts"))
    if kind != "JPEG" and metadata.gain_map:
        parts.append(Sentence("the gain map, which brightens it on HDR screens"))
    if kind != "JPEG" and len(chunks) < len({name for name, _ in metadata.others if name != "APP2"}):
        parts.append(Sentence("JPEG's comments and makers' segments"))
    return tuple(parts)
