"""An ablation: trains all variants of a recipe's option with the same budget, seed, data and judge."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import torch

from engine.errors import UserError
from engine.kernels.estimation import similarity
from engine.kernels.kernel import Kernel
from engine.networks.network import DeblurringNetwork
from engine.weights import find_weights, load
from engine.whole_files import write_whole
from training.batches import Batch
from training.degradation import Degradation, plain
from training.devices import device_for
from training.evaluation.kernel_sets import kernels
from training.judge import Judge, kernel_stack
from training.options import TrainOptions
from training.recipe import Recipe, recipe, variants
from training.session import adapted, run
from training.sharp import SharpSet, everything
from training.sharp import load as load_sharp

log = logging.getLogger(__name__)

RESULT = "result.json"
TABLE = "table.md"
NOISE = 0.01  # of the test with kernels of the user's choice


@dataclass(frozen=True)
class AblationOptions:
    """What to compare. train: the options of the runs, with the plain recipe and the folder of all runs.

    test: sharp photos to judge by, in place of the held-out training photos. kernels: the kernels to blur them with,
    named as for `evaluate`, with 1 % noise; None for the recipe's own blur.
    """

    train: TrainOptions
    option: str
    test: Path | None = None
    kernels: str | None = None


@dataclass(frozen=True)
class VariantResult:
    """The result of a variant. PSNR in dB; kernel: mean similarity of the estimated kernels, if it estimates any."""

    variant: str
    samples: int
    minutes: float
    psnr: float
    ssim: float
    input_psnr: float
    better: float
    kernel: float | None


def ablate(options: AblationOptions, stop: Event | None = None) -> tuple[str, bool]:
    """Train and judge every variant that is not done yet; return the table and whether it is complete.

    A call that was interrupted continues when it is repeated.
    """
    chosen = variants(options.train.recipe, options.option)
    folder = options.train.folder / _slug(options.option)
    folder.mkdir(parents=True, exist_ok=True)
    began, judge = time.monotonic(), None
    results: list[VariantResult] = []
    for name in chosen:
        here = folder / _slug(name)
        found = _read(here / RESULT)
        if found is None:
            left = _left(options.train.call_minutes, began)
            if (left is not None and left <= 0) or (stop is not None and stop.is_set()):
                continue
            judge = judge or _judge(options)
            found = _variant(options, name, here, left, judge, stop)
        if found is not None:
            results.append(found)
    table = as_table(options, results)
    write_whole(folder / TABLE, lambda file: file.write(table.encode()))
    return table, len(results) == len(chosen)


def as_table(options: AblationOptions, results: list[VariantResult]) -> str:
    """Return the results as a Markdown table, under a line on how they were measured."""
    budget = options.train.budget
    spent = f"{budget.minutes:g} minutes" if budget.minutes is not None else f"{budget.samples} samples"
    judged = f"{options.test or 'held-out photos'}, {options.kernels or 'blur as in training'}"
    lines = [
        f"`{options.train.recipe}`, {options.option}: {spent} each, seed {options.train.seed}; judged on {judged}.",
        "",
        "| variant | samples | minutes | PSNR | SSIM | over the input | better | kernel similarity |",
        "|---" * 8 + "|",
    ]
    for each in results:
        kernel = "" if each.kernel is None else f"{each.kernel:.3f}"
        lines.append(
            f"| {each.variant} | {each.samples:,} | {each.minutes:.1f} | {each.psnr:.2f} | {each.ssim:.3f} "
            f"| {each.psnr - each.input_psnr:+.2f} | {each.better:.0%} | {kernel} |"
        )
    return "\n".join(lines) + "\n"


def _variant(
    options: AblationOptions, name: str, folder: Path, left: float | None, judge: Judge, stop: Event | None
) -> VariantResult | None:
    """Train a variant, from its checkpoint if there is one, and judge it when its budget is spent."""
    log.info("%s, %s: %s", options.train.recipe, options.option, name)
    training = dataclasses.replace(
        options.train,
        recipe=f"{options.train.recipe}@{options.option}={name}",
        folder=folder,
        resume=(folder / "checkpoint.safetensors").exists(),
        call_minutes=left,
        publish=None,
    )
    if not run(training, stop=stop).finished:
        return None
    weights = find_weights(recipe(options.train.recipe).method, [folder])
    assert weights is not None
    network = load(weights).to(device_for(training.device))
    verdict = judge.score(network.as_photos)
    result = VariantResult(
        name, weights.card.samples_seen, weights.card.minutes, verdict.psnr, verdict.ssim, verdict.input_psnr,
        verdict.better, kernel_similarity(network, judge.batches),
    )  # fmt: skip
    write_whole(folder / RESULT, lambda file: file.write(json.dumps(asdict(result), indent=1).encode()))
    return result


@torch.inference_mode()
def kernel_similarity(network: DeblurringNetwork, batches: list[Batch]) -> float | None:
    """Return the mean similarity of the network's kernels to the true ones; None if it estimates none."""
    found: list[float] = []
    for batch in batches:
        estimated = network.kernels(batch.blurred)
        if estimated is None:
            return None
        pairs = zip(estimated.float().cpu().numpy(), batch.kernel.cpu().numpy(), strict=True)
        found += [similarity(Kernel(ours[0]), Kernel(true[0])) for ours, true in pairs]
    return float(np.mean(found))


def _judge(options: AblationOptions) -> Judge:
    """Return the one judge of all variants."""
    train = options.train
    base = adapted(recipe(train.recipe), train)
    device = device_for(train.device)
    photos = _judged_photos(options, base).to(device)
    if options.kernels is None:
        return Judge(photos, base.degradation, base.judge, device, train.judged)
    bank = kernel_stack(kernels(options.kernels, train.seed))
    degradation: Degradation = plain(NOISE, largest=bank.shape[-1])
    return Judge(photos, degradation, base.judge, device, train.judged, bank)


def _judged_photos(options: AblationOptions, base: Recipe) -> SharpSet:
    if options.test is not None:
        return everything([options.test], base.fit)
    train = options.train
    return load_sharp(train.photos, base.fit, train.labels, train.most_photos, base.leaves_out)[1]


def _left(minutes: float | None, began: float) -> float | None:
    return None if minutes is None else minutes - (time.monotonic() - began) / 60


def _read(path: Path) -> VariantResult | None:
    if not path.exists():
        return None
    try:
        plain_result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return VariantResult(**plain_result)
    except (OSError, ValueError, TypeError) as error:
        raise UserError(
            f"{path}: this result cannot be read ({error}); remove it to train the variant anew."
        ) from error


def _slug(name: str) -> str:
    """Return a name in the form of a folder's name."""
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", name).strip("-")
