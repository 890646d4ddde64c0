import pytest
import torch

from engine.networks.registry import method as registered
from engine.networks.semantic.network import Semantic
from training.batches import Batch
from training.losses.parsing import IGNORED
from training.recipe import recipe
from training.recipes.semantic import FineObjective, ParsingObjective, WholeObjective, between, by_rarity


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


def test_the_parsing_net_sees_faces_from_sharp_to_blurred():
    sharp, blurred = torch.zeros(8, 3, 4, 4), torch.ones(8, 3, 4, 4)
    shares = between(sharp, blurred)[:, 0, 0, 0]
    assert shares[:2].tolist() == [0, 0] and shares[-2:].tolist() == [1, 1]
    assert (shares[2:-2].diff() > 0).all() and float(shares[2]) > 0 and float(shares[-3]) < 1


class Counting(Semantic):
    """Counts the faces that the coarse net deblurs."""

    deblurred = 0

    def coarse(self, blurred):
        self.deblurred += len(blurred)
        return super().coarse(blurred)


@pytest.fixture
def faces():
    generator = torch.Generator().manual_seed(0)
    sharp = torch.rand(4, 3, 80, 80, generator=generator)
    labels = (sharp[:, 0] > 0.9).long() * 5
    return Batch(sharp, sharp, torch.zeros(4, 1, 3, 3), torch.zeros(4), labels)


@pytest.fixture
def network(small):
    torch.manual_seed(0)
    return Counting(**small["semantic"], normalised=True)


def test_to_teach_the_parsing_net_no_face_is_deblurred(network, faces):
    objective, optimiser = ParsingObjective(), torch.optim.Adam(network.parsing_net.parameters(), 3e-3)
    losses = []
    for _ in range(20):
        loss = objective(network, faces)["parsed"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert network.deblurred == 0
    assert losses[-1] < 0.8 * losses[0]


def test_all_nets_together_keep_the_weights_of_rare_parts(network, faces, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "training.recipes.semantic.parsing_cross_entropy",
        lambda logits, labels, weights=None: seen.append(weights) or logits.mean(),
    )
    WholeObjective()(network, faces)
    assert torch.equal(seen[0], by_rarity(faces.labels))


def test_the_recipe_teaches_a_normalised_parsing_net():
    network = registered("semantic").build(recipe("semantic").settings)
    kinds = [type(module).__name__ for module in network.parsing_net.modules()]
    assert kinds.count("BatchNorm2d") == kinds.count("ReLU") == 18


def test_a_fine_net_that_knows_nothing_starts_with_the_coarse_nets_features(network, faces):
    for scale in (network.coarse_net.half_scale, network.coarse_net.full_scale):
        torch.nn.init.normal_(scale[-1].weight, std=0.1)
    FineObjective().begin(network)
    fine, coarse = network.fine_nets[0], network.coarse_net
    guides = torch.rand(4, 14, 80, 80)
    assert torch.equal(fine(faces.blurred, guides)[1], faces.blurred)  # it still adds nothing
    for scale, known in ((fine.half_scale, coarse.half_scale), (fine.full_scale, coarse.full_scale)):
        scale[-1].load_state_dict(known[-1].state_dict())
    for found, wanted in zip(fine(faces.blurred, guides), coarse(faces.blurred), strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-4)


def test_a_fine_net_that_has_learned_stays_as_it_is(network):
    torch.nn.init.normal_(network.fine_nets[0].full_scale[-1].weight)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    FineObjective().begin(network)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())
