"""The sample: a portrait with known camera shake. It is made on this computer when it is first needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.user_folders import cache_folder

if TYPE_CHECKING:
    from engine.kernels.kernel import Kernel

_KERNEL_SIDE = 17
_NOISE = 1 / 255
_SEED = 7


def sample_path() -> Path:
    """Return the sample's path; the file may not exist yet."""
    return cache_folder() / "sample.png"


def sample_kernel() -> Kernel:
    """Return the camera shake of the sample."""
    import numpy as np

    from engine.kernels.families import draw_kernel
    from engine.kernels.kernel import Kernel

    return Kernel(draw_kernel("trajectory", _KERNEL_SIDE, np.random.default_rng(_SEED)))


def make_sample() -> None:
    """Write the sample if it does not exist: NASA's portrait of Eileen Collins (public domain), blurred."""
    import numpy as np
    from PIL import Image
    from skimage.data import astronaut

    from engine.kernels.blurring import add_noise, blur

    target = sample_path()
    if target.exists():
        return
    sharp = astronaut().astype(np.float32) / 255
    blurred = add_noise(blur(sharp, sample_kernel()), _NOISE, np.random.default_rng(_SEED))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    Image.fromarray(np.rint(blurred.clip(0, 1) * 255).astype(np.uint8)).save(temporary, format="PNG")
    temporary.replace(target)
