import numpy as np
import pytest

from engine.kernels.families.drawing import centre_of_mass
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred, centred_exactly


def test_a_kernel_lies_centred_on_its_mass():
    skewed = np.zeros((15, 15), np.float32)
    skewed[2:5, 3:10] = 1
    rows, columns = np.mgrid[:15, :15]
    moved = centred(skewed)
    assert moved.sum() == skewed.sum()
    assert np.average(rows, weights=moved) == pytest.approx(7, abs=0.5)
    assert np.average(columns, weights=moved) == pytest.approx(7, abs=0.5)


def test_a_kernel_is_moved_onto_its_mass_by_less_than_a_pixel():
    values = np.zeros((7, 7), np.float32)
    values[3, 2:6] = values[4, 5] = 0.2
    moved = centred_exactly(Kernel(values)).values
    assert moved.shape == (9, 9)
    assert moved.sum() == pytest.approx(1)
    assert np.abs(centre_of_mass(values)).max() > 0.19
    assert np.abs(centre_of_mass(moved)).max() < 0.05
