"""A kernel as a file: a picture to look at, or its numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.kernels.kernel import Kernel

KERNEL_KINDS = "Picture (*.png);;Numbers for NumPy (*.npy)"


def write_kernel(kernel: Kernel, target: Path) -> None:
    """Write PNG (16 bit grey, peak white, linear) or NPY (float32, sum 1); raise UserError where that fails."""
    from PIL import Image

    try:
        if target.suffix.lower() == ".npy":
            with target.open("wb") as file:
                np.save(file, kernel.values, allow_pickle=False)
        elif target.suffix.lower() == ".png":
            scaled = np.rint(kernel.values / kernel.values.max() * 65535).astype(np.uint16)
            Image.fromarray(scaled).save(target, format="PNG")
        else:
            raise UserError(f"{target}: a kernel is saved as .png or .npy, not as {target.suffix!r}.")
    except OSError as error:
        raise UserError(f"{target}: cannot be written ({error.strerror or error}).") from error
