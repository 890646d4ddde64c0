"""The user's plan for a run, its folder, and the command line of its process."""

from __future__ import annotations

import dataclasses
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.own_weights import fit_name
from engine.user_folders import data_folder
from engine.whole_files import write_whole
from training.options import USUAL_MINUTES, TrainOptions, default_folder, train_words
from training.progress import Budget

_FILE = "plan.json"
PHOTOS = "photos.txt"
_LOOKS = 20
_GENTLE = 0.3  # for the learning rates, if the weights are trained already


@dataclass(frozen=True)
class Plan:
    """A run. start: "shipped" or "scratch". minutes: of the whole run. crop, batch: None for the recipe's own.

    extra: further arguments of `acutance train`.
    """

    name: str
    method: str
    source: str
    minutes: float
    start: str = "shipped"
    device: str = "auto"
    crop: int | None = None
    batch: int | None = None
    extra: tuple[str, ...] = ()

    def arguments(self, folder: Path) -> list[str]:
        """Return the arguments that train in `folder`, from its checkpoint if it has one."""
        options = dataclasses.replace(
            self._options(folder / PHOTOS),
            folder=folder,
            budget=Budget(minutes=self.minutes),
            looks=_LOOKS,
            resume=(folder / "checkpoint.safetensors").exists(),
        )
        return ["train", *train_words(options), "--stop-with-input", *self.extra]

    def trial_arguments(self, photos: Path) -> list[str]:
        """Return the arguments that measure this machine's speed."""
        return ["train", *train_words(self._options(photos)), "--trial", "--json", *self.extra]

    def _options(self, photos: Path) -> TrainOptions:
        return TrainOptions(
            recipe=self.method,
            photos=(photos,),
            budget=Budget(minutes=USUAL_MINUTES),
            folder=default_folder(self.method),
            start=self.start,
            peak=_GENTLE if self.start == "shipped" else 1.0,
            crop=self.crop,
            batch=self.batch,
            device=self.device,
        )

    def write(self, folder: Path) -> None:
        """Store the plan in the run's folder."""
        text = json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False)
        write_whole(folder / _FILE, lambda file: file.write(text.encode()))


def read_plan(folder: Path) -> Plan | None:
    """Return the plan of a run, None if the folder holds no readable one."""
    try:
        plain = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        known = {field.name: plain[field.name] for field in dataclasses.fields(Plan) if field.name in plain}
        plan = Plan(**{**known, "extra": tuple(known.get("extra", ()))})
    except (OSError, ValueError, TypeError):
        return None
    return plan if _fits(plan) else None


def _fits(plan: Plan) -> bool:
    texts: tuple[Any, ...] = (plan.name, plan.method, plan.source, plan.start, plan.device)
    return all(isinstance(text, str) for text in texts) and isinstance(plan.minutes, int | float)


def runs_folder() -> Path:
    """Return the folder of all runs; it need not exist."""
    return data_folder() / "training"


def new_folder(plan: Plan, runs: Path) -> Path:
    """Make the folder of a new run and store its plan there."""
    stem = f"{time.strftime('%Y-%m-%d %H.%M.%S')} {plan.method} {fit_name(plan.name)}"
    try:
        runs.mkdir(parents=True, exist_ok=True)
        folder = runs / stem
        number = 1
        while folder.exists():
            number += 1
            folder = runs / f"{stem} {number}"
        folder.mkdir()
        plan.write(folder)
    except OSError as error:
        raise UserError("The run cannot be kept in {runs}: {reason}.", runs=runs, reason=error) from error
    return folder


def runs(folder: Path) -> list[Path]:
    """Return the folders of all runs, the newest first."""
    found = [path for path in folder.glob("*") if read_plan(path) is not None]
    return sorted(found, key=lambda path: path.name, reverse=True)
