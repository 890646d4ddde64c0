"""Distillation: the small network learns the teacher's embeddings of sharp and blurred faces alike."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.faces.embedding import CARD_ID, SIDE
from engine.faces.embedding.network import FaceEmbedding
from training.batches import Batch, BatchMaker
from training.degradation import CAMERA_SHAKE, Context, Degradation, degrade, kernel_bank
from training.embedding.cosines import embedded
from training.embedding.faces import PreparedFaces
from training.embedding.pairs import verification_accuracy
from training.embedding.views import render
from training.losses.distillation import cosine, relation
from training.publishing import device_name
from training.ranks import joined
from training.recipe import Objective, Recipe, Stage
from training.recipe import cosine as cosine_schedule
from training.sharp import SharpSet
from training.trainer import RunOptions, Trainer

log = logging.getLogger(__name__)

GOOD = 0.97  # of the LFW pairs: what is asked of weights that ship
SHARP_SHARE = 0.35
RELATION_WEIGHT = 10.0  # its differences are squared and small


@dataclass(frozen=True, kw_only=True)
class TaughtBatch(Batch):
    """A batch with the teacher's embeddings of its faces, N x 512."""

    taught: Tensor

    def part(self, index: int, of: int) -> TaughtBatch:
        """Return every `of`-th sample from `index` on."""
        plain = super().part(index, of)
        return TaughtBatch(plain.sharp, plain.blurred, plain.kernel, plain.noise, taught=self.taught[index::of])


class ViewMaker(BatchMaker):
    """Draws views of prepared faces, a share of them blurred; all of it lies on the device."""

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
    """The teacher's place for each face, and its distances between the faces of a batch."""

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
        Stage(
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


def lfw_accuracy(network: nn.Module, pairs: PreparedFaces, device: torch.device) -> float:
    """Return the share of the pairs that the network's embeddings tell right (10 folds, best threshold)."""
    return _accuracy(embedded(network, pairs, device), pairs.pairs)


def teacher_accuracy(pairs: PreparedFaces) -> float:
    """Return the same of the teacher."""
    return _accuracy(pairs.embeddings, pairs.pairs)


def _accuracy(embeddings: np.ndarray, pairs: np.ndarray) -> float:
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    first, second, same = pairs.T
    return verification_accuracy((unit[first] * unit[second]).sum(axis=1), same == 1)


def distil(
    faces: PreparedFaces,
    pairs: PreparedFaces,
    options: RunOptions,
    recipe: Recipe = RECIPE,
    resume: bool = False,
    start: FaceEmbedding | None = None,
    on_entry: Callable[[dict[str, Any]], None] | None = None,
) -> Path:
    """Train by the recipe, judge on the pairs, write weights and card into the run's folder; return the card."""
    torch.manual_seed(options.seed)
    with joined(options.device) as ranks:
        bank = sharp_and_blurred(kernel_bank(recipe.degradation, options.seed))
        maker = ViewMaker(faces, bank, recipe.degradation, options.device, options.seed)
        trainer = Trainer(recipe, start or FaceEmbedding(), maker, None, options, ranks, on_entry)
        if resume and not trainer.resume():
            log.info("%s: no checkpoint yet, starting anew", options.folder)
        trainer.run()
        accuracy, teacher = lfw_accuracy(trainer.average, pairs, options.device), teacher_accuracy(pairs)
        log.info("LFW: %.4f of the pairs, the teacher %.4f", accuracy, teacher)
        figures = {"accuracy": round(accuracy, 4), "teacher": round(teacher, 4), "pairs": len(pairs.pairs)}
        return _write(trainer, figures, faces)


def _write(trainer: Trainer, figures: dict[str, Any], faces: PreparedFaces) -> Path:
    """Write fp16 weights and their card beside the checkpoint."""
    weights = trainer.options.folder / f"{CARD_ID}.safetensors"
    state = trainer.average.state_dict()
    save_file(
        {n: (t.half() if t.is_floating_point() else t).detach().cpu().contiguous() for n, t in state.items()}, weights
    )
    card = {
        "format": 1,
        "id": CARD_ID,
        "method": CARD_ID,
        "title": "Face embedding",
        "settings": {},
        "parameters": sum(p.numel() for p in trainer.average.parameters()),
        "precision": "float16",
        "data": [{"name": "training faces", "samples": len(faces.crops), "views": len(faces.views)}],
        "samples_seen": trainer.progress.samples,
        "minutes": round(trainer.progress.seconds / 60, 1),
        "device": device_name(trainer.device),
        "evaluations": {"lfw": figures},
        "experimental": figures["accuracy"] < GOOD,
        "created": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    path = weights.with_suffix(".json")
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path
