"""Writes the judge of kernels as safetensors with a card, where the program looks for it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from engine.errors import UserError
from engine.kernels.candidate_judge import CARD_ID
from engine.kernels.forest import Forest
from engine.program import own_version
from engine.weights import FORMAT
from engine.whole_files import write_whole
from training.kernel_judge.learning import Judged
from training.kernel_judge.lessons import Lesson
from training.sources import described

COMMAND = "python -m training.kernel_judge learn LESSONS -o resources/weights"


def publish(folder: Path, forests: Mapping[str, Forest], lessons: Sequence[Lesson], judged: Judged) -> Path:
    """Write the forests and their card into a folder; return the card's path. Raise UserError where that fails."""
    arrays = {name: values for output, forest in forests.items() for name, values in forest.arrays(output).items()}
    weights = save(arrays, metadata={"method": CARD_ID, "format": str(FORMAT)})
    path = folder / f"{CARD_ID}.json"
    text = json.dumps(_card(forests, lessons, judged, hashlib.sha256(weights).hexdigest()), indent=2) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path.with_suffix(".safetensors"), lambda file: file.write(weights))
        write_whole(path, lambda file: file.write(text.encode()))
    except OSError as error:
        raise UserError("The weights {path} cannot be written: {reason}.", path=path, reason=error) from error
    return path


def _card(forests: Mapping[str, Forest], lessons: Sequence[Lesson], judged: Judged, sha256: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": CARD_ID,
        "method": CARD_ID,
        "title": "Judge of kernels",
        "settings": {},
        "parameters": sum(len(forest.column) for forest in forests.values()),
        "precision": "float32",
        "data": described(each.place for each in lessons),
        "samples_seen": len(lessons),
        "ways": dict(sorted(Counter(each.way for each in lessons).items())),
        "evaluations": {"held out": {"command": COMMAND, **asdict(judged)}},
        "code_version": own_version() or "source",
        "created": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "sha256": sha256,
        "experimental": False,
    }
