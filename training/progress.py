"""The progress of a run, and its log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UserError

LOCK = "process.lock"
"""The file in a run's folder that the training process locks (engine.locking)."""


@dataclass(frozen=True)
class Budget:
    """The budget of the whole run over all its calls, in minutes or samples; the schedule is spread over it."""

    minutes: float | None = None
    samples: int | None = None

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.samples is None):
            raise UserError("A run needs a budget, either in minutes or in samples.")
        if (self.minutes or self.samples or 0) <= 0:
            raise UserError("The budget must be above zero.")

    def progress(self, seconds: float, samples: int) -> float:
        """Return the share of the budget that is spent, from 0 to 1."""
        if self.minutes is not None:
            return min(seconds / 60 / self.minutes, 1.0)
        assert self.samples is not None
        return min(samples / self.samples, 1.0)


@dataclass
class Progress:
    """What a run has done so far; its checkpoint keeps it. began: the first step of the current stage."""

    step: int = 0
    samples: int = 0
    seconds: float = 0.0
    stage: int = -1
    began: int = 0


class Log:
    """One JSON object a line in metrics.jsonl; a resumed run appends."""

    def __init__(self, folder: Path, on_entry: Any = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "metrics.jsonl"
        self._on_entry = on_entry

    def write(self, entry: dict[str, Any]) -> None:
        """Append an entry, and pass it to the listener."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        if self._on_entry is not None:
            self._on_entry(entry)
