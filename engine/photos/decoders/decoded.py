"""The result of a decoder, and the limits that all decoders enforce."""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import numpy as np
import psutil

from engine.errors import Sentence, TranslatableError
from engine.photos.photo import Coding, Metadata

MAX_PIXELS = 1 << 30
"""Larger pictures are refused: no photo has a gigapixel, but a header of 20 bytes can claim one."""

# A header that claims a higher compression is false: deflate packs at most 1032 : 1, LZW about 1370 : 1.
_MAX_PACKING = 2000

# Three float32, and the samples that they come from. Checked before a decoder allocates what a header claims: many
# systems grant memory that they do not have, and kill the program later.
_BYTES_A_PIXEL = 3 * 4 + 3

# Decoders raise almost anything for a damaged file. Each of these means "damaged" here, because only a decoder runs.
# struct.error and zlib.error have no base class of their own.
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


GAIN_MAP_LEFT = Sentence("The file's gain map, which brightens it on HDR screens, is not kept.")


class DecodingError(TranslatableError):
    """The reason without the file's name; `read_photo` adds the name."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """Samples as the file stores them.

    samples: H x W x C; C = 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. white: the sample of full scale.
    orientation: EXIF's, still to be applied. notes: sentences about anything that was read in an unexpected way.
    """

    samples: np.ndarray
    white: float
    bit_depth: int
    format: str
    metadata: Metadata = field(default_factory=Metadata)
    orientation: int = 1
    coding: Coding | None = None
    notes: tuple[str, ...] = ()


_budget: ContextVar[int | None] = ContextVar("budget", default=None)


@contextmanager
def within(budget: int | None) -> Iterator[None]:
    """Limit photos within this context to `budget` bytes; None for the free memory."""
    token = _budget.set(budget)
    try:
        yield
    finally:
        _budget.reset(token)


def memory_left() -> int:
    """Return the bytes of free memory, or the budget if that is smaller.

    There is no limit if the system does not report its memory (a sandbox without /proc).
    """
    budget = _budget.get() or sys.maxsize
    try:
        return min(budget, int(psutil.virtual_memory().available))
    except (OSError, RuntimeError, psutil.Error):
        return budget


def check_size(width: int, height: int, held: int | None = None, bytes_a_pixel: float = 1) -> None:
    """Refuse a picture that is empty, too large, or too large for `held` bytes (unpacked) or for the memory."""
    if width < 1 or height < 1:
        raise DecodingError("its header describes a picture without pixels")
    if width * height > MAX_PIXELS:
        raise DecodingError(
            "its header claims {width} x {height} px, more than the limit of 1 gigapixel",
            width=width,
            height=height,
        )
    if held is not None and width * height * bytes_a_pixel > _MAX_PACKING * max(held, 64):
        raise DecodingError(
            "it is damaged: it claims {width} x {height} px but holds only {held} bytes",
            width=width,
            height=height,
            held=held,
        )
    needed = width * height * _BYTES_A_PIXEL
    left, budget = memory_left(), _budget.get()
    if needed > left:
        budgeted = Sentence("the memory budget allows less")
        full = Sentence("there is not enough memory free for that")
        raise DecodingError(
            "its {width} x {height} px need {size} MiB, and {reason}",
            width=width,
            height=height,
            size=needed >> 20,
            reason=budgeted if left == budget else full,
        )
