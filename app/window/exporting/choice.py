"""What is chosen for an export, as the settings keep it. Knows no widget."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.language import marked, number, tr
from engine.errors import UserError
from engine.photos.formats import WRITERS, writer_for
from engine.photos.naming import TEMPLATE, check_template

FORMATS = {".jpg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".webp": "WebP", ".avif": "AVIF"}
DEEP = ("PNG", "TIFF")
LOSSY = ("JPEG", "WEBP", "AVIF")
MOST_PX = 65_000


@dataclass(frozen=True)
class ExportChoice:
    """suffix: the format. depth: bits for each colour. quality: 1 to 100. Without a value it is the photo's.

    longest: longest side in px, 0 for the photo's. colours: "same" or "srgb". folder: "" for beside the photo.
    name: pattern of the name, see `engine.photos.naming`.
    """

    suffix: str = ""
    depth: int = 0
    quality: int = 0
    longest: int = 0
    colours: str = "same"
    folder: str = ""
    name: str = TEMPLATE

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, plain: object) -> ExportChoice:
        """Return what the settings hold; what does not fit is left out."""
        if not isinstance(plain, Mapping):
            return cls()
        fitting = {key: value for key, value in plain.items() if key in _FITS and _FITS[key](value)}
        return cls(**fitting)

    def suffix_for(self, photo: Path) -> str:
        """Return the suffix of a photo's export."""
        if self.suffix:
            return self.suffix
        return photo.suffix if writer_for(photo) else ".tif"

    def has_depths(self, photo: Path) -> bool:
        """Whether the format has 8 and 16 bits."""
        return WRITERS.get(self.suffix_for(photo).lower()) in DEEP

    def has_quality(self, photo: Path) -> bool:
        """Whether the format loses something for smaller files."""
        return WRITERS.get(self.suffix_for(photo).lower()) in LOSSY

    def sentence(self) -> str:
        """Say in words what is chosen."""
        parts = [FORMATS.get(self.suffix, tr("format of the photo"))]
        if self.depth:
            parts.append(tr("{depth} bits").format(depth=self.depth))
        if self.quality:
            parts.append(tr("quality {quality}").format(quality=self.quality))
        if self.longest:
            parts.append(tr("at most {side} px").format(side=number(self.longest)))
        if self.colours == "srgb":
            parts.append("sRGB")
        parts.append(tr("beside the photo") if not self.folder else tr("into {folder}").format(folder=self.folder))
        return ", ".join(parts)


def _is_name(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(check_template(value))
    except UserError:
        return False


_FITS = {
    "suffix": lambda value: value == "" or (isinstance(value, str) and value in FORMATS),
    "depth": lambda value: type(value) is int and value in (0, 8, 16),
    "quality": lambda value: type(value) is int and 0 <= value <= 100,
    "longest": lambda value: type(value) is int and 0 <= value <= MOST_PX,
    "colours": lambda value: value in ("same", "srgb"),
    "folder": lambda value: isinstance(value, str),
    "name": _is_name,
}

SHIPPED = {
    marked("For the web"): ExportChoice(".jpg", 8, 85, 2048, "srgb"),
    marked("For print"): ExportChoice(".tif", 16),
    marked("As the photo"): ExportChoice(),
}
"""Presets that are always there."""
