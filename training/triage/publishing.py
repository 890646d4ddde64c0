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
from engine.weights import FORMAT, find_weights
from engine.whole_files import write_whole
from training.sources import described
from training.triage.expecting import HeldGains
from training.triage.learning import Held
from training.triage.lessons import Lesson

KINDS_COMMAND = "python -m training.triage learn LESSONS GAINS -o resources/weights"
GAINS_COMMAND = "python -m training.triage learn-gain GAINS -o resources/weights"
UNDOABLE = ("shaken", "out of focus", "mixed")  # kinds that a restoration may undo


def publish(
    folder: Path, judge: Judge, gains: tuple[Sequence[Lesson], HeldGains], kinds: tuple[Sequence[Lesson], Held] | None
) -> Path:
    """Write forests, limits and card into a folder; return the card's path. Raise UserError where that fails.

    gains, kinds: lessons that taught the forests, and how they err. Without kinds, what the card that ships says of
    them is kept.
    """
    arrays = {name: values for each, forest in judge.forests.items() for name, values in forest.arrays(each).items()}
    weights = save(arrays, metadata={"method": CARD_ID, "format": str(FORMAT)})
    path = folder / f"{CARD_ID}.json"
    card = {**_card(judge, gains, kinds), "sha256": hashlib.sha256(weights).hexdigest()}
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
    nothing = len(KINDS)
    return {
        "sharp_called_blurred": round(float(((best[sharp] > 0) & (best[sharp] < nothing)).mean()), 4),
        "blurred_called_sharp": round(float((best[~sharp] == 0).mean()), 4),
        "not_told": round(float((best == nothing).mean()), 4),
        "right": round(float((best == held.truth).mean()), 4),
    }


def figures_of_gains(judge: Judge, held: HeldGains) -> dict[str, float]:
    """Return the same of what restoring wins: rank correlations in all photos, and in those that may be undone."""
    undoable = np.isin(held.kinds, UNDOABLE)
    saved = held.helps >= judge.limits.saved
    return {
        "gain_rank_correlation": _ranks(held.expected, held.gains),
        "gain_rank_correlation_of_undoable": _ranks(held.expected[undoable], held.gains[undoable]),
        "gain_error": round(float(np.abs(held.expected - held.gains).mean()), 2),
        "saved": round(float(saved.mean()), 3),
        "saved_that_gain": round(float((held.gains[saved] >= HELP).mean()), 3) if saved.any() else 0.0,
        "not_saved_that_gain": round(float((held.gains[~saved] >= HELP).mean()), 3) if not saved.all() else 0.0,
    }


def _ranks(expected: np.ndarray, won: np.ndarray) -> float:
    return round(float(stats.spearmanr(expected, won)[0]), 3)


def told(judge: Judge, held: Held) -> np.ndarray:
    """Return the number of the kind that is told of each photo; len(KINDS) where none is."""
    best = held.kinds.argmax(1)
    enough = held.kinds[np.arange(len(best)), best] >= np.array(judge.limits.kinds)[best]
    return np.where(enough, best, len(KINDS))


def _card(
    judge: Judge, gains: tuple[Sequence[Lesson], HeldGains], kinds: tuple[Sequence[Lesson], Held] | None
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": CARD_ID,
        "method": CARD_ID,
        "title": "Diagnosis of photos",
        "settings": asdict(judge.limits),
        "parameters": sum(len(forest.column) for forest in judge.forests.values()),
        "precision": "float32",
        **_of_kinds(judge, kinds),
        "gains": {
            "data": described(each.place for each in gains[0]),
            "samples_seen": len(gains[0]),
            "ways": _ways(gains[0]),
            "held out": {"command": GAINS_COMMAND, **figures_of_gains(judge, gains[1])},
        },
        "code_version": own_version() or "source",
        "created": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "experimental": False,
    }


def _of_kinds(judge: Judge, kinds: tuple[Sequence[Lesson], Held] | None) -> dict[str, Any]:
    """Return what the card says of the forests that tell kinds; what it said before if they were not taught."""
    names = "data", "samples_seen", "ways", "evaluations"
    if kinds is None:
        ships = find_weights(CARD_ID)
        assert ships is not None
        before = json.loads(ships.path.with_suffix(".json").read_text(encoding="utf-8"))
        return {name: before[name] for name in names}
    lessons, held = kinds
    evaluations = {"held out": {"command": KINDS_COMMAND, **figures_of(judge, held)}}
    values = described(each.place for each in lessons), len(lessons), _ways(lessons), evaluations
    return dict(zip(names, values, strict=True))


def _ways(lessons: Sequence[Lesson]) -> dict[str, int]:
    return dict(sorted(Counter(each.name for each in lessons).items()))
