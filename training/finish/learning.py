"""Teaches the finish on crops of the material, and says what it gains in pictures that it has not seen."""

from __future__ import annotations

import copy
import hashlib
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.errors import UserError
from engine.networks.finish import METHOD
from engine.networks.finish.fusing import MULTIPLE
from engine.networks.finish.network import Finish
from engine.weights import load_network
from training.finish.material import Material
from training.measures import psnr, ssim
from training.progress import Progress
from training.publishing import Provenance, card_beside, made, write_halves
from training.sources import described

CROP, BATCH = 128, 8
RATE, LEAST_RATE = 1e-3, 1e-5
RISING = 0.03  # share of the time in which the rate rises
AVERAGE = 0.998  # of the weights, from step to step
NO_ERROR = 3e-5  # squared: crops that are restored better than that teach nothing more
HELD_OUT = 8  # one picture in so many is held out
REPORT = 60.0  # s
NETWORK, DECONVOLVED = slice(3, 6), slice(6, 9)  # channels of what is seen


@dataclass(frozen=True)
class Plan:
    """minutes: of learning. peak: factor on the learning rate. start: folder of weights to go on from, or None."""

    minutes: float
    seed: int = 0
    peak: float = 1.0
    start: Path | None = None


def learn(material: Sequence[Material], plan: Plan, folder: Path) -> Path:
    """Learn from the material, and write weights and card into a folder; return the card's path.

    Raise UserError if there is nothing to learn from, or nothing to judge by.
    """
    seen, unseen = [each for each in material if not _held_out(each)], [each for each in material if _held_out(each)]
    if not seen or not unseen:
        raise UserError("There is too little material: make more.")
    network = Finish() if plan.start is None else _started(plan.start)
    progress = Progress()
    average = _learned(network, seen, plan, progress)
    scores = judged(average, unseen)
    logging.getLogger("training").info("held out: %s", scores)
    before = {} if plan.start is None else card_beside(plan.start / f"{METHOD.id}.safetensors")
    budget = {"minutes": plan.minutes, "peak": plan.peak, "pictures": len(seen)}
    provenance = Provenance(
        described(each.place for each in seen), budget, None if plan.start is None else METHOD.id, (), before
    )
    facts = {
        "title": METHOD.title,
        "paper": METHOD.paper,
        "settings": dict(METHOD.settings),
        **made(progress, provenance, torch.device("cpu")),
        "evaluations": {**before.get("evaluations", {}), "held out": scores},
        "experimental": not scores["psnr"] > scores["input_psnr"],
    }
    return write_halves(folder, METHOD.id, average, facts)


def _held_out(material: Material) -> bool:
    return hashlib.sha256(material.place.encode()).digest()[0] % HELD_OUT == 0


def _started(folder: Path) -> Finish:
    network = load_network(METHOD.id, [folder])
    assert isinstance(network, Finish)
    return network.train().requires_grad_(True)


def _learned(network: Finish, material: Sequence[Material], plan: Plan, progress: Progress) -> Finish:
    """Train the network until the minutes are over; return the average of its weights."""
    torch.manual_seed(plan.seed)
    rng, began, reported, heard = np.random.default_rng(plan.seed), time.monotonic(), 0.0, list[float]()
    fusing = network.fusing.to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).requires_grad_(False)
    optimiser = torch.optim.AdamW(fusing.parameters(), RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    while (spent := (time.monotonic() - began) / 60 / plan.minutes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = plan.peak * _rate(spent)
        stack, trust, sharp = drawn(material, rng, BATCH)
        loss = error(fusing(stack.contiguous(memory_format=torch.channels_last), trust), sharp)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(fusing.parameters(), 1.0)
        optimiser.step()
        progress.step, progress.samples = progress.step + 1, progress.samples + BATCH
        share = min(AVERAGE, progress.step / (progress.step + 10))
        for mean, now in zip(average.fusing.parameters(), fusing.parameters(), strict=True):
            mean.lerp_(now.detach(), 1 - share)
        heard.append(float(loss.detach()))
        progress.seconds = time.monotonic() - began
        if progress.seconds - reported > REPORT:
            reported = progress.seconds
            text = "%.1f minutes, %d crops, %.3f dB"
            logging.getLogger("training").info(text, reported / 60, progress.samples, -float(np.mean(heard)))
            heard.clear()
    return average.eval()


def _rate(spent: float) -> float:
    rising = min(spent / RISING, 1.0)
    return rising * (LEAST_RATE + (RATE - LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * spent)))


def error(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return minus the mean PSNR in dB, by which the finish is judged; a crop that is good already counts little."""
    squared = (restored - sharp).square().flatten(1).mean(1)
    return 10 * torch.log10(squared + NO_ERROR).mean()


def drawn(material: Sequence[Material], rng: np.random.Generator, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Draw crops, turned and mirrored at random, their colours in any order: stack, trust and sharp picture."""
    stacks: list[np.ndarray] = []
    sharps: list[np.ndarray] = []
    trusts = []
    for _ in range(count):
        each = material[int(rng.integers(len(material)))]
        top, left = (rng.integers(0, max(length - CROP, 0) // 2 + 1) * 2 for length in each.sharp.shape[:2])
        colours = rng.permutation(3)
        seen = each.seen[top : top + CROP, left : left + CROP]
        pictures = seen[..., :-1].reshape(*seen.shape[:2], -1, 3)[..., colours].reshape(*seen.shape[:2], -1)
        seen = np.concatenate([pictures, seen[..., -1:]], 2)
        sharp = each.sharp[top : top + CROP, left : left + CROP][..., colours]
        quarters, mirrored = int(rng.integers(4)), rng.random() < 0.5
        for planes, into in ((seen, stacks), (sharp, sharps)):
            turned = np.rot90(planes, quarters)
            into.append(np.ascontiguousarray((turned[:, ::-1] if mirrored else turned).transpose(2, 0, 1)))
        trusts.append(each.trust)
    return _stack(np.stack(stacks)), torch.from_numpy(np.stack(trusts)), torch.from_numpy(np.stack(sharps)) / 255


def _stack(seen: np.ndarray) -> Tensor:
    """Return 8-bit planes as the network sees them, N x CHANNELS x H x W."""
    stack = torch.from_numpy(seen) / 255
    stack[:, -1] -= 0.5
    return stack


@torch.inference_mode()
def judged(network: Finish, material: Sequence[Material]) -> dict[str, float]:
    """Return means over pictures: of the blurred ones (input), of the network, of deconvolution, and of the finish.

    better: share of pictures that are better than the blurred ones; worst: the lowest gain over them, in dB.
    """
    rows = []
    for each in material:
        height, width = (length // MULTIPLE * MULTIPLE for length in each.sharp.shape[:2])
        stack = _stack(each.seen[None, :height, :width].transpose(0, 3, 1, 2))
        sharp = torch.from_numpy(each.sharp[None, :height, :width].transpose(0, 3, 1, 2)) / 255
        restored = network.fusing(stack, torch.from_numpy(each.trust)[None]).clamp(0, 1)
        pictures = (restored, stack[:, :3], stack[:, NETWORK], stack[:, DECONVOLVED])
        rows.append(
            [
                *(float(psnr(picture, sharp)) for picture in pictures),
                float(ssim(restored, sharp)),
                float(ssim(stack[:, :3], sharp)),
            ]
        )
    after, before, network_, deconvolved, similar, similar_before = np.array(rows).T
    figures = {
        "psnr": after.mean(), "ssim": similar.mean(), "input_psnr": before.mean(),
        "input_ssim": similar_before.mean(), "better": (after > before).mean(), "network_psnr": network_.mean(),
        "deconvolved_psnr": deconvolved.mean(), "worst_gain": (after - before).min(),
        "behind_better": (np.maximum(network_, deconvolved) - after).mean(),
    }  # fmt: skip
    return {name: round(float(value), 3) for name, value in figures.items()}
