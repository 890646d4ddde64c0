import numpy as np
import pytest
from skimage import data

from engine.kernels.noise import noise_level
from engine.restoration import grain
from engine.restoration.grain import held_down
from engine.restoration.strength import blend

RNG = np.random.default_rng(0)
NOISE = 0.01


def sky(noise: float = NOISE) -> np.ndarray:
    """A sky above a textured field, 96 x 128 px."""
    picture = np.linspace(0.4, 0.6, 96, dtype=np.float32)[:, None, None] * np.ones((96, 128, 3), np.float32)
    picture[56:] = (data.grass()[:40, :128, None] / 255).astype(np.float32)
    return picture + RNG.normal(0, noise, picture.shape).astype(np.float32)


def ringing(photo: np.ndarray) -> np.ndarray:
    """What a restoration makes of it: more contrast, rings and grain everywhere."""
    rows = np.arange(len(photo))[:, None, None]
    return (photo * 1.05 + 0.03 * np.sin(rows) + RNG.normal(0, 0.02, photo.shape)).clip(0, 1).astype(np.float32)


def test_at_zero_it_is_the_restored_picture():
    photo = sky()
    restored = ringing(photo)
    assert held_down(photo, restored, 0) is restored


def test_the_sky_becomes_calm_and_the_field_stays():
    photo = sky()
    restored = ringing(photo)
    calm = held_down(photo, restored, 1)
    assert noise_level(calm[:40]) < 0.2 * NOISE
    assert np.abs(calm[:40] - np.linspace(0.4, 0.6, 96)[:40, None, None]).max() < 0.02
    np.testing.assert_array_equal(calm[66:], restored[66:])


def test_half_the_grain_lies_half_way():
    photo = sky()
    restored = ringing(photo)
    half, whole = held_down(photo, restored, 0.5), held_down(photo, restored, 1)
    np.testing.assert_allclose(half, (restored + whole) / 2, atol=1e-6)


def test_what_was_not_changed_keeps_its_bits():
    photo = sky()
    restored = ringing(photo)
    restored[:30] = photo[:30]
    np.testing.assert_array_equal(held_down(photo, restored, 1)[:30], photo[:30])
    assert (blend(photo, restored, 0, grain=1) == photo).all()


def test_strips_do_not_show(monkeypatch: pytest.MonkeyPatch):
    photo = sky()
    restored = ringing(photo)
    whole = held_down(photo, restored, 1)
    monkeypatch.setattr(grain, "ROWS", 9)
    np.testing.assert_allclose(held_down(photo, restored, 1), whole, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 200, 3), (40, 5, 3), (3, 3, 3)])
def test_any_size_will_do(shape: tuple[int, ...]):
    photo = np.full(shape, 0.5, np.float32)
    assert held_down(photo, photo + np.float32(0.1), 1).shape == shape
