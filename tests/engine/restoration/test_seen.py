import numpy as np

from engine.kernels.deconvolution import noise_by_found_kernel, working_noise
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.networks.l0_deconv.network import L0Deconvolution
from engine.photos.photo import Photo
from engine.restoration import seen
from engine.restoration.runner import tensor_of
from engine.restoration.seen import Seen

PIXELS = np.random.default_rng(0).normal(0.5, 0.02, (60, 80, 3)).astype(np.float32)
NIGHT = 0.2 * PIXELS
NIGHT[20:24, 20:24] = 1


def test_a_photo_is_measured_once(monkeypatch):
    measured = []
    monkeypatch.setattr(seen, "noise_level", lambda pixels: measured.append(pixels) or 0.02)
    known = Seen(Photo(PIXELS))
    assert not measured, "nobody asked yet"
    assert (known.noise, known.noise, known.working_noise) == (0.02, 0.02, 0.02)
    assert len(measured) == 1 and measured[0] is PIXELS


def test_what_is_known_is_what_would_be_measured():
    for pixels in (PIXELS, NIGHT):
        known = Seen(Photo(pixels))
        assert known.noise == noise_level(pixels) and known.working_noise == working_noise(pixels)
        assert noise_by_found_kernel(pixels, known.noise) == noise_by_found_kernel(pixels)
    assert Seen(Photo(NIGHT)).working_noise > Seen(Photo(NIGHT)).noise


def test_deconvolution_takes_the_noise_that_is_known():
    line = Kernel(np.ones((1, 5)))
    prepared = L0Deconvolution(line, 0.05).prepare(tensor_of(PIXELS)[0], tiled=False)
    assert prepared.state == 0.05
