"""Simulates JPEG compression in batches on the device: 8 x 8 DCT, quantisation, back."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# ITU-T T.81, Annex K, Table K.1 (luminance). Chroma is quantised by the same table: full resolution, as cameras do
# at high quality.
LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
LEVEL_SHIFT = 128 / 255
# ITU-T T.871: R'G'B' to Y'CbCr
YCBCR = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
RGB = tuple(map(tuple, np.linalg.inv(YCBCR).tolist()))


@cache
def _constant(values: tuple[tuple[float, ...], ...], device: torch.device) -> Tensor:
    """Return a matrix that is sent to the device once."""
    return torch.tensor(values, dtype=torch.float32, device=device)


@cache
def _dct(device: torch.device) -> Tensor:
    """Return the orthonormal 8 x 8 DCT-II matrix."""
    n = torch.arange(8, dtype=torch.float64)
    matrix = torch.cos(math.pi / 8 * (n + 0.5) * n[:, None]) * math.sqrt(2 / 8)
    matrix[0] /= math.sqrt(2)
    return matrix.to(device, torch.float32)


def _steps(quality: Tensor) -> Tensor:
    """Return quantisation steps in [0, 1] units for qualities 1 ... 100 (scaled as in libjpeg)."""
    table = _constant(LUMINANCE, quality.device)
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    return (table * scale[..., None, None]).round().clamp(1, 255) / 255


def _coded(planes: Tensor, quality: Tensor) -> Tensor:
    """Quantise N x C x H x W (H, W multiples of 8) in the DCT domain; quality N x 1 x 1 x 1."""
    dct = _dct(planes.device)
    blocks = planes.unflatten(-1, (-1, 8)).unflatten(-3, (-1, 8)).transpose(-3, -2)  # N C h w 8 8
    steps = _steps(quality)
    coefficients = dct @ (blocks - LEVEL_SHIFT) @ dct.T
    blocks = dct.T @ ((coefficients / steps).round() * steps) @ dct + LEVEL_SHIFT
    return blocks.transpose(-3, -2).flatten(-4, -3).flatten(-2)


def jpeg_like(pictures: Tensor, quality: Tensor) -> Tensor:
    """Return N x 1 or 3 x H x W in [0, 1] after a JPEG of the given quality (N x 1 x 1 x 1, 1 ... 100)."""
    height, width = pictures.shape[-2:]
    padded = F.pad(pictures, (0, -width % 8, 0, -height % 8), mode="replicate")
    if pictures.shape[1] == 3:
        matrix, back = _constant(YCBCR, pictures.device), _constant(RGB, pictures.device)
        offset = _constant(((0.0, LEVEL_SHIFT, LEVEL_SHIFT),), pictures.device)[0, :, None, None]
        coded = _coded(torch.einsum("ij,njhw->nihw", matrix, padded) + offset, quality)
        coded = torch.einsum("ij,njhw->nihw", back, coded - offset)
    else:
        coded = _coded(padded, quality)
    return coded[..., :height, :width]
