import math

import pytest
import torch

from training.losses.parsing import IGNORED, local_structural, parsing_cross_entropy


def test_cross_entropy_by_hand():
    logits = torch.zeros(1, 11, 1, 2)
    logits[0, 4, 0, 0] = math.log(11)  # softmax: 11 / 21
    labels = torch.tensor([[[4, 2]]])
    expected = (-math.log(11 / 21) + math.log(11)) / 2
    assert parsing_cross_entropy(logits, labels).item() == pytest.approx(expected)


def test_ignored_pixels_do_not_count_and_none_left_costs_nothing():
    logits = torch.randn(1, 11, 2, 2, requires_grad=True)
    labels = torch.tensor([[[4, IGNORED], [IGNORED, IGNORED]]])
    alone = parsing_cross_entropy(logits[..., :1, :1], labels[..., :1, :1])
    torch.testing.assert_close(parsing_cross_entropy(logits, labels), alone)
    nothing = parsing_cross_entropy(logits, torch.full_like(labels, IGNORED))
    nothing.backward()
    assert nothing.item() == 0
    assert logits.grad is not None and not logits.grad.any()


def test_class_weights_are_those_of_torch():
    logits = torch.randn(2, 11, 3, 3)
    labels = torch.randint(0, 11, (2, 3, 3))
    labels[0, 0, 0] = IGNORED
    weights = torch.rand(11)
    expected = torch.nn.functional.cross_entropy(logits, labels, weights, ignore_index=IGNORED)
    torch.testing.assert_close(parsing_cross_entropy(logits, labels, weights), expected)
    nothing = parsing_cross_entropy(logits, torch.full_like(labels, IGNORED), weights)
    assert nothing.item() == 0


def face() -> torch.Tensor:
    labels = torch.ones(1, 4, 4, dtype=torch.long)
    labels[0, 0, 0] = 4  # an eye of one px
    labels[0, 1, :2] = 6  # a nose of two
    return labels


def test_local_structural_by_hand():
    sharp = torch.zeros(1, 3, 4, 4)
    restored = torch.full_like(sharp, 0.3)
    # Each part costs c / A_k times A_k pixels of 0.3, divided by 16 pixels.
    assert local_structural(restored, sharp, face()).item() == pytest.approx(2 * 0.3 / 16)
    assert local_structural(restored, sharp, face(), c=5).item() == pytest.approx(5 * 2 * 0.3 / 16)


def test_a_small_part_weighs_more_per_pixel():
    sharp = torch.zeros(1, 3, 4, 4)
    restored = sharp.clone().requires_grad_()
    local_structural(restored + 0.1, sharp, face()).backward()
    grad = restored.grad[0, 0]
    assert grad[0, 0].item() == pytest.approx(2 * grad[1, 0].item())
    assert grad[3, 3].item() == 0  # skin


def test_background_face_and_hair_cost_nothing():
    for label in (0, 1, 10, IGNORED):
        labels = torch.full((1, 4, 4), label)
        assert local_structural(torch.rand(1, 3, 4, 4), torch.rand(1, 3, 4, 4), labels).item() == 0


def test_local_structural_is_symmetric_and_blind_to_the_batch():
    a, b = torch.rand(2, 2, 3, 8, 8)
    labels = torch.randint(0, 11, (2, 8, 8))
    torch.testing.assert_close(local_structural(a, b, labels), local_structural(b, a, labels))
    alone = [local_structural(a[i : i + 1], b[i : i + 1], labels[i : i + 1]) for i in range(2)]
    torch.testing.assert_close(local_structural(a, b, labels), torch.stack(alone).mean())
