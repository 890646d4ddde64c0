import copy
import hashlib
import json

import pytest
import torch
from safetensors.torch import save_file

from engine.faces.embedding import CARD_ID, SIDE, SIZE
from engine.faces.embedding.network import ConvNorm, FaceEmbedding, load_embedding
from engine.weights import WeightsError


def test_it_has_about_a_million_parameters():
    assert sum(p.numel() for p in FaceEmbedding().parameters()) == 1_274_688


def test_embeddings_have_length_one_and_the_raw_ones_their_own():
    network = FaceEmbedding().eval()
    faces = torch.rand(3, 3, SIDE, SIDE)
    embeddings, raw = network(faces), network.raw(faces)
    assert embeddings.shape == raw.shape == (3, SIZE)
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(raw / raw.norm(dim=1, keepdim=True), embeddings)


def test_features_come_at_the_depths_asked_for():
    network = FaceEmbedding().eval()
    faces = torch.rand(1, 3, SIDE, SIDE)
    shapes = [tuple(f.shape[1:]) for f in network.features(faces, (1, 2, 3, 4))]
    assert shapes == [(32, 56, 56), (64, 28, 28), (128, 14, 14), (128, 7, 7)]
    shallow, deep = network.features(faces, (2, 4))
    assert shallow.shape[-1] == 28 and deep.shape[-1] == 7


def test_folding_the_norms_changes_nothing_but_the_speed():
    torch.manual_seed(0)
    network = FaceEmbedding()
    for _ in range(2):  # so that the running statistics are not the initial ones
        network(torch.rand(4, 3, SIDE, SIDE))
    network.eval()
    folded = copy.deepcopy(network).fold()
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in folded.modules())
    assert all(m.conv.bias is not None for m in folded.modules() if isinstance(m, ConvNorm))
    faces = torch.rand(2, 3, SIDE, SIDE)
    torch.testing.assert_close(folded(faces), network(faces), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(folded.fold()(faces), folded(faces))


def test_weights_come_back_folded_and_frozen(tmp_path):
    network = FaceEmbedding().eval()
    path = tmp_path / f"{CARD_ID}.safetensors"
    save_file({name: t.half() if t.is_floating_point() else t for name, t in network.state_dict().items()}, path)
    card = {"id": CARD_ID, "method": CARD_ID, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(card))
    loaded = load_embedding([tmp_path])
    faces = torch.rand(2, 3, SIDE, SIDE)
    torch.testing.assert_close(loaded(faces), network(faces), atol=2e-3, rtol=0)
    assert not any(p.requires_grad for p in loaded.parameters())


def test_without_weights_it_says_so(tmp_path):
    with pytest.raises(WeightsError, match="not installed"):
        load_embedding([tmp_path])


def test_every_parameter_gets_a_gradient():
    network = FaceEmbedding()
    weights = torch.rand(2, SIZE)
    (network(torch.rand(2, 3, SIDE, SIDE)) * weights).sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())
