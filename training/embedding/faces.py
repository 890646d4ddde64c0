"""The prepared faces: one compact file that training reads without a face finder, a teacher or the photos."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np

from engine.errors import UserError
from engine.faces.templates import EMBEDDING, Template
from engine.whole_files import write_whole

MARGIN = 16  # px around the embedding's crop: blur, turns and shifts bring some of it into view
SIDE = EMBEDDING.height + 2 * MARGIN
WIDE = Template(
    "embedding-wide",
    SIDE,
    SIDE,
    tuple((x + MARGIN, y + MARGIN) for x, y in EMBEDDING.points),  # type: ignore[arg-type]
)
"""The embedding's template with the margin."""

QUALITY = 88


@dataclass(frozen=True)
class PreparedFaces:
    """crops: F x 144 x 144 x 3 uint8, aligned on `WIDE`.

    views: V x 15 float32, see training.embedding.views. embeddings: V x 512 float32, the teacher's for each view.
    pairs: P x 3 int64 (first face, second face, 1 if one person), empty for a training set. origin: the photos'
    sources, as a card lists them (`training.sources.described`); empty where they are not known.
    """

    crops: np.ndarray
    views: np.ndarray
    embeddings: np.ndarray
    pairs: np.ndarray
    origin: Sequence[dict[str, Any]] = ()

    def save(self, path: Path) -> None:
        """Write the faces as WebP, the embeddings as float16; about 5 KB per face and 1 KB per view.

        The file appears completely or not at all, because `lease.sh` continues with existing files. Raise UserError
        if that fails.
        """
        encoded = [_encoded(crop) for crop in self.crops]

        def write(file: BinaryIO) -> None:
            np.savez(
                file,
                encoded=np.concatenate(encoded),
                lengths=np.array([code.size for code in encoded], np.int64),
                views=self.views,
                embeddings=self.embeddings.astype(np.float16),
                pairs=self.pairs,
                origin=np.array(json.dumps(list(self.origin))),
            )

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, write)
        except OSError as error:
            raise UserError("{path} cannot be written: {reason}.", path=path, reason=error) from error

    @classmethod
    def load(cls, path: Path) -> PreparedFaces:
        """Read a file that `save` wrote; raise UserError if it is none."""
        try:
            with np.load(path, allow_pickle=False) as file:
                codes = np.split(file["encoded"], np.cumsum(file["lengths"])[:-1])
                crops = np.stack([_decoded(code) for code in codes])
                embeddings = file["embeddings"].astype(np.float32)
                origin = json.loads(str(file["origin"])) if "origin" in file else ()  # earlier files had none
                return cls(crops, file["views"], embeddings, file["pairs"], origin)
        except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile, cv2.error) as error:
            raise UserError(f"{path}: these are no prepared faces ({error}).") from error


def recoded(crop: np.ndarray) -> np.ndarray:
    """Return a H x W x 3 uint8 crop as it is after `save` and `load`, since the teacher must see the same."""
    return _decoded(_encoded(crop))


def _encoded(crop: np.ndarray) -> np.ndarray:
    return cv2.imencode(".webp", crop[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, QUALITY])[1].ravel()


def _decoded(code: np.ndarray) -> np.ndarray:
    pixels = cv2.imdecode(code, cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("a face cannot be decoded")
    return np.ascontiguousarray(pixels[..., ::-1])
