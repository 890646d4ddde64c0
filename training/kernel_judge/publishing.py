"""Writes the judge of kernels as safetensors with a card, where the program looks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from engine.kernels.candidate_judge import CARD_ID
from engine.kernels.forest import Forest
from engine.weights import FORMAT
from training.kernel_judge.learning import Judged
from training.kernel_judge.lessons import Lesson
from training.shelf import put
from training.sources import described

COMMAND = "python -m training.kernel_judge learn LESSONS -o resources/weights"


def publish(folder: Path, forests: Mapping[str, Forest], lessons: Sequence[Lesson], judged: Judged) -> Path:
    """Write the forests and their card into a folder; return the card's path. Raise UserError where that fails."""
    arrays = {name: values for output, forest in forests.items() for name, values in forest.arrays(output).items()}
    weights = save(arrays, metadata={"method": CARD_ID, "format": str(FORMAT)})
    return put(folder, CARD_ID, weights, _facts(forests, lessons, judged))


def _facts(forests: Mapping[str, Forest], lessons: Sequence[Lesson], judged: Judged) -> dict[str, Any]:
    return {
        "title": "Judge of kernels",
        "settings": {},
        "parameters": sum(len(forest.column) for forest in forests.values()),
        "precision": "float32",
        "data": described(each.place for each in lessons),
        "samples_seen": len(lessons),
        "ways": dict(sorted(Counter(each.way for each in lessons).items())),
        "evaluations": {"held out": {"command": COMMAND, **asdict(judged)}},
        "experimental": False,
    }
