"""Shrinks labelled faces to the size that the face recipes see, so that all fit into one call to another machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from training.sharp import label_map
from training.sources import decoded, sources, zipped

QUALITY = 95  # of WebP
FACES, LABELS = "faces.zip", "labels.zip"


def pack(photos: Sequence[Path], labels: Path, side: int, folder: Path) -> int:
    """Write the labelled photos, `side` px on the shorter side, and their maps; return how many there are.

    The packed photos keep their names, and with them their place among those held out. Raises UserError where
    photos or labels cannot be read.
    """
    maps = {Path(source.name).stem: source.data for source in zipped(labels)}
    folder.mkdir(parents=True, exist_ok=True)
    packed = 0
    with zipfile.ZipFile(folder / FACES, "w") as faces, zipfile.ZipFile(folder / LABELS, "w") as marks:
        for source in sources(photos):
            stem = Path(source.name).stem
            if stem not in maps:
                continue
            pixels = decoded(source.data, side)
            faces.writestr(f"{stem}.webp", _encoded(pixels, "webp", quality=QUALITY))
            small = label_map(maps[stem], (pixels.shape[1], pixels.shape[0]))
            marks.writestr(f"{stem}.png", _encoded(small, "png", optimize=True))
            packed += 1
    return packed


def _encoded(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()
