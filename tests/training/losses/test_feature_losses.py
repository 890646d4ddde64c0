import numpy as np
import pytest
import torch

from engine.faces.templates import EMBEDDING, Template
from engine.networks.deepdeblur import TEMPLATE as DEEPDEBLUR
from engine.networks.semantic import TEMPLATE as SEMANTIC
from training.losses.features import EmbeddingView, facial, perceptual


def means(pictures: torch.Tensor) -> torch.Tensor:
    return pictures.mean(dim=(2, 3))


def test_facial_by_hand():
    sharp = torch.zeros(2, 3, 4, 4)
    restored = sharp + torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    assert facial(restored, sharp, means).item() == pytest.approx(14)


def test_perceptual_by_hand():
    sharp = torch.zeros(1, 1, 2, 2)
    restored = torch.tensor([[1.0, 0.0], [0.0, 0.0]]).reshape(1, 1, 2, 2)
    loss = perceptual(restored, sharp, lambda x: [x, 3 * x.mean(dim=(2, 3))])
    assert loss.item() == pytest.approx(1 / 4 + 3 / 4)


@pytest.mark.parametrize(
    "loss", [lambda a, b: facial(a, b, means), lambda a, b: perceptual(a, b, lambda x: [means(x)])]
)
def test_gradient_on_the_restored_side_alone_and_symmetry(loss):
    a, b = (torch.rand(2, 3, 4, 4, requires_grad=True) for _ in range(2))
    value = loss(a, b)
    value.backward()
    assert a.grad.abs().min() > 0
    assert b.grad is None
    torch.testing.assert_close(loss(b, a), value)


@pytest.mark.parametrize("template", [SEMANTIC, DEEPDEBLUR, EMBEDDING])
def test_the_view_puts_the_landmarks_where_the_embedding_wants_them(template: Template):
    # A crop with red x and green y shows at each landmark of the embedding where it came from.
    y, x = torch.meshgrid(torch.arange(template.height), torch.arange(template.width), indexing="ij")
    crop = torch.stack([x, y, torch.zeros_like(x)])[None].float()
    view = EmbeddingView(template)(crop)
    assert view.shape == (1, 3, EMBEDDING.height, EMBEDDING.width)
    for source, target in zip(template.points, EMBEDDING.points, strict=True):
        column, row = round(target[0]), round(target[1])
        found = view[0, :2, row, column].numpy()
        assert np.abs(found - source).max() < 4  # the two templates are not exactly similar


def test_the_view_of_the_embeddings_own_crop_is_the_crop():
    crop = torch.rand(1, 3, EMBEDDING.height, EMBEDDING.width)
    torch.testing.assert_close(EmbeddingView(EMBEDDING)(crop), crop, atol=1e-4, rtol=0)


def test_gradient_passes_through_the_view():
    crop = torch.rand(1, 3, 128, 128, requires_grad=True)
    EmbeddingView(SEMANTIC)(crop).square().sum().backward()
    assert crop.grad[0, :, 60:80, 50:80].abs().min() > 0
