"""100 megapixels on a machine with 8 GiB, of which the system has 2: read, restored as a whole, written.

    OMP_NUM_THREADS=1 python -m pytest -m bench -s tests/bench/test_large_photos.py

The process gets no more than that from Linux, and the engine is told of no more (see memory_of_photos.py).
"""

import sys

import pytest

MEGAPIXELS = 100
FREE = 6.0  # GiB


@pytest.fixture(scope="module")
def memory(script):
    return script("memory_of_photos")


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process to an amount of memory")
@pytest.mark.parametrize("kind", ["jpeg", "tiff"])
def test_a_hundred_megapixels_fit_into_eight_gib(memory, kind):
    took = memory.measured(MEGAPIXELS, ["--method", "wrfn", "--region", "whole"], kind, FREE, light=True)
    print(f"\n{kind}: {took['gib']:.2f} GiB, {took['seconds']:.0f} s of the processor")  # noqa: T201
    assert took["code"] == 0
    assert took["gib"] < FREE
