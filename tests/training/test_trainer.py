"""The trainer's decisions: when it ends, how it resumes, how it treats a gradient that is not finite."""

import dataclasses
from dataclasses import dataclass, field
from threading import Event

import pytest
import torch

from engine.errors import UserError
from training.ranks import Ranks
from training.trainer import CLOCK_STEPS


@dataclass(frozen=True)
class Second(Ranks):
    """The second of two ranks; `first` returns the first rank's value for each value that they agree on."""

    index: int = 1
    count: int = 2
    first: object = None
    asked: list = field(default_factory=list)

    def average(self, tensors):
        """Assume another rank with the same gradients."""

    def same(self, network):
        """Assume another rank with the same weights."""

    def agree(self, value, device):
        self.asked.append(value)
        return self.first(value)


def test_a_rank_stops_when_the_first_does_and_not_by_its_own_flag(trainer):
    own = Event()
    own.set()
    deaf = trainer(samples=30, ranks=Second(first=lambda value: 0.0), stop=own)
    deaf.run()
    assert deaf.progress.samples >= 30
    stopped = trainer(samples=1000, ranks=Second(first=lambda value: 1.0 if isinstance(value, bool) else value))
    assert not stopped.run()
    assert stopped.progress.step == 0


def test_a_rank_ends_its_call_by_the_first_ones_clock(trainer):
    slow = Second(first=lambda value: value if isinstance(value, bool) else 0.0)
    assert trainer(samples=50, ranks=slow, call_minutes=0.0).run()  # its own clock would have ended it
    fast = Second(first=lambda value: value if isinstance(value, bool) else 100.0)
    called = trainer(samples=1000, ranks=fast, call_minutes=1.0)
    assert not called.run()
    assert called.progress.step == CLOCK_STEPS


def test_several_ranks_agree_to_stop_only_when_they_share_the_clock(trainer):
    ranks = Second(first=lambda value: value)
    trained = trainer(samples=40, ranks=ranks)
    trained.run()
    assert trained.progress.step == 20
    assert sum(isinstance(value, bool) for value in ranks.asked) == 20 / CLOCK_STEPS


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"method": "deepdeblur"}, "is one of wrfn; go on with that"),
        ({"settings": {"blocks": 1, "channels": 16}}, "is one of wrfn with other settings"),
        ({"stages": ()}, "is one of wrfn with other settings or stages"),
    ],
)
def test_the_run_of_another_recipe_is_not_gone_on_with(trainer, changes, sentence):
    trainer(samples=2).run()
    assert trainer().resume()
    with pytest.raises(UserError, match=sentence):
        trainer(**changes).resume()


def test_a_gradient_that_is_not_finite_counts_as_zero(trainer):
    def losses(network, batch):
        return {"broken": network(batch.blurred).mean() * torch.nan}

    broken = trainer()
    stage = broken.enter(0)
    before = [parameter.detach().clone() for parameter in broken.network.parameters()]
    broken.objective.forward = losses
    assert broken.step(stage, 0.5)["broken"].isnan()
    assert all(map(torch.equal, before, broken.network.parameters()))  # there are no moments yet


def test_parts_that_do_not_learn_keep_their_statistics_of_batches(trainer):
    made = trainer(samples=8)
    made.network.learning = torch.nn.BatchNorm2d(3)
    made.network.other = torch.nn.BatchNorm2d(3)
    stage = dataclasses.replace(made.recipe.stages[0], trains=("learning",))
    made._begin(stage)
    assert made.network.learning.training and not made.network.other.training
    assert [name for name, p in made.network.named_parameters() if p.requires_grad] == [
        "learning.weight",
        "learning.bias",
    ]
