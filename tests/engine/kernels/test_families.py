import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.kernels.families import (
    FAMILIES,
    centred,
    defocus_kernel,
    draw_bank,
    draw_kernel,
    gaussian_kernel,
    linear_kernel,
)


def mass_centre(kernel: np.ndarray) -> np.ndarray:
    places = np.indices(kernel.shape) - np.array(kernel.shape).reshape(2, 1, 1) // 2
    return (places * kernel).sum(axis=(1, 2)) / kernel.sum()


def extent(kernel: np.ndarray) -> int:
    rows, columns = np.nonzero(kernel > 1e-4 * kernel.max())
    return int(max(np.ptp(rows), np.ptp(columns))) + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FAMILIES)), st.integers(0, 25).map(lambda half: 2 * half + 1), st.integers(0, 2**32))
def test_a_drawn_kernel_is_a_centred_distribution_of_the_asked_size(family: str, size: int, seed: int):
    kernel = draw_kernel(family, size, np.random.default_rng(seed))
    assert kernel.shape == (size, size)
    assert kernel.dtype == np.float32
    assert kernel.min() >= 0
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    assert np.abs(mass_centre(kernel)).max() < 0.05


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_extents_vary_up_to_the_size(family: str):
    rng = np.random.default_rng(5)
    extents = [extent(draw_kernel(family, 31, rng)) for _ in range(80)]
    assert max(extents) > 20
    assert min(extents) < 16


def test_the_same_seed_draws_the_same_kernel():
    first, second = (draw_kernel("trajectory", 27, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first, second)


def test_an_unknown_family_is_named():
    with pytest.raises(UserError, match=r"'wobble'.*spline"):
        draw_kernel("wobble", 15, np.random.default_rng(0))


def test_an_even_size_is_refused():
    with pytest.raises(ValueError, match="odd"):
        draw_kernel("spline", 16, np.random.default_rng(0))


def test_a_bank_holds_padded_kernels_of_all_extents():
    bank = draw_bank(300, 25, np.random.default_rng(2), {"spline": 1.0, "defocus": 3.0}, smallest=5)
    assert bank.shape == (300, 25, 25)
    assert bank.dtype == np.float32
    np.testing.assert_allclose(bank.sum(axis=(1, 2)), 1, atol=1e-5)
    extents = [extent(kernel) for kernel in bank]
    assert min(extents) <= 6
    assert max(extents) >= 23


def test_a_bank_draws_families_by_weight():
    bank = draw_bank(400, 15, np.random.default_rng(2), {"defocus": 3.0, "linear": 1.0}, smallest=13)
    discs = np.mean([(kernel > 0.3 * kernel.max()).sum() > 60 for kernel in bank])
    assert discs == pytest.approx(0.75, abs=0.07)


@given(st.integers(1, 40))
def test_horizontal_motion_is_a_row_of_its_length(length: int):
    kernel = linear_kernel(length, 0)
    row = kernel[len(kernel) // 2]
    assert row.sum() == pytest.approx(1, abs=1e-5)
    assert np.count_nonzero(row > 1e-6) == length + (length + 1) % 2


def test_motion_at_45_degrees_rises_to_the_right():
    kernel = linear_kernel(15, 45)
    rows, columns = np.nonzero(kernel > 0.5 * kernel.max())
    assert np.corrcoef(rows, columns)[0, 1] < -0.98
    assert np.ptp(columns) == pytest.approx(14 * np.sqrt(0.5), abs=1.5)


def test_a_disc_has_its_area_and_a_gaussian_its_spread():
    disc = defocus_kernel(6)
    assert 1 / disc.max() == pytest.approx(np.pi * 36, rel=0.02)
    bell = gaussian_kernel(3)
    variance = (bell * (np.arange(len(bell)) - len(bell) // 2) ** 2).sum()
    assert np.sqrt(variance) == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize("bad", [0, -2, np.nan, np.inf])
def test_exact_parameters_are_checked(bad: float):
    for make in (lambda value: linear_kernel(value, 0), defocus_kernel, gaussian_kernel):
        with pytest.raises(ValueError, match="number above"):
            make(bad)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_centring_keeps_all_light_and_brings_the_mass_to_the_middle(seed: int, subpixel: bool):
    values = np.random.default_rng(seed).exponential(size=(9, 13)).astype(np.float32) ** 3
    out = centred(values, subpixel=subpixel)
    assert out.shape[0] == out.shape[1]
    assert out.shape[0] % 2 == 1
    assert out.sum() == pytest.approx(1, abs=1e-5)
    assert np.abs(mass_centre(out)).max() < (1e-4 if subpixel else 0.5001)
    if not subpixel:
        np.testing.assert_allclose(np.sort(out.ravel())[-117:], np.sort(values.ravel() / values.sum()), atol=1e-6)
