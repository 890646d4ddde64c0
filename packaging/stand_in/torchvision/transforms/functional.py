"""Stands in for `torchvision.transforms.functional` in the packages: the one that facenet-pytorch calls."""

from __future__ import annotations

import numpy as np
import torch


def to_tensor(picture: np.ndarray) -> torch.Tensor:
    """Return an H x W x C float32 picture as a C x H x W tensor of the same values."""
    return torch.from_numpy(picture.transpose(2, 0, 1)).contiguous()
