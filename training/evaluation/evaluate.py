"""Runs methods and baselines on samples, for `acutance evaluate`."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.choices import RegionChoice
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.kernel import Kernel
from engine.networks.registry import method, methods
from engine.photos.photo import Photo
from engine.request import Request
from engine.weights import find_weights
from training.evaluation.baselines import ALWAYS, WITH_TRUE_KERNEL
from training.evaluation.faces import FaceFigures, FaceJudge
from training.evaluation.figures import Figures, Row, figures, summed_up
from training.evaluation.kernel_sets import kernels
from training.evaluation.options import EvaluateOptions
from training.evaluation.samples import Sample, blurred_samples, paired_samples
from training.evaluation.variants import AUTOMATIC, Variant
from training.evaluation.verification import pair_samples

log = logging.getLogger(__name__)

FACE_SIDE = 512  # px; a picture up to this size counts as an aligned face crop unless an option says otherwise
SHOWN = 6  # samples on the contact sheet


@dataclass
class Evaluation:
    """The table, each picture's figures, and a few restored pictures for display."""

    options: EvaluateOptions
    rows: list[Row]
    each: dict[str, list[Figures]]
    shown: list[tuple[str, dict[str, np.ndarray]]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class SampleOutcome:
    """A row's result for a sample."""

    pixels: np.ndarray
    kernel: Kernel | None = None
    residual: float | None = None


def evaluate(options: EvaluateOptions, on_sample: Callable[[int, str], None] | None = None) -> Evaluation:
    """Restore every sample by every method and baseline; call `on_sample` after each sample."""
    chosen = chosen_methods(options.methods)
    each: dict[str, list[Figures]] = {}
    shown = []
    judge = FaceJudge(options.judge) if options.faces else None
    with Engine() as engine:
        for number, sample in enumerate(_samples(options)):
            pictures = {"sharp": sample.sharp}
            for name, restore in _rows(engine, chosen, sample, options).items():
                start = time.perf_counter()
                restored = restore()
                seconds = time.perf_counter() - start
                face = judge.figures(sample, restored.pixels) if judge else FaceFigures()
                found = figures(sample, restored.pixels, seconds, restored.kernel, restored.residual, face)
                each.setdefault(name, []).append(found)
                pictures[name] = restored.pixels
            if number < SHOWN:
                shown.append((sample.name, pictures))
            if on_sample is not None:
                on_sample(number, sample.name)
    rows = [summed_up(name, found, _parameters(name, chosen)) for name, found in each.items()]
    return Evaluation(options, rows, each, shown)


def _samples(options: EvaluateOptions) -> Iterator[Sample]:
    if options.pairs is not None:
        chosen = kernels(options.kernels or "levin", options.seed)
        return pair_samples(options.pairs, chosen, options.noise, options.seed, options.most)
    if options.sharp is None:
        raise UserError("Say where the sharp pictures are, or the pairs.")
    if (options.blurred is None) == (options.kernels is None):
        raise UserError("Say either where the blurred pictures are or which kernels to blur with.")
    if options.blurred is not None:
        return paired_samples(options.sharp, options.blurred, options.most)
    chosen = kernels(options.kernels or "", options.seed)
    return blurred_samples(
        options.sharp, chosen, options.noise, options.seed, options.every_pair, options.most, options.side
    )


def chosen_methods(wished: Sequence[str]) -> list[str]:
    """Return the methods to evaluate as `Variant.of` reads them; all methods with weights by default."""
    for name in wished:
        Variant.of(name)
    return list(wished) or [name for name in methods() if find_weights(name) is not None]


def _rows(
    engine: Engine, chosen: Sequence[str], sample: Sample, options: EvaluateOptions
) -> dict[str, Callable[[], SampleOutcome]]:
    baselines = dict(ALWAYS)
    if sample.partner is not None:
        baselines = {"sharp picture": lambda sample: sample.sharp, **baselines}
    if sample.kernel is not None:
        baselines |= WITH_TRUE_KERNEL
    rows: dict[str, Callable[[], SampleOutcome]] = {
        name: lambda restore=restore: SampleOutcome(restore(sample))  # type: ignore[misc]
        for name, restore in baselines.items()
    }
    for name in chosen:
        rows[name] = lambda name=name: _by_method(engine, name, sample, options)  # type: ignore[misc]
    return rows


def _by_method(engine: Engine, name: str, sample: Sample, options: EvaluateOptions) -> SampleOutcome:
    variant, region = Variant.of(name), options.region
    if region == "auto" and variant.weights != AUTOMATIC:
        region = _region_of(variant, sample)
    with tempfile.TemporaryDirectory() as folder:
        request = variant.request(Request(region=region, device=options.device), sample.kernel, Path(folder))
        result = engine.run(request, Photo(sample.blurred))
    return SampleOutcome(result.pixels, result.kernel, result.residual)


def _region_of(variant: Variant, sample: Sample) -> RegionChoice:
    if variant.known:
        return "whole"
    if sample.partner is not None and "whole" not in method(variant.method).regions:
        return "faces"  # the pictures of pairs have their makers' crops, not a method's template
    return "aligned" if max(sample.blurred.shape[:2]) <= FACE_SIDE else "whole"


def _parameters(name: str, chosen: Sequence[str]) -> int | None:
    return Variant.of(name).parameters if name in chosen else None
