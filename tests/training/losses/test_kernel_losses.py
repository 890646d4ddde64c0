import pytest
import torch

from training.losses.kernels import kernel_l1, kernel_l2


def impulse(side: int, row: int, column: int) -> torch.Tensor:
    kernel = torch.zeros(1, side, side)
    kernel[0, row, column] = 1
    return kernel


def test_two_kernels_that_share_nothing_are_as_far_apart_as_can_be():
    assert kernel_l1(impulse(3, 0, 0), impulse(3, 2, 2)).item() == 2
    assert kernel_l2(impulse(3, 0, 0), impulse(3, 2, 2)).item() == 2


def test_by_hand():
    true = torch.tensor([[[0.25, 0.75]]])
    estimated = torch.tensor([[[0.5, 0.5]]])
    assert kernel_l1(estimated, true).item() == pytest.approx(0.5)
    assert kernel_l2(estimated, true).item() == pytest.approx(0.125)


@pytest.mark.parametrize("loss", [kernel_l1, kernel_l2])
def test_a_wider_window_and_a_larger_batch_change_nothing(loss):
    small, large = (loss(impulse(s, 0, 0), impulse(s, 1, 1)) for s in (3, 31))
    batch = loss(impulse(3, 0, 0).repeat(4, 1, 1), impulse(3, 1, 1).repeat(4, 1, 1))
    assert small == large == batch


@pytest.mark.parametrize("loss", [kernel_l1, kernel_l2])
def test_symmetry_and_zero(loss):
    a, b = torch.rand(2, 3, 5, 5)
    torch.testing.assert_close(loss(a, b), loss(b, a))
    assert loss(a, a).item() == 0


def test_gradient():
    a, b = torch.rand(2, 2, 3, 3, dtype=torch.float64)
    a.requires_grad_()
    kernel_l1(a, b).backward()
    torch.testing.assert_close(a.grad, (a - b).sign().detach() / 2)
    assert torch.autograd.gradcheck(lambda k: kernel_l2(k, b), a)
