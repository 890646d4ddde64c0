"""The quotient layers compared with dense least squares, and their windows and borders."""

import numpy as np
import pytest
import torch
from scipy.signal.windows import barthann

from engine.networks.learned_deconv.quotient import (
    ImageQuotient,
    delta,
    extended,
    image_quotient,
    kernel_quotient,
    normalised,
)
from engine.networks.learned_deconv.windows import bartlett_hann, windowed

SHAPE = (9, 10)  # lengths that the layers transform as they are


def circulant(picture):
    """Return the matrix A with A k = picture * k, circular; k has the picture's shape, its origin at [0, 0]."""
    height, width = picture.shape
    columns = [np.roll(picture, (dy, dx), (0, 1)).ravel() for dy in range(height) for dx in range(width)]
    return np.stack(columns, axis=1)


def centred(kernel, size):
    """Return the size x size centre of a kernel whose origin is at [0, 0]."""
    return np.roll(kernel, (size // 2, size // 2), (0, 1))[:size, :size]


def regularised(matrices, targets, beta):
    """Return argmin_v sum_i ||A_i v - b_i||^2 + beta ||v||^2 by dense least squares."""
    side = matrices[0].shape[1]
    stacked = np.vstack([*matrices, np.sqrt(beta) * np.eye(side)])
    return np.linalg.lstsq(stacked, np.concatenate([*targets, np.zeros(side)]), rcond=None)[0]


@pytest.mark.parametrize("beta", [1e-4, 0.5])
def test_kernel_layer_equals_dense_least_squares(beta):
    rng = np.random.default_rng(1)
    sharp, blurred = rng.standard_normal((2, 2, 3, *SHAPE))
    ours = kernel_quotient(torch.from_numpy(sharp), torch.from_numpy(blurred), 5, beta).numpy()
    for i in range(2):
        dense = regularised([circulant(x) for x in sharp[i]], [y.ravel() for y in blurred[i]], beta)
        np.testing.assert_allclose(ours[i, 0], centred(dense.reshape(SHAPE), 5), atol=1e-8)


@pytest.mark.parametrize("beta", [1e-3, 0.5])
def test_image_layer_equals_dense_least_squares(beta):
    rng = np.random.default_rng(2)
    blurred, kernel = rng.standard_normal((2, *SHAPE)), rng.random((3, 3))
    ours = image_quotient(torch.from_numpy(blurred)[None], torch.from_numpy(kernel)[None, None], beta).numpy()
    whole = np.zeros(SHAPE)
    whole[:3, :3] = kernel
    matrix = circulant(np.roll(whole, (-1, -1), (0, 1)))
    for channel in range(2):
        dense = regularised([matrix], [blurred[channel].ravel()], beta)
        np.testing.assert_allclose(ours[0, channel], dense.reshape(SHAPE), atol=1e-8)


def test_kernel_layer_finds_the_kernel_that_blurred_the_features():
    rng = np.random.default_rng(3)
    sharp, kernel = rng.standard_normal((4, *SHAPE)), rng.random((5, 5))
    whole = np.zeros(SHAPE)
    whole[:5, :5] = kernel
    origin = np.roll(whole, (-2, -2), (0, 1))
    blurred = np.fft.ifft2(np.fft.fft2(sharp) * np.fft.fft2(origin)).real
    found = kernel_quotient(torch.from_numpy(sharp)[None], torch.from_numpy(blurred)[None], 5, 1e-12)
    np.testing.assert_allclose(found[0, 0].numpy(), kernel, atol=1e-8)


def test_both_layers_have_right_gradients():
    torch.manual_seed(0)
    sharp, blurred = torch.randn(2, 1, 2, 6, 5, dtype=torch.float64).requires_grad_()
    layer = ImageQuotient().double()
    kernel = torch.rand(1, 1, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, y: normalised(kernel_quotient(x, y, 3, 0.1)), (sharp, blurred))
    assert torch.autograd.gradcheck(layer, (blurred.detach().requires_grad_(), kernel))
    (layer(blurred, kernel).square().sum()).backward()
    assert layer.log_beta.grad is not None
    assert layer.log_beta.grad.abs() > 0


def test_layers_stay_in_float32_under_autocast():
    features = torch.rand(1, 2, 8, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        kernel = kernel_quotient(features.bfloat16(), features.bfloat16(), 3)
        latent = ImageQuotient()(features.bfloat16(), kernel)
    assert kernel.dtype == latent.dtype == torch.float32


def test_normalised_kernels_are_kernels():
    raw = torch.randn(4, 1, 5, 5)
    raw[3] = -raw[3].abs()
    kernel = normalised(raw)
    assert kernel.min() >= 0
    torch.testing.assert_close(kernel.sum((-2, -1)), torch.ones(4, 1))
    assert torch.equal(kernel[3], delta(raw)[3])


def test_a_delta_restores_the_picture_but_for_beta():
    picture = torch.rand(2, 3, 11, 7)
    layer = ImageQuotient()
    restored = layer(picture, delta(torch.zeros(2, 1, 5, 5)))
    torch.testing.assert_close(restored, picture / (1 + layer.log_beta.exp()))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (5, 3), (40, 33)])
def test_extension_keeps_the_picture_and_wraps_without_a_jump(shape):
    picture = torch.linspace(0, 1, shape[0] * shape[1]).reshape(1, 1, *shape)
    whole = extended(picture, shape[0] + 12, shape[1] + 12)
    assert torch.equal(whole[..., : shape[0], : shape[1]], picture)
    for axis in (-2, -1):
        steps = (whole - whole.roll(1, axis)).abs().amax()
        inner = picture.diff(dim=axis).abs().amax() if shape[axis] > 1 else torch.tensor(0.0)
        assert steps <= 2 * inner + 1 / 6, "a step of the fade is at most the range over its length, twice"


def test_extension_keeps_the_wrap_around_from_ringing():
    ramp = torch.linspace(-0.5, 0.5, 64).expand(1, 1, 64, 64)
    kernel = torch.full((1, 1, 1, 9), 1 / 9).expand(1, 1, 9, 9) / 9

    def ringing(border):
        layer = ImageQuotient(border)
        return (layer(ramp, kernel) - ramp).abs()[..., 24:40, 24:40].max()

    assert ringing("extended") < 0.5 * ringing("circular")


@pytest.mark.parametrize("length", [1, 2, 7, 64])
def test_window_is_bartlett_hann(length):
    ours = bartlett_hann(length, torch.zeros(0, dtype=torch.float64)).numpy()
    np.testing.assert_allclose(ours, barthann(length), atol=1e-12)


def test_windows_differ_in_what_they_leave():
    ones = torch.ones(1, 1, 30, 31)
    assert torch.equal(windowed(ones, "none", 5), ones)
    border = windowed(ones, "border", 5)
    assert torch.equal(border[..., 5:-5, 5:-5], ones[..., 5:-5, 5:-5])
    assert border[..., 0, :].max() < 0.1
    assert windowed(ones, "bartlett-hann", 5)[..., 0, :].max() == 0
    with pytest.raises(ValueError, match="window must be"):
        windowed(ones, "hamming", 5)
