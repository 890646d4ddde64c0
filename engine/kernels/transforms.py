"""Fourier transforms of real planes: on all cores, or on one where other threads compute beside.

A search and a deconvolution spend their time here and in what is done to each pixel between two transforms. Only the
transforms are shared among cores, so that several searches at once, each on one core, take less time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local

import numpy as np
from scipy import fft

_ALL_CORES, _ONE_CORE = -1, 1


class _Cores(local):
    """How many cores this thread's transforms use."""

    count = _ALL_CORES


_cores = _Cores()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Let the transforms of this thread use one core: other threads use the others."""
    before, _cores.count = _cores.count, _ONE_CORE
    try:
        yield
    finally:
        _cores.count = before


def forward(planes: np.ndarray, size: Sequence[int] | None = None, *, spoil: bool = False) -> np.ndarray:
    """Return the spectra of ... x H x W real planes, zeros added up to `size`. spoil: the planes may be used up."""
    return np.asarray(fft.rfft2(planes, s=size, workers=_cores.count, overwrite_x=spoil))


def backward(spectra: np.ndarray, size: Sequence[int], *, spoil: bool = False) -> np.ndarray:
    """Return the ... x `size` planes of such spectra. spoil: the spectra may be used up."""
    return np.asarray(fft.irfft2(spectra, s=size, workers=_cores.count, overwrite_x=spoil))
