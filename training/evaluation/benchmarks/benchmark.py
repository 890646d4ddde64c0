"""Runs methods on a published benchmark, for `acutance evaluate --benchmark`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.engine import Engine
from engine.kernels.deconvolution import deconvolve
from engine.kernels.families import centred
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.request import Request
from training.evaluation.benchmarks import measures
from training.evaluation.benchmarks.cases import Case, cases
from training.evaluation.benchmarks.summary import PictureFigures
from training.evaluation.evaluate import chosen_methods
from training.evaluation.variants import Variant

BLURRED, TRUE_KERNEL = "blurred input", "hyper-Laplacian, true kernel"
DEFAULT = ("l0-deconv",)
ALL = "all"


@dataclass(frozen=True)
class BenchmarkOptions:
    """The methods and the benchmark. half: tune, judge or all. most: no more pictures than this."""

    benchmark: str
    folder: Path
    methods: tuple[str, ...] = DEFAULT
    half: str = ALL
    most: int | None = None
    device: str = "auto"


@dataclass(frozen=True, eq=False)
class CaseOutcome:
    """A method's result for a picture. ran: the method that ran. verdict: the program's verdict."""

    row: str
    pixels: np.ndarray
    kernel: Kernel | None = None
    verdict: str | None = None
    ran: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Truth:
    """The known facts about a picture. kernels: the published one, in both orientations if the files use either.

    deconvolved: the picture deconvolved by the true kernel. error: its squared error, the divisor of error ratios.
    """

    sharp: np.ndarray | None
    kernels: tuple[Kernel, ...]
    deconvolved: np.ndarray | None = None
    error: float | None = None


@dataclass
class Benchmarked:
    """Each picture's figures by row, in the order of restoration."""

    options: BenchmarkOptions
    each: dict[str, list[PictureFigures]] = field(default_factory=dict)


OnPicture = Callable[[Case, np.ndarray, CaseOutcome, Truth, PictureFigures], None]


def benchmark(options: BenchmarkOptions, on_picture: OnPicture | None = None) -> Benchmarked:
    """Restore the benchmark's pictures by every method; `on_picture` is called for each restored picture.

    Raise UserError if the folder does not hold the benchmark, or a method is unknown.
    """
    methods = chosen_methods(options.methods)
    halves = [case for case in cases(options.benchmark, options.folder) if options.half in (ALL, case.half)]
    done = Benchmarked(options)
    with Engine() as engine:
        for case in halves[: options.most]:
            photo = read_photo(case.blurred)
            truth = known(options.benchmark, case, photo.pixels)
            for restored in _rows(engine, methods, options.device, photo, truth):
                found = figures(options.benchmark, case, restored, truth)
                done.each.setdefault(restored.row, []).append(found)
                if on_picture is not None and restored.row in methods:
                    on_picture(case, photo.pixels, restored, truth, found)
    return done


def known(name: str, case: Case, blurred: np.ndarray) -> Truth:
    """Return the known facts about a picture.

    The files hold Levin's kernels in either orientation. The one that restores the picture better is the true one.
    """
    sharp = read_photo(case.sharp).pixels if case.sharp else None
    kernels: tuple[Kernel, ...] = (load_kernel(case.kernel),) if case.kernel else ()
    if name != "levin" or sharp is None:
        return Truth(sharp, kernels)
    tried = []
    for kernel in [turn for stored in kernels for turn in (stored, measures.turned(stored))]:
        pixels = deconvolve(blurred, Kernel(centred(kernel.values)))
        tried.append((measures.error(measures.aligned(name, pixels, sharp)), pixels, kernel))
    error, pixels, kernel = min(tried, key=lambda one: one[0])
    return Truth(sharp, (kernel,), pixels, error)


def figures(name: str, case: Case, restored: CaseOutcome, truth: Truth) -> PictureFigures:
    """Measure a restored picture by the benchmark's measures."""
    pair = measures.aligned(name, restored.pixels, truth.sharp) if truth.sharp is not None else None
    by_method = restored.ran is not None
    return PictureFigures(
        picture=case.name,
        kind=case.kind,
        half=case.half,
        psnr=measures.psnr(pair) if pair else None,
        ssim=measures.ssim(pair) if pair else None,
        error_ratio=measures.error(pair) / truth.error if pair and truth.error else None,
        similarity=measures.kernel_similarity(restored.kernel, truth.kernels) if by_method else None,
        verdict=restored.verdict,
        ran=restored.ran,
        seconds=restored.seconds,
    )


def _rows(engine: Engine, methods: list[str], device: str, photo: Photo, truth: Truth) -> Iterator[CaseOutcome]:
    if truth.sharp is not None:
        yield CaseOutcome(BLURRED, photo.pixels)
    if truth.deconvolved is not None:
        yield CaseOutcome(TRUE_KERNEL, truth.deconvolved)
    for name in methods:
        start = time.perf_counter()
        asked = Variant.of(name).request(Request(region="whole", device=device), None, Path())  # type: ignore[arg-type]
        result = engine.run(asked, photo)
        seconds = time.perf_counter() - start
        verdict = str(result.verdict) if result.verdict else None
        yield CaseOutcome(name, result.pixels, result.kernel, verdict, result.method, seconds)
