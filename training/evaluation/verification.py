"""Verification: are two pictures of one person still recognised when one of them was blurred and restored?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.kernels.kernel import Kernel
from training.embedding.prepare import read_pairs
from training.evaluation.samples import Sample, photographed
from training.sources import decoded, sources


def pair_samples(
    archive: Path, kernels: Sequence[Kernel], noise: float, seed: int, most: int | None
) -> Iterator[Sample]:
    """Blur the second picture of each pair in a zip (pictures and pairs.csv: first, second, same).

    Kernels are used in turn. most: at most this many pairs, equally many of both kinds if possible.
    """
    rng = np.random.default_rng(seed)
    files = {source.name: source.data for source in sources([archive])}
    for number, (first, second, same) in enumerate(_even(read_pairs(archive), most)):
        partner, sharp = (decoded(files[name]).astype(np.float32) / 255 for name in (first, second))
        kernel = kernels[number % len(kernels)]
        blurred = photographed(sharp, kernel, noise, rng)
        yield Sample(f"{first}, {second}", sharp, blurred, kernel, partner=partner, same=bool(same))


def _even(pairs: Sequence[tuple[str, str, int]], most: int | None) -> Sequence[tuple[str, str, int]]:
    """Return the first `most` pairs, the two kinds alternating."""
    kinds = [[pair for pair in pairs if pair[2] == kind] for kind in (1, 0)]
    turns = [pair for both in zip(*kinds, strict=False) for pair in both]
    rest = [pair for pairs_of in kinds for pair in pairs_of[len(turns) // 2 :]]
    return (turns + rest)[:most]
