"""Writes what the diagnosis learned as safetensors with a card, where the program looks for it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save
from scipy import stats

from engine.diagnosis.judging import HELP, KINDS, Judge
from engine.diagnosis.learned import CARD_ID
from engine.errors import UserError
from engine.program import own_version
from engine.weights import FORMAT
from engine.whole_files import write_whole
from training.sources import described
from training.triage.learning import Held
from training.triage.lessons import Lesson

COMMAND = "python -m training.triage learn LESSONS -o resources/weights"


def publish(folder: Path, judge: Judge, lessons: Sequence[Lesson], held: Held) -> Path:
    """Write forests, limits and card into a folder; return the card's path. Raise UserError where that fails."""
    arrays = {name: values for each, forest in judge.forests.items() for name, values in forest.arrays(each).items()}
    weights = save(arrays, metadata={"method": CARD_ID, "format": str(FORMAT)})
    path = folder / f"{CARD_ID}.json"
    card = _card(judge, lessons, held, hashlib.sha256(weights).hexdigest())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path.with_suffix(".safetensors"), lambda file: file.write(weights))
        write_whole(path, lambda file: file.write((json.dumps(card, indent=2) + "\n").encode()))
    except OSError as error:
        raise UserError("The weights {path} cannot be written: {reason}.", path=path, reason=error) from error
    return path


def figures_of(judge: Judge, held: Held) -> dict[str, float]:
    """Return how judges of a part of the lessons err on the rest."""
    sharp = held.truth == 0
    best = told(judge, held)
    untold = len(KINDS)
    saved = held.helps >= judge.limits.saved
    ranks = stats.spearmanr(held.gains, held.expected)[0]
    return {
        "sharp_called_blurred": round(float(((best[sharp] > 0) & (best[sharp] < untold)).mean()), 4),
        "blurred_called_sharp": round(float((best[~sharp] == 0).mean()), 4),
        "not_told": round(float((best == untold).mean()), 4),
        "right": round(float((best == held.truth).mean()), 4),
        "gain_rank_correlation": round(float(ranks), 3),
        "saved": round(float(saved.mean()), 3),
        "saved_that_gain": round(float((held.gains[saved] >= HELP).mean()), 3) if saved.any() else 0.0,
    }


def told(judge: Judge, held: Held) -> np.ndarray:
    """Return the number of the kind that is told of each photo; len(KINDS) where none is."""
    best = held.kinds.argmax(1)
    enough = held.kinds[np.arange(len(best)), best] >= np.array(judge.limits.kinds)[best]
    return np.where(enough, best, len(KINDS))


def _card(judge: Judge, lessons: Sequence[Lesson], held: Held, sha256: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": CARD_ID,
        "method": CARD_ID,
        "title": "Diagnosis of photos",
        "settings": asdict(judge.limits),
        "parameters": sum(len(forest.column) for forest in judge.forests.values()),
        "precision": "float32",
        "data": described(each.place for each in lessons),
        "samples_seen": len(lessons),
        "ways": dict(sorted(Counter(each.name for each in lessons).items())),
        "evaluations": {"held out": {"command": COMMAND, **figures_of(judge, held)}},
        "code_version": own_version() or "source",
        "created": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "sha256": sha256,
        "experimental": False,
    }
