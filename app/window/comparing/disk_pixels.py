"""Keeps large results on the disk until the user picks one.

At 45 MP, each method's result keeps 240 MB in memory: the levels that are painted. Its pixels (540 MB) are read from
the file only for saving and for the sheet. The system may drop them from memory at any time.
"""

from __future__ import annotations

import logging
import tempfile

import numpy as np

from engine.user_folders import cache_folder

_log = logging.getLogger(__name__)
_SMALL = 64_000_000
"""A picture with fewer bytes stays in memory."""


def on_disk(pixels: np.ndarray) -> np.ndarray:
    """Return the same pixels, read-only, backed by an unnamed file.

    Small ones stay in memory; so do all if the disk is full.
    """
    if pixels.nbytes < _SMALL:
        return pixels
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            pixels.tofile(file)
            file.flush()
            return np.asarray(np.memmap(file, pixels.dtype, "r", shape=pixels.shape))
    except OSError as error:
        _log.info("a result stays in memory: %s", error)
        return pixels
