"""The correlation layer compared with the sum that defines it, term by term."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.networks.analysis_synthesis.correlation import EPSILON, CorrelationLayer

CHANNELS = 4
PAIRS = [(i, j) for i in range(CHANNELS) for j in range(i + 1, CHANNELS)]


def unmixed(reach):
    """Return a layer whose outputs are the correlations themselves."""
    count = CHANNELS * (CHANNELS - 1)
    layer = CorrelationLayer(CHANNELS, count, reach)
    with torch.no_grad():
        layer.mix.weight.copy_(torch.eye(count)[:, :, None, None])
    return layer


def direct(maps, i, j, reach):
    """Return C_ij(s, t) = sum f_i(x - s, y - t) f_j(x, y) of standardised C x H x W maps, by shifting."""
    centred = maps - maps.mean((-2, -1), keepdim=True)
    f = centred / (centred.flatten(1).norm(dim=1)[:, None, None] + EPSILON)
    height, width = f.shape[1:]
    around = F.pad(f, (reach,) * 4)
    lags = range(-reach, reach + 1)

    def shifted(s, t):
        return around[i, reach - s : reach - s + height, reach - t : reach - t + width]

    return torch.stack([torch.stack([(shifted(s, t) * f[j]).sum() for t in lags]) for s in lags])


@settings(max_examples=12, deadline=None)
@given(height=st.integers(2, 40), width=st.integers(2, 40), reach=st.integers(1, 6))
def test_correlations_are_the_direct_sums(height, width, reach):
    maps = torch.randn(CHANNELS, height, width, generator=torch.Generator().manual_seed(height * width))
    computed = unmixed(reach)(maps[None])[0]
    for index, (i, j) in enumerate(PAIRS):
        torch.testing.assert_close(computed[index], direct(maps, i, j, reach), atol=1e-5, rtol=0)
        torch.testing.assert_close(computed[len(PAIRS) + index], direct(maps, j, i, reach), atol=1e-5, rtol=0)


def test_large_maps_in_many_blocks_are_exact():
    maps = torch.randn(2, 90, 231, generator=torch.Generator().manual_seed(1))
    layer = CorrelationLayer(2, 2, reach=4)
    with torch.no_grad():
        layer.mix.weight.copy_(torch.eye(2)[:, :, None, None])
    torch.testing.assert_close(layer(maps[None])[0, 0], direct(maps, 0, 1, 4), atol=1e-5, rtol=0)


def test_exchanging_two_maps_mirrors_their_correlation():
    computed = unmixed(5)(torch.randn(2, CHANNELS, 30, 25))
    half = len(PAIRS)
    torch.testing.assert_close(computed[:, half:], computed[:, :half].flip(-2, -1))


def test_a_shifted_copy_peaks_at_its_shift():
    picture = torch.randn(40, 40, generator=torch.Generator().manual_seed(2))
    maps = torch.stack([picture, picture.roll((3, -2), (0, 1))])
    layer = CorrelationLayer(2, 2, reach=5)
    with torch.no_grad():
        layer.mix.weight.copy_(torch.eye(2)[:, :, None, None])
    peak = int(layer(maps[None])[0, 0].argmax())
    assert (peak // 11 - 5, peak % 11 - 5) == (3, -2)


def test_the_mix_is_a_1x1_convolution_of_992_channels():
    layer, plain = CorrelationLayer(32, 32, 3), CorrelationLayer(32, 992, 3)
    assert layer.mix.weight.shape == (32, 992, 1, 1)
    with torch.no_grad():
        plain.mix.weight.copy_(torch.eye(992)[:, :, None, None])
        layer.mix.bias.uniform_(-1, 1)
        maps = torch.randn(1, 32, 20, 20)
        torch.testing.assert_close(layer(maps), layer.mix(plain(maps)), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 7)])
def test_flat_and_tiny_maps_give_finite_values_and_gradients(size):
    maps = torch.ones(1, CHANNELS, *size, requires_grad=True)
    result = unmixed(3)(maps)
    result.sum().backward()
    assert result.abs().max() < 1e-3
    assert maps.grad is not None
    assert maps.grad.isfinite().all()


def test_float32_whatever_the_precision_around_it():
    maps = torch.randn(1, CHANNELS, 20, 20).bfloat16()
    layer = unmixed(3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result = layer(maps)
    assert result.dtype == torch.float32
    torch.testing.assert_close(result, layer(maps.float()))
