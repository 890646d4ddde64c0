"""Seconds and peak memory of the engine's backends against a bare forward pass of `wrfn` over the same pixels.

python tests/bench/backends.py [--megapixels 1 6] [--ways bare pieces pytorch openvino auto] [--runs 2]

Each runs in a process of its own, on the CPU, after one small run that loads and tests what has to be. Processor
seconds are told, since others may use the machine; of several runs the fastest counts. Two bare passes of PyTorch,
plane by plane: "bare" is one over the whole picture, which takes hundreds of bytes a pixel; "pieces" is the quickest
that fits any memory: pieces of 250 px, each normalised by itself (of sides from 125 to 2000 px the fastest).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

import numpy as np

from app.cli.console import tell

WAYS = ("bare", "pieces", "pytorch", "openvino", "auto")
PIECE = 250  # px, a side


def picture(megapixels: float) -> np.ndarray:
    """Return H x W x 3 of 3:2 with slopes and grain."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    pixels = np.random.default_rng(0).random((height, round(1.5 * height), 3), dtype=np.float32)
    pixels *= 0.1
    pixels += np.linspace(0.1, 0.8, pixels.shape[1], dtype=np.float32)[None, :, None]
    return pixels


def run(way: str, megapixels: float, runs: int) -> dict[str, float]:
    """Return processor seconds and peak GiB of one way, in this process."""
    import resource

    import torch

    from engine.networks.registry import method
    from engine.request import Request
    from engine.restoration.runner import restore
    from engine.restoration.watch import Watch
    from engine.weights import load_network

    wrfn, network, pixels = method("wrfn"), load_network("wrfn"), picture(megapixels)
    precision = "float32" if way == "openvino" else "auto"
    sides = {"bare": max(pixels.shape), "pieces": PIECE}
    request = Request(device="cpu", backend="auto" if way in sides else way, precision=precision)

    def once(pixels: np.ndarray) -> None:
        if way in sides:
            with torch.inference_mode():
                bare(network, pixels, sides[way])
        else:
            restore(network, wrfn, pixels, request, Watch())

    once(picture(0.3))
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        once(pixels)
        seconds.append(time.process_time() - start)
    return {"seconds": min(seconds), "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


def bare(network: object, pixels: np.ndarray, side: int) -> None:
    """Run the network over H x W x 3, plane by plane in pieces that do not overlap."""
    import torch

    for top in range(0, pixels.shape[0], side):
        for left in range(0, pixels.shape[1], side):
            piece = torch.from_numpy(np.ascontiguousarray(pixels[top : top + side, left : left + side]))
            piece = piece.permute(2, 0, 1)[None, :, : piece.shape[0] // 5 * 5, : piece.shape[1] // 5 * 5]
            for plane in piece.split(1, dim=1):
                network(plane.contiguous())  # type: ignore[operator]


def measured(way: str, megapixels: float, runs: int = 1) -> dict[str, float]:
    """Return the output of `run` in a separate process."""
    command = [
        sys.executable,
        __file__,
        "--here",
        "--ways",
        way,
        "--megapixels",
        str(megapixels),
        "--runs",
        str(runs),
    ]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[1, 6])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        tell(json.dumps(run(asked.ways[0], asked.megapixels[0], asked.runs)))
        return
    for megapixels in asked.megapixels:
        for way in asked.ways:
            took = measured(way, megapixels, asked.runs)
            tell(f"{megapixels:g} MP, {way}: {took['seconds']:.1f} s, {took['gib']:.2f} GiB")


if __name__ == "__main__":
    main()
