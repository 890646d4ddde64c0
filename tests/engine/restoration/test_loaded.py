import numpy as np
import pytest

from engine.networks.network import DeblurringNetwork
from engine.request import Request
from engine.restoration import loaded
from engine.restoration.loaded import Loaded
from engine.restoration.watch import Watch

SMALL = {"blocks": 1, "channels": 8, "skip": False}


@pytest.fixture
def three(install):
    """Install three weights of one method."""
    names = [f"wrfn@{name}" for name in "abc"]
    for name in "abc":
        install("wrfn", name, settings=SMALL)
    return names


def test_two_networks_stay_and_the_one_that_was_used_last_longest(three):
    kept, watch = Loaded(), Watch()
    first, second = (kept.network(name, watch) for name in three[:2])
    assert kept.network(three[0], watch) is first
    kept.network(three[2], watch)
    assert kept.network(three[0], watch) is first and kept.network(three[1], watch) is not second


def test_experimental_weights_are_named_whenever_they_are_used(install):
    install("wrfn", settings=SMALL, experimental=True)
    kept = Loaded()
    for _ in range(2):
        watch = Watch()
        kept.network("wrfn", watch)
        assert [note for note in watch.notes if "is experimental" in note]


def test_without_shipped_weights_nothing_is_compared_with(monkeypatch):
    monkeypatch.setattr(loaded, "find_weights", lambda *_: None)
    assert Loaded().compared(Request(), Watch()) is None


def test_what_is_compared_with_is_loaded_once_and_says_nothing(monkeypatch, install):
    made = []

    def load(weights) -> DeblurringNetwork:
        made.append(weights)
        return loaded.load_network("wrfn")

    install("wrfn", settings=SMALL)
    monkeypatch.setattr(loaded, "load", load)
    kept, said = Loaded(), []
    pixels = np.random.default_rng(0).random((40, 50, 3), np.float32)
    for _ in range(2):
        network = kept.compared(Request(device="cpu"), Watch(on_progress=lambda *step: said.append(step)))
        assert network is not None and network(pixels).shape == pixels.shape
    assert len(made) == 1 and not said
