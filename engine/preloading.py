"""Loads PyTorch in a way that other threads can go on meanwhile.

`import torch` links a gigabyte of libraries while it holds Python's lock (the GIL), for seconds on a slow disk: a
window in the same process stands still. A foreign function called through ctypes does not hold the lock, and what it
has linked, the import finds done. The import then makes some hundred thousand objects, and each full collection of
cyclic garbage, which holds the lock too, looks at all of them (half a second): so there is none meanwhile either.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LIBRARIES = ("libtorch_cpu.so", "libtorch_cuda.so", "libtorch_cpu.dylib")


def preload_torch() -> None:
    """Link the libraries of PyTorch; what cannot be linked is left to the import, which says why.

    Nothing to do on Windows, where PyTorch itself loads them through ctypes.
    """
    spec = None if "torch" in sys.modules or sys.platform == "win32" else importlib.util.find_spec("torch")
    if spec is None:
        return
    link = ctypes.CDLL(None).dlopen
    link.argtypes, link.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    for place in spec.submodule_search_locations or ():
        for library in (Path(place, "lib", name) for name in _LIBRARIES):
            if library.is_file():
                link(os.fsencode(library), os.RTLD_NOW)


@contextmanager
def without_collections() -> Iterator[None]:
    """Import large packages within: cyclic garbage is not collected meanwhile.

    Afterwards all that is there is left out of every later collection: modules stay until the process ends.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
