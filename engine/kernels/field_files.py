"""Kernel fields as pictures and as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from engine.errors import UserError
from engine.kernels.files import check_kernel_file, picture
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.patches import patches
from engine.whole_files import write_whole

GAP = 2  # px between two kernels


def field_picture(field: KernelField, shape: tuple[int, int]) -> np.ndarray:
    """Return a field for display: height x width uint8, each kernel in the middle of its cell, black between.

    All are enlarged by the same integer factor, or reduced together if the cells are smaller than the kernels. Each
    is white at its own maximum.
    """
    drawn = np.zeros(shape, dtype=np.uint8)
    cells = list(patches(shape, field.counts, 0))
    room = min(min(cell.rows.stop - cell.rows.start, cell.columns.stop - cell.columns.start) for cell in cells)
    scale = (room - GAP) / field.side
    for cell, kernel in zip(cells, field.kernels, strict=True):
        small = picture(kernel, int(scale)) if scale >= 1 else _shrunk(kernel, scale)
        top = (cell.rows.start + cell.rows.stop - small.shape[0]) // 2
        left = (cell.columns.start + cell.columns.stop - small.shape[1]) // 2
        drawn[top : top + small.shape[0], left : left + small.shape[1]] = small
    return drawn


def _shrunk(kernel: Kernel, scale: float) -> np.ndarray:
    height, width = (max(round(side * scale), 1) for side in kernel.values.shape)
    values = cv2.resize(kernel.values, (width, height), interpolation=cv2.INTER_AREA)
    return np.rint(values / values.max() * 255).astype(np.uint8)


def save_field(field: KernelField, path: Path | str, scale: int = 4) -> None:
    """Write the grid of kernels as one PNG, each value a square of `scale` px, or exactly as a NumPy array (.npy).

    The array is rows x columns x side x side, each kernel in the middle. Raise UserError if that fails.
    """
    path = Path(path)
    check_kernel_file(path)
    side = field.side
    try:
        if path.suffix.lower() == ".npy":
            centred = [
                np.pad(k.values, [((side - length) // 2,) * 2 for length in k.values.shape]) for k in field.kernels
            ]
            array = np.reshape(centred, (*field.counts, side, side))
            write_whole(path, lambda file: np.save(file, array))
        else:
            rows, columns = (count * (side * scale + GAP) for count in field.counts)
            encoded = bytes(cv2.imencode(".png", field_picture(field, (rows, columns)))[1])
            write_whole(path, lambda file: file.write(encoded))
    except OSError as error:
        raise UserError("The kernels {path} cannot be written: {reason}.", path=path, reason=error) from error
