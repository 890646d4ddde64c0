"""Measures face parsing: the F-score of every part, sharp, blurred and deblurred (Shen et al. 2020, Table 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.networks.semantic.labels import LABELS
from engine.networks.semantic.network import Semantic
from training.batches import Batch
from training.losses.parsing import IGNORED

PARTS = range(1, len(LABELS))  # the average excludes the background, as in the paper's table
KINDS = ("clear", "blurred", "deblurred")


@dataclass(frozen=True)
class Parsing:
    """scores: of every part by kind of picture (`KINDS`), in [0, 1]. faces: how many were parsed."""

    scores: dict[str, dict[str, float]]
    faces: int

    @property
    def averages(self) -> dict[str, float]:
        """The mean over the parts, by kind."""
        return {kind: sum(parts.values()) / len(parts) for kind, parts in self.scores.items()}


@torch.inference_mode()
def parsing(network: Semantic, batches: Iterable[Batch]) -> Parsing:
    """Parse the faces of labelled batches: sharp, blurred, and deblurred by the coarse net.

    The F-score is 2 TP / (2 TP + FP + FN) over the pixels of all faces.
    """
    counts = {kind: torch.zeros(3, len(LABELS), dtype=torch.long) for kind in KINDS}
    faces = 0
    for batch in batches:
        assert batch.labels is not None
        faces += len(batch.labels)
        pictures = (batch.sharp, batch.blurred, network.coarse(batch.blurred).full)
        for kind, picture in zip(KINDS, pictures, strict=True):
            counts[kind] += _counted(network.parse(picture).argmax(dim=1), batch.labels)
    return Parsing({kind: _scores(count) for kind, count in counts.items()}, faces)


def _counted(found: Tensor, labels: Tensor) -> Tensor:
    """Count the pixels of each class in both, in the first, in the second: 3 x 11."""
    known = labels != IGNORED
    found, labels = found[known], labels[known]
    return torch.stack([_of_each(part) for part in (labels[found == labels], found, labels)]).cpu()


def _of_each(labels: Tensor) -> Tensor:
    return torch.bincount(labels.flatten(), minlength=len(LABELS))


def _scores(counts: Tensor) -> dict[str, float]:
    both, found, labelled = counts.double()
    scores = 2 * both / (found + labelled).clamp(min=1)
    return {LABELS[part]: float(scores[part]) for part in PARTS}


def table(result: Parsing) -> str:
    """Return the scores as a Markdown table, the average last."""
    lines = ["| part | " + " | ".join(KINDS) + " |", "|---" * (len(KINDS) + 1) + "|"]
    for part in PARTS:
        figures = (result.scores[kind][LABELS[part]] for kind in KINDS)
        lines.append(f"| {LABELS[part]} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    lines.append("| average | " + " | ".join(f"{result.averages[kind]:.3f}" for kind in KINDS) + " |")
    return "\n".join(lines)
