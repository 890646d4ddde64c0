"""Seconds and peak memory of the engine against one bare forward pass over the same pixels, each in a fresh process.

Wall clock means little where others use the machine too, so the processor time of the process is compared.
"""

import json
import subprocess
import sys

import pytest

MEGAPIXELS = [1, 6, 24, 45]
MOST_ADDED = 0.15
MOST_MEMORY = 3.0  # GiB, for 45 MP

MEASURE = """
import json, resource, sys, time
import numpy as np
from engine.networks.registry import method
from engine.photos.photo import Photo

how, height, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(0)
rows = rng.random((height, 1, 3), dtype=np.float32)
pixels = np.empty((height, width, 3), np.float32)
np.multiply(rows, np.linspace(0, 1, width, dtype=np.float32)[None, :, None], out=pixels)
import torch
network = method("wrfn").build().eval()
start = time.process_time()
if how == "bare":
    side = 1000  # the whole would not fit: pieces that do not overlap are the same work
    with torch.inference_mode():
        for top in range(0, height, side):
            for left in range(0, width, side):
                piece = torch.from_numpy(np.ascontiguousarray(pixels[top:top + side, left:left + side]))
                piece = piece.permute(2, 0, 1)[None]
                network(piece[..., : piece.shape[-2] // 5 * 5, : piece.shape[-1] // 5 * 5])
else:
    from engine.request import Request
    from engine.restoration.runner import restore
    from engine.restoration.watch import Watch
    restore(network, method("wrfn"), pixels, Request(device="cpu"), Watch())
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"seconds": seconds, "peak": peak}))
"""


def measured(how: str, height: int, width: int) -> dict[str, float]:
    command = [sys.executable, "-c", MEASURE, how, str(height), str(width)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.bench
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("megapixels", MEGAPIXELS)
def test_the_engine_costs_little_more_than_the_network(megapixels):
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    bare, engine = measured("bare", height, width), measured("engine", height, width)
    added = engine["seconds"] / bare["seconds"] - 1
    print(  # noqa: T201
        f"\n{megapixels} MP: bare {bare['seconds']:.1f} s, engine {engine['seconds']:.1f} s ({added:+.0%}), "
        f"peak {engine['peak']:.2f} GiB"
    )
    assert added <= MOST_ADDED
    assert megapixels < 45 or engine["peak"] < MOST_MEMORY
