import pytest
import torch

from engine.networks.semantic.labels import LABELS
from engine.networks.semantic.network import Scales, Semantic
from training.batches import Batch
from training.evaluation.parsing import parsing, table
from training.losses.parsing import IGNORED


class ByBrightness(Semantic):
    """Gives each pixel the class that its red value encodes; its coarse net returns the picture."""

    def __init__(self):
        torch.nn.Module.__init__(self)

    def coarse(self, blurred):
        return Scales(blurred, blurred)

    def parse(self, pictures):
        classes = (pictures[:, 0] * 10).round().long()
        return torch.nn.functional.one_hot(classes, len(LABELS)).movedim(-1, 1).float()


def batch(labels, sharp, blurred):
    def picture(classes):
        return (torch.tensor(classes) / 10).float().expand(1, 3, 2, 4)

    return Batch(picture(sharp), picture(blurred), torch.ones(1, 1, 1, 1), torch.zeros(1), torch.tensor([labels]))


def test_the_scores_are_those_counted_by_hand():
    labels = [[1, 1, 1, 0], [2, 2, IGNORED, 0]]
    blurred = [[1, 1, 2, 0], [2, 1, 5, 0]]
    found = parsing(ByBrightness(), [batch(labels, [*labels[:1], [2, 2, 0, 0]], blurred)])
    assert found.faces == 1
    assert found.scores["clear"]["face"] == found.scores["clear"]["left eyebrow"] == 1
    assert found.scores["blurred"]["face"] == pytest.approx(2 * 2 / (3 + 3))
    assert found.scores["blurred"]["left eyebrow"] == pytest.approx(2 * 1 / (2 + 2))
    assert found.scores["deblurred"] == found.scores["blurred"]
    assert "background" not in found.scores["clear"]
    assert found.averages["clear"] == pytest.approx(2 / 10)


def test_the_table_ends_with_the_average():
    labels = [[1] * 4, [2] * 4]
    output = table(parsing(ByBrightness(), [batch(labels, labels, labels)])).splitlines()
    assert output[2] == "| face | 1.000 | 1.000 | 1.000 |"
    assert output[-1].startswith("| average | 0.200 |") and len(output) == 2 + len(LABELS)
