"""Reads kernels from files, writes them, and draws them as pictures."""

from __future__ import annotations

import stat
from pathlib import Path

import cv2
import numpy as np

from engine.errors import UserError
from engine.kernels.kernel import Kernel
from engine.kernels.tables import Ambiguous, numbers_in
from engine.whole_files import write_whole

LARGEST = 1023  # px: a larger picture is a photo, not a kernel
LARGEST_FILE = 64_000_000  # bytes: enough for that many numbers as text
TEXT = {".csv", ".txt", ".tsv", ".dat"}
WRITABLE = {".png", ".npy"}


def load_kernel(path: Path | str) -> Kernel:
    """Read a kernel from a picture (8 or 16 bit), a NumPy array (.npy) or numbers as text (.csv, .txt).

    An even side gets a line of zeros at its end. Raise UserError if the file holds no kernel.
    """
    path = Path(path)
    try:
        values = _read(path)
    except (OSError, EOFError, MemoryError) as error:
        raise UserError("The kernel {path} cannot be read: {reason}.", path=path, reason=error) from error
    except Ambiguous as error:
        raise UserError(
            "The kernel {path} cannot be read: its commas may separate numbers or be decimal commas.", path=path
        ) from error
    except ValueError as error:
        raise UserError("The kernel {path} cannot be read: it holds no table of numbers.", path=path) from error
    if values.ndim != 2 or values.size == 0 or max(values.shape) > LARGEST:
        sides = " x ".join(map(str, values.shape))
        raise UserError(
            "The kernel {path} must be a table of at most {LARGEST} x {LARGEST} values, not {sides}.",
            path=path,
            LARGEST=LARGEST,
            sides=sides,
        )
    if not np.isfinite(values).all() or values.min() < 0 or values.max() <= 0:
        raise UserError("The kernel {path} must hold finite values, none negative and not all zero.", path=path)
    values = np.pad(values / values.max(), [(0, 1 - side % 2) for side in values.shape])
    return Kernel(values.astype(np.float32))


def check_kernel_file(path: Path) -> None:
    """Raise UserError if no kernel and no kernel field can be written under this name."""
    if path.suffix.lower() not in WRITABLE:
        raise UserError("The kernel {path} can be written as .png or .npy only.", path=path)


def save_kernel(kernel: Kernel, path: Path | str) -> None:
    """Write a kernel as a 16-bit PNG over the full range, or exactly as a NumPy array if the name ends in .npy.

    It is written to a temporary file first, so that no incomplete file appears. Raise UserError if that fails.
    """
    path = Path(path)
    check_kernel_file(path)
    as_numbers = path.suffix.lower() == ".npy"
    try:
        write_whole(path, lambda file: np.save(file, kernel.values) if as_numbers else file.write(_png(kernel)))
    except OSError as error:
        raise UserError("The kernel {path} cannot be written: {reason}.", path=path, reason=error) from error


def picture(kernel: Kernel, scale: int = 1) -> np.ndarray:
    """Return a kernel for display: uint8, white at its maximum, each value a square of `scale` px."""
    bright = np.rint(kernel.values / kernel.values.max() * 255).astype(np.uint8)
    return bright.repeat(scale, axis=0).repeat(scale, axis=1)


def _read(path: Path) -> np.ndarray:
    _check_size(path)
    suffix = path.suffix.lower()
    if suffix == ".npy":
        return _real(np.load(path, allow_pickle=False))
    if suffix in TEXT:
        return numbers_in(path.read_text(encoding="utf-8-sig"))
    return _read_picture(path)


def _check_size(path: Path) -> None:
    """Refuse files that never end (a device, a pipe), empty files, and files too large for a kernel."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UserError("The kernel {path} cannot be read: it is no file.", path=path)
    if status.st_size == 0:
        raise UserError("The kernel {path} is an empty file.", path=path)
    if status.st_size > LARGEST_FILE:
        raise UserError("The kernel {path} cannot be read: it is too large for a kernel.", path=path)


def _real(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "buif":  # complex numbers would silently lose their imaginary parts
        raise ValueError(f"{array.dtype} is no kind of real numbers")
    return array.astype(np.float64)


def _read_picture(path: Path) -> np.ndarray:
    encoded = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    try:
        decoded = cv2.imdecode(encoded, cv2.IMREAD_ANYDEPTH | cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        decoded = None
    if decoded is None:
        raise UserError(
            "The kernel {path} is no picture, NumPy array (.npy) or table of numbers (.csv, .txt).", path=path
        )
    return np.asarray(decoded, dtype=np.float64)


def _png(kernel: Kernel) -> bytes:
    full = np.rint(kernel.values.astype(np.float64) / kernel.values.max() * 65535).astype(np.uint16)
    return bytes(cv2.imencode(".png", full)[1])
