import pytest
import torch

from training.losses.parsing import IGNORED
from training.recipes.semantic import by_rarity


def test_a_rare_part_weighs_by_the_root_of_its_rarity():
    labels = torch.ones(1, 10, 10, dtype=torch.long)
    labels[0, 0, :4] = 7  # 4 of the 96 known pixels
    labels[0, 9, :4] = IGNORED
    weights = by_rarity(labels)
    assert float(weights[1]) == pytest.approx((96 / 92) ** 0.5)
    assert float(weights[7]) == pytest.approx((96 / 4) ** 0.5)
    assert torch.isfinite(weights).all()


def test_faces_without_labels_have_weights_too():
    assert torch.isfinite(by_rarity(torch.full((1, 4, 4), IGNORED))).all()
