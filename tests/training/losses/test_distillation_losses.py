import pytest
import torch

from training.losses.distillation import cosine, relation


def test_by_hand():
    student = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    teacher = torch.tensor([[1.0, 0.0], [3.0, 0.0]])
    assert cosine(student, teacher).item() == pytest.approx(0.5)
    assert relation(student, teacher).item() == pytest.approx(2 / 4)  # two of four cosines are 0 instead of 1


@pytest.mark.parametrize("loss", [cosine, relation])
def test_symmetry_zero_and_blindness_to_length(loss):
    a, b = torch.randn(2, 5, 8)
    torch.testing.assert_close(loss(a, b), loss(b, a))
    torch.testing.assert_close(loss(3 * a, b), loss(a, b))
    assert loss(a, 2 * a).item() == pytest.approx(0, abs=1e-6)


def test_relation_does_not_see_a_turn_of_all_faces():
    a, b = torch.randn(2, 5, 8)
    turn = torch.linalg.qr(torch.randn(8, 8)).Q
    torch.testing.assert_close(relation(a @ turn, b), relation(a, b))
    assert cosine(a @ turn, a).item() > 0.1


@pytest.mark.parametrize("loss", [cosine, relation])
def test_gradient(loss):
    a, b = torch.randn(2, 3, 4, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: loss(x, b), a.requires_grad_())
