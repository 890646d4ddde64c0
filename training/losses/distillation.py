"""Losses that teach a small network another one's embeddings; N x D, any length."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def cosine(student: Tensor, teacher: Tensor) -> Tensor:
    """Return the mean of 1 - cos(student, teacher): the same place for the same face."""
    return (1 - F.cosine_similarity(student, teacher, dim=1)).mean()


def relation(student: Tensor, teacher: Tensor) -> Tensor:
    """Return the mean squared difference of the cosines between the faces of a batch (after Park et al., CVPR 2019).

    The same distances between faces, wherever they lie: what verification asks for.
    """
    ours, theirs = F.normalize(student, dim=1), F.normalize(teacher, dim=1)
    return (ours @ ours.T - theirs @ theirs.T).square().mean()
