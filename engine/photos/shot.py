"""What EXIF tells of how a photo was taken: which camera, when, and how much the lens sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.photos import exif

_MAKE, _MODEL, _SERIAL = 0x010F, 0x0110, 0xA431
_TAKEN, _FRACTION, _FOCAL_35 = 0x9003, 0x9291, 0xA405
_WRITTEN = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True)
class Shot:
    """camera: maker, model and serial number, "" if unknown. taken: by the camera's clock, None if unknown.

    focal_length: mm of the lens that sees as much on 35 mm film, None if unknown.
    """

    camera: str = ""
    taken: datetime | None = None
    focal_length: int | None = None


def shot_of(block: bytes | None) -> Shot:
    """Return what an EXIF block tells; whatever is missing or wrong stays unknown."""
    first = exif.first_directory(block) if block else None
    if block is None or first is None:
        return Shot()
    inner = exif.directory(block, exif.number(block, first.find(exif.EXIF_IFD)) or 0)
    names = [_text(block, first.find(_MAKE)), _text(block, first.find(_MODEL))]
    if inner is None:
        return Shot(" ".join(filter(None, names)))
    names.append(_text(block, inner.find(_SERIAL)))
    taken = _time(_text(block, inner.find(_TAKEN)), _text(block, inner.find(_FRACTION)))
    return Shot(" ".join(filter(None, names)), taken, exif.number(block, inner.find(_FOCAL_35)) or None)


def _text(block: bytes, entry: exif.Entry | None) -> str:
    if entry is None or entry.type != 2:
        return ""
    return exif.value(block, entry).split(b"\0")[0].decode("utf-8", "replace").strip()


def _time(text: str, fraction: str) -> datetime | None:
    try:
        taken = datetime.strptime(text, _WRITTEN)
    except ValueError:
        return None
    digits = fraction if fraction.isascii() and fraction.isdigit() else ""
    return taken.replace(microsecond=int(digits[:6].ljust(6, "0"))) if digits else taken
