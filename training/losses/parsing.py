"""Losses that know the parts of a face (Shen 2020, eq. 4, 6, 7)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.networks.semantic.labels import SMALL_PARTS

IGNORED = 255
"""The label of a pixel that no loss looks at (outside the picture after a turn, faces without labels)."""


def parsing_cross_entropy(logits: Tensor, labels: Tensor, class_weights: Tensor | None = None) -> Tensor:
    """Return the cross-entropy of N x K x H x W logits with N x H x W labels (eq. 4), a mean over pixels.

    Pixels labelled `IGNORED` do not count; 0 where none is left. class_weights: K, for rare classes.
    """
    sums = F.cross_entropy(logits, labels, class_weights, ignore_index=IGNORED, reduction="sum")
    known = labels != IGNORED
    if class_weights is None:
        return sums / known.sum().clamp(min=1)
    weights = class_weights[labels.where(known, 0)] * known
    return sums / weights.sum().clamp(min=torch.finfo(weights.dtype).tiny)


def local_structural(restored: Tensor, sharp: Tensor, labels: Tensor, c: float = 1.0) -> Tensor:
    """Return sum_k w_k ||M_k (y - y_GT)||_1 over the eight small parts, w_k = c / A_k (eq. 6, 7).

    restored, sharp: N x 3 x H x W; labels: N x H x W of the same size. A_k is the part's size in px, in that
    picture; a part that is not there costs nothing. The norm is the mean over pixels and channels that the
    content loss is. With c = 1, as printed, a part weighs as much as a single pixel (lambda_s = 50: fifty).
    """
    error = (restored - sharp).abs().mean(dim=1)
    weights = torch.zeros_like(error)
    for part in SMALL_PARTS:
        mask = labels == part
        size = mask.sum(dim=(-2, -1), keepdim=True).clamp(min=1)
        weights += mask * (c / size)
    return (weights * error).mean()
