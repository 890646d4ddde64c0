"""The engine costs little more than one bare forward pass, and 45 MP need little memory."""

import pytest

MEGAPIXELS = [1, 6, 24, 45]
MOST_ADDED = 0.15
ONE_PASS = 6  # megapixels: for larger photos, one bare pass takes too much memory
MOST_MEMORY = 3.0  # GiB, for 45 MP


@pytest.fixture(scope="module")
def backends(script):
    return script("backends")


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("megapixels", MEGAPIXELS)
@pytest.mark.parametrize("backend", ["pytorch", "auto"])
def test_the_engine_costs_little_more_than_the_network(backends, megapixels, backend):
    bare = backends.measured("bare" if megapixels <= ONE_PASS else "pieces", megapixels)
    engine = backends.measured(backend, megapixels)
    assert engine["seconds"] <= (1 + MOST_ADDED) * bare["seconds"]
    assert megapixels < 45 or engine["gib"] < MOST_MEMORY
