import math

import pytest
import torch

from training.losses.adversarial import Discriminator, discriminator_loss, generator_loss


def test_values_by_hand():
    certain = torch.tensor([math.log(3)])  # D = 3 / 4
    assert generator_loss(certain).item() == pytest.approx(-math.log(0.75))
    assert discriminator_loss(certain, -certain).item() == pytest.approx(-2 * math.log(0.75))


def test_a_discriminator_that_cannot_tell():
    unsure = torch.zeros(4)
    assert discriminator_loss(unsure, unsure).item() == pytest.approx(2 * math.log(2))


def test_the_losses_pull_opposite_ways():
    fake = torch.zeros(2, requires_grad=True)
    generator_loss(fake).backward()
    assert (fake.grad < 0).all()
    fake.grad = None
    discriminator_loss(torch.zeros(2), fake).backward()
    assert (fake.grad > 0).all()


def test_swapping_real_and_fake_mirrors_the_logits():
    real, fake = torch.randn(2, 5)
    torch.testing.assert_close(discriminator_loss(real, fake), discriminator_loss(-fake, -real))


def test_very_sure_logits_stay_finite():
    assert torch.isfinite(generator_loss(torch.tensor([-1e4])))
    assert torch.isfinite(discriminator_loss(torch.tensor([-1e4]), torch.tensor([1e4])))


@pytest.mark.parametrize("side", [64, 128])
def test_the_discriminator_gives_one_logit_a_picture(side):
    network = Discriminator()
    assert network(torch.rand(2, 3, side, side)).shape == (2,)
    convs = [m for m in network.modules() if isinstance(m, torch.nn.Conv2d)]
    assert len(convs) == 6
    assert all(c.stride == (2, 2) for c in convs)


def test_the_discriminator_learns_to_distinguish_dark_from_bright():
    torch.manual_seed(0)
    network = Discriminator()
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    dark, bright = 0.3 * torch.rand(1, 3, 64, 64), 1 - 0.3 * torch.rand(1, 3, 64, 64)
    losses = []
    for _ in range(4):
        loss = discriminator_loss(network(dark), network(bright))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
