"""Every method on the CPU in one run: processor seconds a megapixel, as ratios to `wrfn`.

Random weights, one thread; what is measured is what the engine does for a photo: prepare, then restore.
"""

import time

import numpy as np
import pytest
import torch

from engine.networks.registry import method, methods

SIDE = 256  # px: a face crop, and enough for every receptive field to be paid for
RUNS = 3


def seconds_per_megapixel(name):
    torch.manual_seed(0)
    network = method(name).build().eval()
    multiple = method(name).scaling.multiple
    side = -(-SIDE // multiple) * multiple
    coarse = torch.rand(3, side // 8, side // 8)
    picture = torch.nn.functional.interpolate(coarse[None], (side, side))[0]
    times = []
    with torch.inference_mode():
        for _ in range(RUNS + 1):  # the first warms up
            start = time.process_time()
            network.restore(picture[None], network.prepare(picture, tiled=False))
            times.append(time.process_time() - start)
    return float(np.median(times[1:])) / (side * side / 1e6)


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_the_methods_beside_wrfn():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = {name: seconds_per_megapixel(name) for name in methods()}
    finally:
        torch.set_num_threads(threads)
    print()  # noqa: T201
    for name, seconds in found.items():
        print(f"{name}: {seconds:.1f} s per megapixel, {seconds / found['wrfn']:.1f} times wrfn")  # noqa: T201
    assert found["wrfn"] == min(found.values())
