import torch

from engine.networks.registry import method
from training.batches import Batch
from training.recipes.learned_deconv import RECIPE, KernelObjective

SMALL = {"scales": (5, 7), "stages": 3, "filters": 4, "hidden": 1, "filter_size": 5, "gradients": (2, 2, 4)}


def network():
    torch.manual_seed(0)
    return method("learned-deconv").build(SMALL)


def test_a_scale_starts_as_the_coarser_one_ended_where_their_stages_are_alike():
    made = network()
    coarse, fine = (scale.stages for scale in made.scales)
    first_before = coarse[0].state_dict()["features.convolution.weight"].clone()
    KernelObjective(1).begin(made)
    for finer, coarser in ((0, 1), (1, 1), (2, 2)):  # the very first stage has no latent image, the finer one has
        for ours, theirs in zip(fine[finer].parameters(), coarse[coarser].parameters(), strict=True):
            assert torch.equal(ours, theirs)
    assert torch.equal(coarse[0].features.convolution.weight, first_before)


def test_every_stage_of_the_scale_is_taught():
    made = network()
    generator = torch.Generator().manual_seed(0)
    sharp = torch.nn.functional.interpolate(torch.rand(2, 3, 8, 8, generator=generator), size=(48, 48))
    kernel = torch.zeros(2, 1, 7, 7)
    kernel[:, :, 3] = 1 / 7
    batch = Batch(sharp, sharp, kernel, torch.zeros(2))
    losses = KernelObjective(1)(made, batch)
    losses["earlier"].backward()
    assert all(p.grad is not None for stage in made.scales[1].stages[:2] for p in stage.features.parameters())
    assert all(p.grad is None for p in made.scales[1].stages[2].features.parameters())


def test_the_guide_of_a_scale_learns_with_it():
    names = [name for name, _ in method("learned-deconv").build(RECIPE.settings).named_parameters()]
    (finest,) = (stage for stage in RECIPE.stages if stage.name == "scale 33 px")
    learning = {name for name in names if name.startswith(finest.trains)}
    assert any(name.startswith("scales.1.stages.2.image") for name in learning)
    assert all(name.startswith(("scales.2.", "scales.1.stages.2.image")) for name in learning)
