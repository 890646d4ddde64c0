"""Loads PyTorch's large libraries in a way that other threads can go on meanwhile.

`import torch` links a gigabyte of libraries while it holds Python's lock (the GIL), for seconds on a slow disk: a
window in the same process stands still. A foreign function called through ctypes does not hold the lock, and what it
has linked, the import finds done.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
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
