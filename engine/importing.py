"""Imports large packages faster."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collections() -> Iterator[None]:
    """Import large packages within: cyclic garbage is not collected meanwhile.

    PyTorch makes some hundred thousand objects, and each full collection looks at all of them: without any, it is
    imported in 2.0 s of the processor instead of 2.4. Afterwards all that is there is left out of every later
    collection: modules stay until the process ends.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
