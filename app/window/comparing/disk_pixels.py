"""Large results that wait to be picked are put aside on the disk.

Of each method's result at 45 MP stay 240 MB in memory, the levels that are painted; the 540 MB of its pixels are read
from the file where they are wanted, for saving and for the sheet, and the system drops them when memory is short.
"""

from __future__ import annotations

import logging
import tempfile

import numpy as np

from engine.user_folders import cache_folder

_log = logging.getLogger(__name__)
_SMALL = 64_000_000
"""Bytes of a picture that is not worth a file."""


def on_disk(pixels: np.ndarray) -> np.ndarray:
    """Return the same pixels out of a file without a name, read-only; as they are where small or the disk is full."""
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
