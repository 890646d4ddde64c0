import numpy as np
import pytest
import torch
from skimage.data import astronaut
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from training.measures import psnr, shift_tolerant_psnr, ssim


@pytest.fixture
def pair():
    sharp = torch.from_numpy(astronaut()[100:164, 200:264]).permute(2, 0, 1)[None].double() / 255
    noise = 0.05 * torch.randn(sharp.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return (sharp + noise).clamp(0, 1), sharp


def as_numpy(tensor):
    return tensor[0].permute(1, 2, 0).numpy()


def test_psnr_is_that_of_scikit_image(pair):
    expected = peak_signal_noise_ratio(as_numpy(pair[1]), as_numpy(pair[0]), data_range=1)
    assert float(psnr(*pair)) == pytest.approx(expected, abs=1e-6)


def test_ssim_is_that_of_scikit_image_away_from_borders(pair):
    _, full = structural_similarity(
        as_numpy(pair[1]), as_numpy(pair[0]), data_range=1, channel_axis=2, gaussian_weights=True,
        use_sample_covariance=False, full=True,
    )  # fmt: skip
    assert float(ssim(*pair)) == pytest.approx(float(np.mean(full[5:-5, 5:-5])), abs=1e-4)


def test_a_shifted_picture_is_forgiven(pair):
    _, sharp = pair
    shifted = torch.roll(sharp, (3, -2), (2, 3))
    assert float(psnr(shifted, sharp)) < 30
    assert float(shift_tolerant_psnr(shifted, sharp)) > 90


@pytest.mark.parametrize("side", [1, 8, 10])
def test_figures_that_small_pictures_cannot_have_are_not_a_number(side):
    sharp = torch.rand(2, 3, side, 40)
    assert psnr(sharp, sharp).tolist() == [100, 100]
    assert ssim(sharp, sharp).isnan().tolist() == [True, True]
    assert shift_tolerant_psnr(sharp, sharp).isnan().tolist() == [True, True]


def test_a_picture_of_the_windows_size_is_measured():
    sharp = torch.rand(1, 3, 11, 11)
    assert float(ssim(sharp, sharp)) == pytest.approx(1)
