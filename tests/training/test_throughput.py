import dataclasses

import pytest

from engine.networks.registry import method
from training.throughput import Throughput, table, throughputs


@pytest.fixture
def few(options, small, monkeypatch):
    """Return options of small networks and data; no time is spent on measuring the processor."""
    monkeypatch.setattr("training.meter.matrix_rate", lambda device: 1e9)
    monkeypatch.setattr("training.rehearsal.STEPS", 1)
    monkeypatch.setattr(
        "training.throughput.network_of",
        lambda chosen, start: (method(chosen.method).build(small[chosen.method]), None),
    )
    return dataclasses.replace(options(), batch=2, kernels=5)


def test_a_recipes_stages_are_measured_with_their_limits(few):
    (found,) = throughputs(few, compiled=False, seconds=0.0)
    assert (found.stage, found.crop, found.batch) == ("restore", (40, 40), 2)
    assert found.samples_per_second > 0
    assert found.limit == pytest.approx(found.samples_per_second / found.arithmetic)
    assert "convolution" in found.kernels


def test_stages_of_one_kind_are_measured_once(few):
    found = list(throughputs(dataclasses.replace(few, recipe="analysis-synthesis", crop=32), False, 0.0))
    assert [each.stage for each in found] == ["analysis", "synthesis", "together"]


def test_the_table_shows_the_share_of_the_limit():
    line = table([Throughput("restore", (320, 240), 48, True, 1500.0, 0.25, 0.02, "")], "wrfn").splitlines()[-1]
    assert line == "| wrfn, restore | 240x320 | 48 | yes | 1500.0 | 6000 | 25% | 2.0% |"
