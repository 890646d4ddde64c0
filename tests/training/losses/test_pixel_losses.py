import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.losses.pixels import gradient_l1, l1, l2, total_variation

BETWEEN = [l1, l2]


def pair() -> tuple[torch.Tensor, torch.Tensor]:
    restored = torch.tensor([[0.0, 0.5], [1.0, 0.2]]).reshape(1, 1, 2, 2)
    return restored, torch.tensor([[0.0, 0.1], [0.5, 0.2]]).reshape(1, 1, 2, 2)


def test_values_by_hand():
    restored, sharp = pair()
    assert l1(restored, sharp).item() == pytest.approx((0.4 + 0.5) / 4)
    assert l2(restored, sharp).item() == pytest.approx((0.16 + 0.25) / 4)


def test_total_variation_by_hand():
    restored, _ = pair()
    across, down = 0.5**2 + 0.8**2, 1.0**2 + 0.3**2
    assert total_variation(restored).item() == pytest.approx((across + down) / 4)


def test_total_variation_of_a_flat_picture_is_zero():
    assert total_variation(torch.full((2, 3, 5, 4), 0.7)).item() == 0


def test_total_variation_does_not_depend_on_the_direction():
    picture = torch.rand(2, 3, 5, 7)
    for changed in (picture.mT, picture.flip(-1), picture.flip(-2), 1 - picture):
        torch.testing.assert_close(total_variation(changed), total_variation(picture))


@pytest.mark.parametrize("loss", BETWEEN)
def test_losses_are_symmetric(loss):
    a, b = torch.rand(2, 2, 3, 5, 4)
    torch.testing.assert_close(loss(a, b), loss(b, a))


@given(st.floats(-0.5, 0.5), st.integers(1, 3), st.integers(1, 6))
def test_a_shift_of_the_tone_costs_the_same_at_every_size(shift, pictures, side):
    sharp = torch.full((pictures, 3, side, side), 0.5, dtype=torch.float64)
    assert l1(sharp + shift, sharp).item() == pytest.approx(abs(shift), abs=1e-9)
    assert l2(sharp + shift, sharp).item() == pytest.approx(shift**2, abs=1e-9)


def test_gradients_are_those_of_the_formula():
    a, b = torch.rand(2, 1, 2, 3, 3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: l2(x, b), a.requires_grad_())


def test_the_gradient_of_total_variation():
    picture = torch.rand(1, 2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(total_variation, picture)


def test_gradients_count_edges_and_not_brightness():
    sharp = torch.rand(2, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    assert gradient_l1(sharp + 0.1, sharp, scales=3) == pytest.approx(0, abs=1e-6)
    edge = torch.zeros(1, 1, 8, 8)
    edge[..., 4:] = 1
    assert gradient_l1(edge, torch.zeros_like(edge), scales=1) == pytest.approx(1 / 7)
