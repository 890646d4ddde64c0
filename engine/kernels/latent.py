"""The latent image of a search: few, strong edges, and nothing between them."""

from __future__ import annotations

import cv2
import numpy as np

from engine.kernels import transforms
from engine.kernels.half_quadratic import Spectrum

SPLITTING = 2.0  # from each weight of the half-quadratic splitting to the next; 4 loses much of the gain


def latent(plane: np.ndarray, kernel: np.ndarray, weight: float, last: float) -> np.ndarray:
    """Return the x of |k * x - y|^2 + weight |grad x|_0 for a periodic H x W float32 plane y (Xu et al. 2013).

    By half-quadratic splitting, whose weight doubles until it is `last`. Everything is done in place: a search spends
    its time here.
    """
    spectrum = Spectrum(kernel, (plane.shape[0], plane.shape[1]))
    power = spectrum.kernel.real**2 + spectrum.kernel.imag**2
    pull = np.conj(spectrum.kernel) * spectrum.forward(plane)
    edges = _Edges(plane.shape)
    x, beta = plane, 2 * weight
    while beta < last:
        sharper = transforms.forward(edges.divergence(x, weight / beta, beta), spoil=True)
        sharper += pull
        share = 1 / (power + np.float32(beta) * spectrum.gradients)
        sharper.real *= share
        sharper.imag *= share
        x = transforms.backward(sharper, plane.shape, spoil=True)
        beta *= SPLITTING
    return np.asarray(x)


class _Edges:
    """Room for the gradients of H x W planes."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.across, self.down, self.power, self.square = (np.empty(shape, np.float32) for _ in range(4))

    def divergence(self, x: np.ndarray, least: float, factor: float) -> np.ndarray:
        """Return factor D^T w of a periodic plane; w: its gradients where their squares sum to more than `least`."""
        across, down = self.across, self.down
        np.subtract(x[:, 1:], x[:, :-1], out=across[:, :-1])
        np.subtract(x[:, 0], x[:, -1], out=across[:, -1])
        np.subtract(x[1:], x[:-1], out=down[:-1])
        np.subtract(x[0], x[-1], out=down[-1])
        np.multiply(across, across, out=self.power)
        np.multiply(down, down, out=self.square)
        self.power += self.square
        cv2.threshold(self.power, least, factor, cv2.THRESH_BINARY, dst=self.power)
        across *= self.power
        down *= self.power
        inward = -across
        inward -= down
        inward[:, 1:] += across[:, :-1]
        inward[:, 0] += across[:, -1]
        inward[1:] += down[:-1]
        inward[0] += down[-1]
        return inward
