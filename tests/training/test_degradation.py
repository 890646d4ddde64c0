import numpy as np
import pytest
import torch
from scipy.signal import convolve2d

from training.degradation import Context, Degradation, convolve, degrade, plain


def picture(context, count=2, channels=3):
    return torch.rand(count, channels, *context.outer, generator=torch.Generator().manual_seed(0))


def delta(size, count=2):
    kernels = torch.zeros(count, 1, size, size)
    kernels[:, :, size // 2, size // 2] = 1
    return kernels


@pytest.mark.parametrize("size", [(20, 31), (33, 16)])
def test_convolution_is_the_valid_part_of_the_direct_one(size):
    context = Context(*size, kernel=7)
    sharp = picture(context, channels=1)
    kernels = torch.rand(2, 1, 7, 7)
    blurred = convolve(sharp, kernels, context)
    for i in range(2):
        direct = convolve2d(sharp[i, 0].numpy(), kernels[i, 0].numpy(), mode="valid")[: size[0], : size[1]]
        assert np.abs(blurred[i, 0].numpy() - direct).max() < 1e-4


def test_a_centred_kernel_leaves_the_picture_in_place():
    context = Context(24, 24, kernel=9)
    sharp = picture(context)
    blurred, noise = degrade(sharp, delta(9), context, plain(0.0), torch.Generator())
    assert (blurred - context.inner(sharp)).abs().max() <= 0.5 / 255 + 1e-5
    assert torch.equal(noise, torch.zeros(2))


def test_noise_has_the_given_strength():
    context = Context(64, 64, kernel=3)
    sharp = torch.full((4, 1, *context.outer), 0.5)
    blurred, noise = degrade(sharp, delta(3, 4), context, Degradation(read_noise=(0.01, 0.05)), torch.Generator())
    assert torch.allclose(blurred.flatten(1).std(1), noise, rtol=0.1)


@pytest.mark.parametrize("share", ["linear", "saturated", "jpeg"])
def test_each_effect_changes_the_picture_and_stays_in_range(share):
    context = Context(32, 32, kernel=5)
    sharp = (picture(context) * 1.2).clamp(0, 1)
    kernels = torch.full((2, 1, 5, 5), 1 / 25)
    options = {"read_noise": (0.0, 0.0), "qualities": (30.0, 30.0)}
    without, _ = degrade(sharp, kernels, context, Degradation(**options), torch.Generator().manual_seed(1))
    affected, _ = degrade(
        sharp, kernels, context, Degradation(**options, **{share: 1.0}), torch.Generator().manual_seed(1)
    )
    assert (affected - without).abs().max() > 2 / 255
    assert affected.min() >= 0 and affected.max() <= 1
