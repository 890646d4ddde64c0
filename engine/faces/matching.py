"""Matches the colour and grain of a restored face to the photo around it."""

from __future__ import annotations

import functools

import cv2
import numpy as np

_BLOCK = 8  # px, side of the blocks in which grain is measured
_FLAT_SHARE = 0.1  # share of the blocks: those with the least structure
_BANDS = (0.7, 1.4, 2.8)  # px, sigmas of the Gaussians that separate the bands of grain, finest first


def match_colour(restored: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """Return `restored` with the low frequencies (colour and tone) of `reference`.

    restored, reference: h x w x 3 float32 in [0, 1], the same scene; reference is the blurred input, whose low
    frequencies are unaffected by blur. mask: h x w in [0, 1], where the two are compared; None for everywhere. The
    difference is removed after a Gaussian of an eighth of the shorter side, so a restored edge keeps its contrast. If
    the reference is neutral in every pixel (black and white), so is the result.
    """
    difference = restored - reference
    sigma = max(min(restored.shape[:2]) / 8, 1.0)
    weight = np.ones(restored.shape[:2], np.float32) if mask is None else mask.astype(np.float32)
    weighted = cv2.GaussianBlur(difference * weight[..., None], (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    total = cv2.GaussianBlur(weight, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    matched = restored - weighted / np.maximum(total, 1e-3)[..., None]
    if np.array_equal(reference[..., 0], reference[..., 1]) and np.array_equal(reference[..., 1], reference[..., 2]):
        matched = np.repeat(matched.mean(2, keepdims=True), 3, axis=2)
    return np.clip(matched, 0, 1).astype(np.float32)


def match_grain(restored: np.ndarray, reference: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return `restored` with new grain in place of the grain that it lost against `reference`.

    restored, reference: h x w x 3 float32 in [0, 1], the same scene at the same size. Grain is measured in the
    flattest blocks of the reference, in three frequency bands, with its correlation between the colour channels.
    Gaussian noise of that spectrum is added to replace what is missing. A black-and-white photo gets neutral grain.
    There is one level for the whole picture, so grain that grows with brightness is matched only on average.
    """
    flat = _flat_blocks(reference)
    if not flat.any():
        return restored.copy()
    missing = [
        _covariance(theirs, flat) - _covariance(ours, flat)
        for ours, theirs in zip(_bands(restored), _bands(reference), strict=True)
    ]
    sources = np.einsum("ij,jkl->ikl", np.linalg.inv(_leakage()), missing)
    generator = np.random.default_rng(seed)
    grain = np.zeros_like(restored)
    for index, covariance in enumerate(sources):
        draw = generator.standard_normal(restored.shape, dtype=np.float32)
        grain += _bands(draw)[index] @ _root(covariance).astype(np.float32)
    return np.clip(restored + grain, 0, 1).astype(np.float32)


def _bands(pixels: np.ndarray) -> list[np.ndarray]:
    """Return the differences of neighbouring Gaussian scales, finest first."""
    blurred = [cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101) for sigma in _BANDS]
    return [fine - coarse for fine, coarse in zip([pixels, *blurred[:-1]], blurred, strict=True)]


@functools.cache
def _leakage() -> np.ndarray:
    """Return the variance of unit white noise from band j (column) in band i (row): the bands overlap."""
    impulse = np.zeros((65, 65), np.float32)
    impulse[32, 32] = 1
    seen = [[np.sum(np.square(twice, dtype=np.float64)) for twice in _bands(once)] for once in _bands(impulse)]
    return np.array(seen).T


def _flat_blocks(pixels: np.ndarray) -> np.ndarray:
    """Return which blocks are flat and not clipped: rows x columns of booleans, at least one true if possible.

    Structure is judged at a scale coarser than grain, so that blocks with weak grain are not preferred.
    """
    smooth = cv2.GaussianBlur(pixels.mean(2), (0, 0), 2 * _BANDS[-1], borderType=cv2.BORDER_REFLECT_101)
    down, across = np.gradient(smooth) if min(smooth.shape) > 1 else (np.zeros_like(smooth),) * 2
    structure = _blocks((down**2 + across**2)[..., None]).mean((2, 3, 4))
    level = _blocks(smooth[..., None]).mean((2, 3, 4))
    usable = (level > 0.03) & (level < 0.97)
    if not usable.any():
        return usable
    return usable & (structure <= np.quantile(structure[usable], _FLAT_SHARE))


def _covariance(band: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Return the 3 x 3 covariance of the channels: the median over the flat blocks, which one edge cannot shift."""
    samples = _blocks(band)[flat].reshape(-1, _BLOCK * _BLOCK, band.shape[2]).astype(np.float64)
    samples -= samples.mean(1, keepdims=True)
    return np.median(np.einsum("bni,bnj->bij", samples, samples) / (_BLOCK * _BLOCK - 1), axis=0)


def _blocks(pixels: np.ndarray) -> np.ndarray:
    """Return rows x columns x _BLOCK x _BLOCK x channels; pixels outside whole blocks are dropped."""
    rows, columns = pixels.shape[0] // _BLOCK, pixels.shape[1] // _BLOCK
    cut = pixels[: rows * _BLOCK, : columns * _BLOCK]
    return cut.reshape(rows, _BLOCK, columns, _BLOCK, pixels.shape[2]).swapaxes(1, 2)


def _root(covariance: np.ndarray) -> np.ndarray:
    """Return the symmetric square root of the positive part."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
