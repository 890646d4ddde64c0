import numpy as np
import pytest
from skimage import data

from engine.kernels import deconvolution
from engine.kernels.blurring import add_noise, blur
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.request import Request
from engine.restoration.known_kernel import cell_within, undoing
from engine.restoration.watch import Watch

SHARP = (data.astronaut()[:200, 100:340] / 255).astype(np.float32)
LINE = Kernel(linear_kernel(9, 30))
BLURRED = add_noise(blur(SHARP, LINE), 0.01, np.random.default_rng(0)).clip(0, 1)


def test_in_tiles_it_is_as_whole_and_tells_how_far_it_is():
    told, boxes = [], []
    watch = Watch(lambda share, step: told.append(share), lambda box, pixels: boxes.append((box, pixels.shape)))
    tiled = undoing(LINE, Request(tile=127))(BLURRED, watch).pixels
    whole = undoing(LINE, Request())(BLURRED, Watch()).pixels
    assert np.abs(tiled - whole).max() < 0.08 and np.square(tiled - whole).mean() < 1e-5
    assert told == sorted(told) and told[-1] == 1 and len(told) > len(boxes) >= 4
    assert all((bottom - top, right - left, 3) == shape for (left, top, right, bottom), shape in boxes)


def test_the_noise_is_measured_once_however_many_tiles_there_are(monkeypatch):
    measured = []
    level = deconvolution.noise_level
    monkeypatch.setattr(deconvolution, "noise_level", lambda pixels: measured.append(pixels.shape) or level(pixels))
    undoing(LINE, Request(tile=127))(BLURRED, Watch())
    assert measured == [BLURRED.shape]


@pytest.mark.parametrize(
    ("size", "budget", "tile", "cell"),
    [
        ((400, 600), 10**9, None, deconvolution.TILE),
        ((4000, 6000), 10**10, None, deconvolution.TILE),
        ((4000, 6000), 4 * 10**8, None, 1000 - 3 * 31),
        ((400, 600), 10**9, 512, 512 - 3 * 31),
        ((400, 600), 10**9, 64, 64),
    ],
)
def test_a_tile_with_what_it_shares_fits_into_the_memory(size, budget, tile, cell):
    assert cell_within(size, 31, budget, tile) == cell
