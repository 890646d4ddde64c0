import pytest
import torch

from engine.networks.deepdeblur import METHOD
from engine.networks.deepdeblur.network import KERNEL_SIZES, InceptionModule, SameConv


def parameters(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_it_has_the_layers_that_the_paper_prints():
    network = METHOD.build()
    assert tuple(network.first.weight.shape) == (64, 3, 3, 3)
    assert tuple(network.last.weight.shape) == (3, 64, 1, 1)
    assert len(network.inception) == 6
    for module in network.inception:
        assert [tuple(branch.weight.shape) for branch in module.branches] == [(32, 32, k, k) for k in KERNEL_SIZES]
        assert tuple(module.reduction.weight.shape) == (5 * 32, 64, 1, 1)
        assert tuple(module.fusion.weight.shape) == (64, 5 * 32, 1, 1)


def test_the_reduction_saves_nearly_half_of_the_parameters():
    # Sec. 4.6 of the paper: without `reduction` the size is k x k x 64 x 32; it "saves nearly 40% of model size".
    weights = sum(k * k for k in KERNEL_SIZES) * 32 * 32
    assert parameters(METHOD.build()) == 6 * (weights + 5 * 32 + 64 * 160 + 160 + 160 * 64 + 64) + 1792 + 195
    assert 0.4 < 1 - parameters(METHOD.build()) / parameters(METHOD.build({"reduction": False})) < 0.5


@pytest.mark.parametrize("size", KERNEL_SIZES)
def test_every_kernel_size_keeps_the_picture_in_place(size):
    conv = SameConv(1, 1, size)
    with torch.no_grad():
        conv.weight.zero_()
        conv.bias.zero_()
        conv.weight[..., (size - 1) // 2, (size - 1) // 2] = 1
    picture = torch.rand(1, 1, 17, 20)
    assert torch.equal(conv(picture), picture)


def test_an_even_kernel_is_padded_with_one_more_after_than_before():
    conv = SameConv(1, 1, 14)
    same = torch.nn.Sequential(torch.nn.ZeroPad2d((6, 7, 6, 7)), torch.nn.Conv2d(1, 1, 14))
    same[1].load_state_dict(conv.state_dict())
    picture = torch.rand(1, 1, 20, 17)
    torch.testing.assert_close(conv(picture), same(picture))


def test_a_module_adds_to_its_input():
    module = InceptionModule(8, reduction=True)
    torch.nn.init.zeros_(module.fusion.weight)
    torch.nn.init.zeros_(module.fusion.bias)
    x = torch.rand(1, 8, 16, 16)
    assert torch.equal(module(x), x)


@pytest.mark.parametrize("reduction", [True, False])
@pytest.mark.parametrize("size", [(112, 96), (1, 1), (33, 50)])
def test_any_size_comes_back_in_its_size(reduction, size):
    network = METHOD.build({"modules": 1, "channels": 8, "reduction": reduction})
    assert network(torch.rand(2, 3, *size)).shape == (2, 3, *size)


def test_with_the_skip_it_starts_as_the_identity():
    picture = torch.rand(1, 3, 20, 20)
    assert torch.equal(METHOD.build()(picture), picture)
    assert not torch.allclose(METHOD.build({"skip": False})(picture), picture)


def test_the_overlap_is_the_reach_of_a_pixel():
    network = METHOD.build({"skip": False, "channels": 8})
    picture = torch.rand(1, 3, 3, 120, requires_grad=True)
    network(picture)[0, :, 1, 60].sum().backward()
    seen = picture.grad.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    assert (60 - int(seen.min()), int(seen.max()) - 60) == (37, 43)
    assert METHOD.scaling.overlap == 43


def test_it_learns_to_undo_a_shade():
    torch.manual_seed(0)
    network = METHOD.build({"modules": 1, "channels": 8})
    optimiser = torch.optim.RMSprop(network.parameters(), 1e-3)
    picture = torch.rand(2, 3, 16, 16)
    losses = []
    for _ in range(20):
        loss = (network(0.5 * picture) - picture).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
