"""Where sharp pictures come from: folders, archives, single files; and what may be done with known ones."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from engine.errors import UserError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"})
LARGEST = 1024  # px, the longer side: a camera's full frame is shrunk to it, its finest level is demosaicking


@dataclass(frozen=True)
class Source:
    """One encoded picture: its name without folders and the bytes of its file."""

    name: str
    data: bytes


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Yield the pictures in folders (searched through), zip archives and single files, in a stable order."""
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES):
                yield Source(file.name, file.read_bytes())
        elif path.suffix.lower() == ".zip":
            yield from zipped(path)
        elif path.is_file():
            yield Source(path.name, path.read_bytes())
        else:
            raise UserError(f"{path}: there is no such folder or file of photos.")


def zipped(path: Path) -> Iterator[Source]:
    """Yield the pictures in a zip archive, in the order of their names."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if Path(name).suffix.lower() in SUFFIXES:
                    yield Source(Path(name).name, archive.read(name))
    except zipfile.BadZipFile as error:
        raise UserError(f"{path}: this is not a readable zip archive ({error}).") from error


def decoded(data: bytes, fit: int | None = None) -> np.ndarray:
    """Return H x W x 3 uint8, upright; `fit` is the shorter side in px, else only the longest is bounded."""
    with Image.open(io.BytesIO(data)) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    factor = fit / min(picture.size) if fit else min(1.0, LARGEST / max(picture.size))
    if factor != 1:
        size = [max(1, round(side * factor)) for side in picture.size]
        picture = picture.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    return np.asarray(picture)


# A picture's name ends in its source where it is one of these (NNNNN-SOURCE.webp).
LICENCES = {
    "ffhq": "FFHQ, CC BY-NC-SA 4.0",
    "celebahq": "CelebA-HQ, non-commercial research",
    "celebahq-b": "CelebA-HQ, non-commercial research",
    "flickr-portraits": "Flickr portraits of Shen et al. 2016, research",
    "web-faces": "faces from the web, research",
    "ai-portraits": "AI portraits, CC0",
}


def described(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return {"name", "licence", "pictures"} of each source of the named pictures, for the card."""
    counted = Counter(_source_of(Path(name).stem) for name in names)
    return [
        {"name": source, "licence": LICENCES.get(source, "the user's own"), "pictures": count}
        for source, count in sorted(counted.items())
    ]


def _source_of(stem: str) -> str:
    known = [source for source in LICENCES if stem.endswith(f"-{source}")]
    return max(known, key=len, default="own photos")
