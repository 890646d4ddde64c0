"""The formats that are read and written, by suffix and by the first bytes of a file."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

WRITERS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".avif": "AVIF",
}
_RAW = "3fr arw cr2 cr3 crw dcr dng erf iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f"
RAW_SUFFIXES = frozenset(f".{name}" for name in _RAW.split())
HEIF_SUFFIXES = frozenset({".heic", ".heif", ".hif"})


PICTURE_SUFFIXES = RAW_SUFFIXES | HEIF_SUFFIXES | {*WRITERS, ".bmp", ".gif", ".jp2", ".jxl", ".mpo", ".psd"}
"""Suffixes that name a format of pictures, whether or not it can be read or written here."""

_JXL = ((b"\xff\x0a", "JXL"), (b"\0\0\0\x0cJXL \r\n\x87\n", "JXL"))  # bare, and in a container


def _readable() -> frozenset[str]:
    found = {*WRITERS, ".bmp", ".jxl", ".mpo"}
    if find_spec("rawpy"):
        found |= RAW_SUFFIXES
    if find_spec("pi_heif"):
        found |= HEIF_SUFFIXES
    return frozenset(found)


READABLE = _readable()


def sniff(data: bytes, suffix: str) -> str | None:
    """Return the format that the first bytes indicate, in Pillow's names or "RAW"; None for an unknown format.

    Only the suffix distinguishes RAW files that are TIFF structures from TIFF.
    """
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "RAW" if suffix.lower() in RAW_SUFFIXES else "TIFF"
    for magic, name in ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"BM", "BMP"), *_JXL):
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _sniff_box(data[8:32])
    return "RAW" if suffix.lower() in RAW_SUFFIXES else None


def _sniff_box(brands: bytes) -> str | None:
    if brands[:4] == b"crx ":
        return "RAW"
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    return "HEIF" if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")) else None


def writer_for(path: Path) -> str | None:
    """Return the format of the path's suffix; None if we cannot write it."""
    return WRITERS.get(path.suffix.lower())
