"""What a restored face is worth to those who look for faces: is one found, and is it the same person?"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from engine.faces.detection import FaceFinder
from engine.faces.identity import Identity
from engine.weights import WeightsError
from training.evaluation.samples import Sample

log = logging.getLogger(__name__)

SMALLEST = 30  # px, of faces to be found


@dataclass(frozen=True)
class FaceFigures:
    """found: whether a face is found in the restored picture (None where the sharp one has none).

    cosine, distance: between the embeddings of the largest face, sharp and restored, at the sharp one's landmarks;
    None without an embedding.
    """

    found: bool | None = None
    cosine: float | None = None
    distance: float | None = None


class FaceJudge:
    """Judges restored pictures by their faces; says so once where identities cannot be compared."""

    def __init__(self) -> None:
        self._finder = FaceFinder()
        self._identity: Identity | None = None
        try:
            self._identity = Identity()
        except WeightsError as error:
            log.warning("%s", error)

    def figures(self, sample: Sample, restored: np.ndarray) -> FaceFigures:
        """Compare a restored picture (H x W x 3) with the sample's sharp one."""
        faces = self._finder.find(sample.sharp, SMALLEST)[:1]
        if not faces:
            return FaceFigures()
        found = bool(self._finder.find(restored, SMALLEST))
        if self._identity is None:
            return FaceFigures(found)
        cosine = float(self._identity.similarity(sample.sharp, restored, faces)[0])
        return FaceFigures(found, cosine, float(np.sqrt(max(0.0, 2 - 2 * cosine))))
