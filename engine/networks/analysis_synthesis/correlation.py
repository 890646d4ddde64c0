"""The cross-correlation layer: it correlates every pair of feature maps at all shifts (Sec. 3.1).

C_ij(s, t) = sum_xy f_i(x - s, y - t) f_j(x, y) for every ordered pair i != j of the 32 maps: 32 x 31 = 992 channels.
Because C_ji(s, t) = C_ij(-s, -t), only the 496 with i < j are computed; in Fourier space the others are their complex
conjugates.

Three steps reduce the cost without changing the result. First, the maps are cut into blocks. Each block is correlated
with its own surroundings, and the spectra are summed over the blocks, so the transforms are as large as the lags
require, not as the photo. Second, the 1x1 convolution from 992 channels is linear, so it is applied to the spectra,
and only its 32 outputs are transformed back. Third, for real weights a of C_ij and b of C_ji, a S + b conj(S) = (a +
b) Re S + i (a - b) Im S, so the 992 channels are never built.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from scipy.fft import next_fast_len
from torch import Tensor, nn

WINDOWS = 64  # blocks per transform: they overlap, and those of a whole photo would fill the memory
EPSILON = 1e-3  # of a map's norm: maps of a flat picture stay flat


class CorrelationLayer(nn.Module):
    """Correlates all pairs of maps, then mixes them by a 1x1 convolution: N x C x H x W to N x O x (2 r + 1)^2.

    r is `reach`, the largest lag in px; the middle of the output is lag (0, 0). Maps are first normalised to zero
    mean and unit norm, so that the result is a correlation coefficient, independent of the photo's size. Always
    float32.
    """

    def __init__(self, channels: int, outputs: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.transform = next_fast_len(max(4 * reach, 16), real=True)
        self.mix = nn.Conv2d(channels * (channels - 1), outputs, 1)
        nn.init.zeros_(self.mix.bias)  # type: ignore[arg-type]

    def forward(self, maps: Tensor) -> Tensor:
        """Return the mixed correlations. Channels of `mix`: C_ij for i < j row by row, then their C_ji."""
        with torch.autocast(maps.device.type, enabled=False):
            spectra = pair_spectra(_standardised(maps.float()), self.reach, self.transform)
            direct, mirrored = self.mix.weight[:, :, 0, 0].float().chunk(2, dim=1)
            real = spectra.real @ (direct + mirrored).T
            imaginary = spectra.imag @ (direct - mirrored).T
            mixed = torch.complex(real, imaginary).permute(0, 3, 1, 2)
            lags = torch.fft.irfft2(mixed, s=(self.transform,) * 2)
            side = 2 * self.reach + 1
            centred = lags.roll((self.reach, self.reach), (-2, -1))[..., :side, :side]
            return centred + self.mix.bias[:, None, None].float()  # type: ignore[index]


def pair_spectra(maps: Tensor, reach: int, size: int) -> Tensor:
    """Return the spectra of C_ij, i < j, within `reach` px: N x C x H x W to N x P x Q x C (C - 1) / 2.

    P x Q are the frequencies of a real transform of `size` px, which must be more than 2 `reach`.
    """
    channels, height, width = maps.shape[1:]
    block = size - 2 * reach
    rows, columns = -(-height // block), -(-width // block)
    padded = F.pad(maps, (reach, columns * block - width + reach, reach, rows * block - height + reach))
    inner = F.pad(maps.new_ones(block, block), (reach, reach, reach, reach))
    windows = padded.unfold(2, size, block).unfold(3, size, block)
    total = maps.new_zeros((), dtype=torch.complex64)
    for some in windows.split(max(1, WINDOWS // columns), dim=2):
        surroundings = some.flatten(2, 3)
        spectra = torch.fft.rfft2(surroundings).conj(), torch.fft.rfft2(surroundings * inner)
        total = total + torch.einsum("nikpq,njkpq->npqij", *spectra)
    first, second = torch.triu_indices(channels, channels, 1, device=maps.device)
    return total.flatten(-2).index_select(-1, first * channels + second)


def _standardised(maps: Tensor) -> Tensor:
    centred = maps - maps.mean((-2, -1), keepdim=True)
    return centred / (torch.linalg.vector_norm(centred, dim=(-2, -1), keepdim=True) + EPSILON)
