"""Compares a face before and after by the embedding: is it still the same person?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.faces.alignment import align
from engine.faces.face import Face
from engine.faces.templates import EMBEDDING

if TYPE_CHECKING:
    from engine.faces.embedding.network import FaceEmbedding


class Identity:
    """Measures how similar faces are. Creating one loads the face embedding (WeightsError if it is missing)."""

    def __init__(self) -> None:
        from engine.faces.embedding.network import load_embedding

        self._network: FaceEmbedding = load_embedding()

    def embed(self, pixels: np.ndarray, faces: Sequence[Face]) -> np.ndarray:
        """Return the embeddings, n x 512 of length 1, of the faces of a photo (H x W x 3 in [0, 1])."""
        import torch

        if not faces:
            return np.zeros((0, 512), np.float32)
        crops = np.stack([align(pixels, face.landmarks, EMBEDDING).pixels for face in faces])
        with torch.inference_mode():
            found = self._network(torch.from_numpy(crops).permute(0, 3, 1, 2).contiguous())
        embeddings: np.ndarray = found.numpy()
        return embeddings

    def similarity(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> np.ndarray:
        """Return n cosines in [-1, 1]: each face in one photo compared with the same place in the other."""
        return np.sum(self.embed(before, faces) * self.embed(after, faces), axis=1)
