"""The guided U-Net: unaffected without guidance, controlled with it."""

import pytest
import torch
import torch.nn.functional as F

from engine.networks.analysis_synthesis.synthesis import Guidance, GuidedBlock, Synthesis

SIDE = 7


def kernels(count=2, seed=0):
    values = torch.rand(count, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    return values / values.sum((-2, -1), keepdim=True)


def silenced(module):
    """Set every m(k) and b(k) to zero."""
    with torch.no_grad():
        for guidance in (m for m in module.modules() if isinstance(m, Guidance)):
            guidance.layers[-1].weight.zero_()
            guidance.layers[-1].bias.zero_()
    return module


def test_guided_convolution_is_the_plain_one_at_zero_guidance():
    block = silenced(GuidedBlock(3, 8, Guidance(SIDE, 8, 3, True, True)))
    x = torch.randn(2, 3, 10, 12)
    plain = x
    for conv in block.convolutions:
        plain = F.relu(conv(plain))
    torch.testing.assert_close(block(x, kernels().flatten(1)), plain)


def test_guidance_multiplies_and_adds_as_equation_1():
    block = GuidedBlock(3, 4, Guidance(SIDE, 4, 3, True, True))
    x, led = torch.randn(2, 3, 6, 6), kernels().flatten(1)
    multipliers, biases = block.guidance(led)
    expected = x
    for conv, m, b in zip(block.convolutions, multipliers, biases, strict=True):
        expected = F.relu(conv(expected) * (1 + m) + b)
    torch.testing.assert_close(block(x, led), expected)
    assert (multipliers - biases).abs().max() > 1e-3


@pytest.mark.parametrize("multiplicative", [True, False])
@pytest.mark.parametrize("additive", [True, False])
def test_each_guidance_can_be_switched_off(multiplicative, additive):
    m, b = Guidance(SIDE, 4, 3, multiplicative, additive)(kernels().flatten(1))
    assert m.shape == b.shape == (3, 2, 4, 1, 1)
    assert bool(m.any()) is multiplicative
    assert bool(b.any()) is additive


@pytest.mark.parametrize("multiplicative", [True, False])
@pytest.mark.parametrize("additive", [True, False])
def test_the_kernel_steers_the_picture_only_through_guidance(multiplicative, additive):
    torch.manual_seed(0)
    network = Synthesis(SIDE, 8, 1, multiplicative, additive, skip=False)
    blurred = torch.rand(1, 3, 16, 16)
    differs = not torch.equal(network(blurred, kernels(1, seed=1)), network(blurred, kernels(1, seed=2)))
    assert differs is (multiplicative or additive)


def test_untrained_network_with_skip_gives_its_input_back():
    blurred = torch.rand(2, 3, 32, 16)
    assert torch.equal(Synthesis(SIDE, 8, 2)(blurred, kernels()), blurred)


def test_kernels_of_other_sizes_are_padded_or_cropped():
    network = Synthesis(SIDE, 8, 1, skip=False)
    blurred, small = torch.rand(1, 3, 16, 16), kernels(1)[..., 2:5, 2:5]
    padded = network(blurred, F.pad(small, (2, 2, 2, 2)))
    assert torch.equal(network(blurred, small), padded)
    assert torch.equal(network(blurred, F.pad(small, (5, 5, 5, 5))), padded)


def test_wrong_multiple_is_refused():
    with pytest.raises(ValueError, match="multiples of 4"):
        Synthesis(SIDE, 8, 2)(torch.rand(1, 3, 18, 16), kernels(1))


@pytest.mark.parametrize(("levels", "radius"), [(1, 16), (2, 40)])
def test_receptive_field(levels, radius):
    """Reach of one output px: 12 * 2^levels - 8, the formula behind the overlap of 192 px at four levels."""
    network = silenced(Synthesis(SIDE, 2, levels, skip=False)).double()
    with torch.no_grad():  # positive everywhere: nothing can cancel or be cut by ReLU
        for name, parameter in network.named_parameters():
            if "guidance" not in name:
                parameter.fill_(0.1)
    width, reached = 128, 0
    for column in range(width // 2, width // 2 + 2**levels):
        blurred = torch.ones(1, 3, 8, width, dtype=torch.float64, requires_grad=True)
        network(blurred, kernels(1).double())[0, 0, 4, column].backward()
        seen = blurred.grad.abs().sum((0, 1, 2)).nonzero().flatten()
        reached = max(reached, column - int(seen[0]), int(seen[-1]) - column)
    assert reached == radius
