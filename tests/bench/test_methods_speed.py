"""Every method on the CPU in one run: processor seconds a megapixel, as ratios to `wrfn`.

Random weights, one thread; what is measured is what the engine does for a face crop: prepare, then restore.
"""

import time

import pytest
import torch

from engine.networks.registry import method, methods

SIDE = 128  # px: a face crop; each method rounds it up to its multiple
WARM = 64


def seconds_per_megapixel(name):
    torch.manual_seed(0)
    network = method(name).build().eval()
    multiple = method(name).scaling.multiple
    warm, side = (-(-least // multiple) * multiple for least in (WARM, SIDE))
    with torch.inference_mode():
        restored(network, warm)
        start = time.process_time()
        restored(network, side)
        return (time.process_time() - start) / (side * side / 1e6)


def restored(network, side):
    coarse = torch.rand(1, 3, SIDE // 8, SIDE // 8)
    picture = torch.nn.functional.interpolate(coarse, (side, side))
    return network.restore(picture, network.prepare(picture[0], tiled=False))


@pytest.mark.bench
def test_the_methods_beside_wrfn():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = {name: seconds_per_megapixel(name) for name in methods()}
    finally:
        torch.set_num_threads(threads)
    print()  # noqa: T201
    for name, seconds in found.items():
        print(f"{name}: {seconds:.1f} s per megapixel, {seconds / found['wrfn']:.1f} times wrfn", flush=True)  # noqa: T201
    assert found["wrfn"] == min(found.values())
