"""A photo that a camera shook, for the tests of Automatic and of fusing."""

import numpy as np
from skimage import data

from engine.kernels.blurring import add_noise
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.request import Request

SHARP = (data.astronaut()[20:180, 140:300] / 255).astype(np.float32)
LINE = Kernel(linear_kernel(11, 30))
AUTOMATIC = Request(device="cpu", region="whole")


def photo(pixels: np.ndarray) -> Photo:
    return Photo(add_noise(pixels, 0.01, np.random.default_rng(1)).clip(0, 1))
