"""The classifier before the scale-optimised pairs: it estimates the size of the blur (Sec. 3.3)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.analysis_synthesis.analysis import Analysis


class SizeClassifier(nn.Module):
    """Maps N x 1 x H x W luma in [0, 1] to N x `classes` logits.

    It is an analysis network of one scale for the largest kernels, with one fully connected layer over its map.
    """

    def __init__(self, kernel_size: int, classes: int, features: int = 64, maps: int = 32) -> None:
        super().__init__()
        self.analysis = Analysis(kernel_size, levels=1, features=features, maps=maps)
        self.last = nn.Linear(kernel_size**2, classes)

    def forward(self, luma: Tensor) -> Tensor:
        """Return the logits of the classes, the smallest kernels first."""
        logits: Tensor = self.last(F.relu(self.analysis.evidence(luma)).flatten(1))
        return logits
