"""The network: y + amount (y - mean of 5 x 5 px of y), with the amount as its one parameter."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.network import DeblurringNetwork


class Unsharp(DeblurringNetwork):
    """N x 3 x H x W to the same, any H and W."""

    def __init__(self) -> None:
        super().__init__()
        self.amount = nn.Parameter(torch.tensor(1.0))

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore pictures."""
        mean = F.avg_pool2d(F.pad(blurred, (2, 2, 2, 2), mode="replicate"), 5, stride=1)
        return blurred + self.amount * (blurred - mean)
