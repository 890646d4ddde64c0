"""Distillation: the small network learns the teacher's embeddings of both sharp and blurred faces."""

from __future__ import annotations

import copy
import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.faces.embedding import CARD_ID, SIDE
from engine.faces.embedding.network import FaceEmbedding
from training.batches import Batch, BatchMaker
from training.degradation import CAMERA_SHAKE, Context, Degradation, degrade, kernel_bank
from training.embedding.cosines import cosines, read_embedding, unit
from training.embedding.faces import PreparedFaces
from training.embedding.pairs import verification_accuracy
from training.embedding.views import render
from training.losses.distillation import cosine, relation
from training.publishing import Provenance, card_beside, made, write_halves
from training.ranks import joined
from training.recipe import Objective, Recipe, TrainingStage
from training.recipe import cosine as cosine_schedule
from training.sharp import SharpSet
from training.trainer import RunOptions, Trainer

log = logging.getLogger(__name__)

GOOD = 0.97  # share of the LFW pairs: the goal for shipped weights
SHARP_SHARE = 0.35
RELATION_WEIGHT = 10.0  # the squared differences of embeddings are small


@dataclass(frozen=True, kw_only=True)
class TaughtBatch(Batch):
    """A batch with the teacher's embeddings of its faces, N x 512."""

    taught: Tensor

    def part(self, index: int, of: int) -> TaughtBatch:
        """Return every `of`-th sample from `index` on."""
        plain = super().part(index, of)
        return TaughtBatch(plain.sharp, plain.blurred, plain.kernel, plain.noise, taught=self.taught[index::of])


class ViewMaker(BatchMaker):
    """Draws views of prepared faces, a share of them blurred; all data are on the device."""

    def __init__(
        self, faces: PreparedFaces, bank: Tensor, degradation: Degradation, device: torch.device, seed: int
    ) -> None:
        super().__init__(SharpSet(list(faces.crops)), bank, degradation, device, seed)
        self.crops = self.sharp.pixels.view(*faces.crops.shape).permute(0, 3, 1, 2)
        self.views = torch.from_numpy(faces.views).to(device)
        self.embeddings = torch.from_numpy(faces.embeddings).to(device)

    def draw(self, count: int, height: int, width: int, colour: bool) -> TaughtBatch:
        """Make a batch of `count` views of height x width px, which are equal; always in colour."""
        del colour
        context = Context(height, width, self.bank.shape[-1])
        chosen = torch.randint(len(self.views), (count,), generator=self.choices).to(self.device)
        which = torch.randint(len(self.bank), (count,), generator=self.choices).to(self.device)
        wide = render(self.crops, self.views[chosen], height + context.kernel - 1)
        blurred, noise = degrade(wide, self.bank[which], context, self.degradation, self.noise)
        return TaughtBatch(context.inner(wide), blurred, self.bank[which], noise, taught=self.embeddings[chosen])


class Distillation(Objective):
    """Losses towards the teacher: its embedding of each face, and its distances between the faces of a batch."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the two losses."""
        assert isinstance(batch, TaughtBatch)
        embeddings = network(batch.blurred)
        return {
            "cosine": cosine(embeddings, batch.taught),
            "relation": RELATION_WEIGHT * relation(embeddings, batch.taught),
        }


RECIPE = Recipe(
    method=CARD_ID,
    stages=(
        TrainingStage(
            "distil", 1.0, Distillation, crop=(SIDE, SIDE), batch=512, learning_rate=2e-3, schedule=cosine_schedule()
        ),
    ),
    degradation=Degradation(CAMERA_SHAKE, largest=25, kernels=4000, read_noise=(0, 0.02), jpeg=0.2),
    target=20_000_000,
)


def sharp_and_blurred(bank: Tensor, share: float = SHARP_SHARE) -> Tensor:
    """Return the bank with an impulse, which leaves the picture sharp, in place of its first `share`."""
    mixed = bank.clone()
    sharp = round(share * len(bank))
    mixed[:sharp] = 0
    mixed[:sharp, :, bank.shape[-2] // 2, bank.shape[-1] // 2] = 1
    return mixed


def teacher_accuracy(pairs: PreparedFaces) -> float:
    """Return the share of the pairs that the teacher recognises correctly (10 folds, best threshold)."""
    taught = unit(pairs.embeddings)
    first, second, same = pairs.pairs.T
    return verification_accuracy((taught[first] * taught[second]).sum(axis=1), same == 1)


def distil(
    faces: PreparedFaces,
    pairs: PreparedFaces,
    options: RunOptions,
    recipe: Recipe = RECIPE,
    resume: bool = False,
    start: Path | None = None,
    on_entry: Callable[[dict[str, Any]], None] | None = None,
) -> Path:
    """Train by the recipe, judge on the pairs, write weights and card into the run's folder; return the card.

    start: weights to start from; their card is continued.
    """
    torch.manual_seed(options.seed)
    with joined(options.device) as ranks:
        bank = sharp_and_blurred(kernel_bank(recipe.degradation, options.seed))
        maker = ViewMaker(faces, bank, recipe.degradation, options.device, options.seed)
        network = read_embedding(start) if start else FaceEmbedding()
        trainer = Trainer(recipe, network, maker, None, options, ranks, on_entry)
        if resume and not trainer.resume():
            log.info("%s: no checkpoint yet, starting anew", options.folder)
        trainer.run()
        if not ranks.leads:
            return options.folder / f"{CARD_ID}.json"
        figures = _judged(trainer, pairs)
        log.info("LFW: %s", figures)
        return write_halves(options.folder, CARD_ID, trainer.average, _facts(trainer, figures, faces, start))


def _judged(trainer: Trainer, pairs: PreparedFaces) -> dict[str, Any]:
    """Return the shares of pairs that the written weights recognise: sharp, and with the second blurred."""
    halves = copy.deepcopy(trainer.average).half().float()
    measured = cosines(halves, pairs, trainer.device, trainer.recipe.degradation)
    count, teacher = len(pairs.pairs), round(teacher_accuracy(pairs), 4)
    return {
        "lfw": {"accuracy": measured["sharp_sharp"]["accuracy"], "teacher": teacher, "pairs": count},
        "lfw, one side blurred": {"accuracy": measured["sharp_blurred"]["accuracy"], "pairs": count},
    }


def _facts(trainer: Trainer, figures: dict[str, Any], faces: PreparedFaces, start: Path | None) -> dict[str, Any]:
    """Return the facts of the card, apart from the file's own."""
    provenance = Provenance(
        data=faces.origin,
        budget=dataclasses.asdict(trainer.options.budget),
        started_from=start.name if start else None,
        stages=[stage.name for stage in trainer.recipe.stages],
        before=card_beside(start) if start else {},
    )
    return {
        "title": "Face embedding",
        "settings": {},
        **made(trainer.progress, provenance, trainer.device),
        "evaluations": figures,
        "experimental": figures["lfw"]["accuracy"] < GOOD,
    }
