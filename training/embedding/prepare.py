"""Prepares the training: finds and aligns faces, draws views, runs the teacher. Needs MTCNN and the teacher."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.faces.alignment import align
from engine.faces.detection import FaceFinder
from engine.faces.face import Face
from training.embedding.faces import WIDE, PreparedFaces, recoded
from training.embedding.teaching import Teaching, taught
from training.embedding.views import draw_views, plain_views
from training.sources import Source, decoded, described, sources

log = logging.getLogger(__name__)

REPORT_EVERY = 250


def prepare_faces(photos: Sequence[Path], teacher: Teaching, each: int, seed: int, most: int | None) -> PreparedFaces:
    """Return the most central face of each photo and `each` views of it with the teacher's embeddings."""
    looked_at = list(sources(photos))[:most]
    found = _aligned(looked_at)
    crops = np.stack(list(found.values()))
    views = draw_views(len(crops), each, np.random.default_rng(seed))
    origin = described(photo.place for photo in looked_at if photo.name in found)
    return PreparedFaces(crops, views, taught(crops, views, teacher), np.zeros((0, 3), np.int64), origin)


def prepare_pairs(archive: Path, teacher: Teaching, most: int | None) -> PreparedFaces:
    """Return the faces and pairs of a zip that holds pictures and `pairs.csv` (first, second, same).

    A pair counts only if both faces were found.
    """
    listed = read_pairs(archive)[:most]
    wanted = {name for first, second, _ in listed for name in (first, second)}
    found = _aligned([source for source in sources([archive]) if source.name in wanted])
    index = {name: i for i, name in enumerate(found)}
    pairs = [(index[a], index[b], same) for a, b, same in listed if a in index and b in index]
    log.info("%d of %d pairs", len(pairs), len(listed))
    crops = np.stack(list(found.values()))
    views = plain_views(len(crops))
    return PreparedFaces(crops, views, taught(crops, views, teacher), np.array(pairs, np.int64))


def read_pairs(archive: Path) -> list[tuple[str, str, int]]:
    """Return (first name, second name, 1 if one person) of the archive's pairs.csv."""

    try:
        with zipfile.ZipFile(archive) as file:
            text = file.read("pairs.csv").decode()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{archive}: there is no pairs.csv to be read in it ({error}).") from error
    rows = csv.DictReader(io.StringIO(text))
    return [(row["first"], row["second"], int(row["same"])) for row in rows]


def most_central(faces: Sequence[Face], shape: tuple[int, ...]) -> Face:
    """Return the face nearest to the centre of a photo of shape (height, width, ...).

    In LFW and similar sets, the file is named after the person in the centre; a larger face at the edge is another's.
    """
    height, width = shape[:2]

    def distance(face: Face) -> float:
        left, top, right, bottom = face.box
        return float(np.hypot((left + right - width) / 2, (top + bottom - height) / 2))

    return min(faces, key=distance)


def _aligned(photos: Iterable[Source]) -> dict[str, np.ndarray]:
    """Return the crop of each photo's most central face by the photo's name."""
    finder = FaceFinder()
    found: dict[str, np.ndarray] = {}
    looked = 0
    for looked, photo in enumerate(photos, start=1):
        pixels = decoded(photo.data)
        faces = finder.find(pixels)
        if faces:
            face = most_central(faces, pixels.shape)
            crop = align(pixels.astype(np.float32) / 255, face.landmarks, WIDE)
            found[photo.name] = recoded((crop.pixels * 255 + 0.5).astype(np.uint8))
        if looked % REPORT_EVERY == 0:
            log.info("%d photos, %d faces", looked, len(found))
    if not found:
        raise UserError("No face was found in the photos.")
    log.info("%d photos, %d faces", looked, len(found))
    return found
