import dataclasses

import pytest
import torch

from training.recipe import recipe
from training.rehearsal import profiled, rehearse


@pytest.fixture
def two_stages(trainer):
    (stage,) = recipe("wrfn").stages
    sizes = {"little": (20, 20), "large": (40, 40)}
    stages = [dataclasses.replace(stage, name=name, crop=crop, batch=2, share=1.0) for name, crop in sizes.items()]
    return trainer(stages=tuple(stages))


def test_each_stage_is_measured_by_its_own_operations(two_stages, monkeypatch):
    monkeypatch.setattr("training.meter.matrix_rate", lambda device: 1e9)
    for index in range(2):
        speed, shares = rehearse(two_stages, index, 0.0)
        assert speed > 0 and shares["waiting_share"] > 0 and shares["arithmetic_share"] > 0
    little, large = two_stages.meter._operations.values()
    assert large == pytest.approx(4 * little, rel=0.1)


def test_measuring_draws_nothing_that_training_would_have(two_stages):
    stage = two_stages.enter(0)
    before = two_stages.maker.state()
    two_stages.meter.shares(two_stages, stage, 10.0)
    assert all(torch.equal(before[name], state) for name, state in two_stages.maker.state().items())


def test_a_profile_names_the_kernels(two_stages):
    assert "convolution" in profiled(two_stages, 0)
