"""The two quotient layers: the kernel from features, the latent image from the kernel (sections 3.1.2, 3.1.3).

Both solve a regularised least-squares problem by one division in Fourier space. They use float32 (or float64 inputs)
even under autocast, because a quotient of half-precision spectra is noise.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from scipy.fft import next_fast_len
from torch import Tensor, nn

BETA_KERNEL = 1e-4  # for numerical stability only (section 3.1.2)
BETA_IMAGE = 1e-2  # initial value: white noise of 1 % against a picture's mean power
LEAST_MASS = 1e-6  # mass of a raw kernel; below it, the features contain no information

Border = Literal["extended", "circular"]


def _exact(x: Tensor) -> Tensor:
    return x if x.dtype == torch.float64 else x.float()


def _fast(length: int) -> int:
    return int(next_fast_len(length, real=True))


def kernel_quotient(sharp: Tensor, blurred: Tensor, size: int, beta: float = BETA_KERNEL) -> Tensor:
    """Return the k that minimises sum_i ||k * x_i - y_i||^2 + beta ||k||^2 (eq. 3, solved by eq. 4).

    sharp, blurred: features x_i and y_i, N x C x H x W, treated as circular (padded with zeros to a length that is
    fast to transform). Returns the N x 1 x size x size centre of the solution, without clipping or normalisation.
    """
    with torch.autocast(sharp.device.type, enabled=False):
        sharp, blurred = _exact(sharp), _exact(blurred)
        shape = [_fast(max(side, size)) for side in sharp.shape[-2:]]
        x, y = torch.fft.rfft2(sharp, s=shape), torch.fft.rfft2(blurred, s=shape)
        crossed = (x.conj() * y).sum(1, keepdim=True)
        power = (x.real.square() + x.imag.square()).sum(1, keepdim=True)
        kernel = torch.fft.irfft2(crossed / (power + beta), s=shape)
        return kernel.roll((size // 2, size // 2), (-2, -1))[..., :size, :size]


def normalised(kernel: Tensor) -> Tensor:
    """Set the negatives of N x 1 x k x k to zero and scale it to sum 1; a kernel without mass becomes a delta."""
    positive = kernel.clamp(min=0)
    mass = positive.sum((-2, -1), keepdim=True)
    return torch.where(mass > LEAST_MASS, positive / mass.clamp(min=LEAST_MASS), delta(kernel))


def delta(like: Tensor) -> Tensor:
    """Return the identity kernel (a delta) in the shape of `like` (... x k x k, k odd)."""
    kernel = torch.zeros_like(like)
    kernel[..., like.shape[-2] // 2, like.shape[-1] // 2] = 1
    return kernel


def image_quotient(blurred: Tensor, kernel: Tensor, beta: Tensor | float) -> Tensor:
    """Return the x that minimises ||k * x - y||^2 + beta ||x||^2 for circular y (eq. 5, solved as eq. 4).

    blurred: N x C x H x W; H and W are at least the sides of kernel, N x 1 x k x k. Returns N x C x H x W.
    """
    with torch.autocast(blurred.device.type, enabled=False):
        blurred, kernel = _exact(blurred), _exact(kernel)
        shape = blurred.shape[-2:]
        padded = nn.functional.pad(kernel, (0, shape[1] - kernel.shape[-1], 0, shape[0] - kernel.shape[-2]))
        k = torch.fft.rfft2(padded.roll((-(kernel.shape[-2] // 2), -(kernel.shape[-1] // 2)), (-2, -1)))
        power = k.real.square() + k.imag.square()
        return torch.fft.irfft2(torch.fft.rfft2(blurred) * (k.conj() / (power + beta)), s=shape)


def extended(picture: Tensor, height: int, width: int) -> Tensor:
    """Extend N x C x H x W to height x width so that it wraps around without a step.

    The new rows and columns fade from the reflection at the far end to the reflection at the near end, so that
    circular deconvolution meets no artificial edge.
    """
    for axis, length in ((-2, height), (-1, width)):
        picture = _extended_along(picture, axis, length)
    return picture


def _extended_along(picture: Tensor, axis: int, length: int) -> Tensor:
    old = picture.shape[axis]
    beyond = torch.arange(old, length, device=picture.device)
    if not len(beyond):
        return picture
    ahead = picture.index_select(axis, _reflected(beyond, old))
    behind = picture.index_select(axis, _reflected(beyond - length, old))
    ramp = (beyond - old + 0.5) / len(beyond)
    ramp = ramp.to(picture.dtype)
    weight = ramp if axis == -1 else ramp[:, None]
    return torch.cat([picture, ahead * (1 - weight) + behind * weight], axis)


def _reflected(index: Tensor, length: int) -> Tensor:
    """Fold any integer into 0 .. length - 1, back and forth with the ends repeated."""
    folded = index.remainder(2 * length)
    return torch.minimum(folded, 2 * length - 1 - folded)


class ImageQuotient(nn.Module):
    """The image estimation module (section 3.1.3).

    Its only parameter is beta_x, stored as a logarithm to stay positive.

    border: "extended" extends the picture so that the wrap-around does no harm; "circular" leaves it as it is.
    """

    def __init__(self, border: Border = "extended") -> None:
        super().__init__()
        self.border = border
        self.log_beta = nn.Parameter(torch.tensor(math.log(BETA_IMAGE)))

    def forward(self, blurred: Tensor, kernel: Tensor) -> Tensor:
        """Map N x C x H x W and N x 1 x k x k to the latent image, N x C x H x W."""
        height, width = blurred.shape[-2:]
        size = kernel.shape[-1]
        if self.border == "extended":
            shape = (_fast(height + size), _fast(width + size))
        else:
            shape = (max(height, size), max(width, size))
        latent = image_quotient(extended(blurred, *shape), kernel, self.log_beta.exp())
        return latent[..., :height, :width]
