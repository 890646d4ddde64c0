"""Measures faces in restored pictures: is a face found, and is it the same person's?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.faces.alignment import align
from engine.faces.detection import FaceFinder
from engine.faces.face import Face
from engine.faces.identity import Identity
from engine.faces.templates import EMBEDDING
from engine.weights import WeightsError
from training.embedding.prepare import most_central
from training.embedding.teaching import Teacher
from training.evaluation.samples import Sample

log = logging.getLogger(__name__)

SMALLEST = 30  # px, smallest face to find


@dataclass(frozen=True)
class FaceFigures:
    """found: whether a face is found in the restored picture (None if the sharp one has none).

    cosine, distance: between the embeddings of the most central face, sharp and restored, at the sharp one's
    landmarks; None without an embedding. partner: cosine to the face of the sample's partner. same: whether both show
    the same person.
    """

    found: bool | None = None
    cosine: float | None = None
    distance: float | None = None
    partner: float | None = None
    same: bool | None = None


class Embeds(Protocol):
    """Returns the embeddings, n x 512 of length 1, of the faces of a photo (H x W x 3 in [0, 1])."""

    def embed(self, pixels: np.ndarray, faces: Sequence[Face]) -> np.ndarray:
        """Return the embeddings."""
        ...


class OnnxJudge:
    """A face embedding in an ONNX file: no method was trained with it."""

    def __init__(self, path: Path) -> None:
        self._network = Teacher(path)

    def embed(self, pixels: np.ndarray, faces: Sequence[Face]) -> np.ndarray:
        """Return the embeddings, n x 512 of length 1, n > 0."""
        crops = np.stack([align(pixels, face.landmarks, EMBEDDING).pixels for face in faces])
        return self._network(crops.transpose(0, 3, 1, 2))


@dataclass(frozen=True, eq=False)
class _Known:
    """The faces in a sample's sharp pictures, found once for all rows. None: no face."""

    sample: Sample
    face: Face | None
    sharp: np.ndarray | None
    partner: np.ndarray | None


class FaceJudge:
    """Compares restored pictures by their faces. If identities cannot be compared, it says so once.

    judge: ONNX file of a face embedding, in place of the installed one.
    """

    def __init__(self, judge: Path | None = None) -> None:
        self._finder = FaceFinder()
        self._embedding: Embeds | None = None
        self._known: _Known | None = None
        try:
            self._embedding = Identity() if judge is None else OnnxJudge(judge)
        except WeightsError as error:
            log.warning("%s", error)

    def figures(self, sample: Sample, restored: np.ndarray) -> FaceFigures:
        """Compare a restored picture (H x W x 3) with the sample's sharp one, and with its partner."""
        if self._known is None or self._known.sample is not sample:
            self._known = self._look(sample)
        known = self._known
        if known.face is None:
            return FaceFigures()
        found = bool(self._finder.find(restored, SMALLEST))
        if self._embedding is None or known.sharp is None:
            return FaceFigures(found)
        seen = self._embedding.embed(restored, [known.face])[0]
        cosine = float(seen @ known.sharp)
        partner = None if known.partner is None else float(seen @ known.partner)
        return FaceFigures(found, cosine, float(np.sqrt(max(0.0, 2 - 2 * cosine))), partner, sample.same)

    def _look(self, sample: Sample) -> _Known:
        face, sharp = self._central(sample.sharp)
        partner = None if sample.partner is None else self._central(sample.partner)[1]
        return _Known(sample, face, sharp, partner)

    def _central(self, pixels: np.ndarray) -> tuple[Face | None, np.ndarray | None]:
        """Return the most central face of a picture and its embedding."""
        faces = self._finder.find(pixels, SMALLEST)
        if not faces:
            return None, None
        face = most_central(faces, pixels.shape)
        return face, None if self._embedding is None else self._embedding.embed(pixels, [face])[0]
