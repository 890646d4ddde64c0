"""Judges the diagnosis by photos whose truth is known: the table of confusions, and what the goals ask for."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from engine.diagnosis.diagnosing import diagnosed
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.diagnosis.judging import HELP, judge
from engine.photos.reading import file_bytes
from engine.photos.reduced import Reduced, read_reduced
from training.triage.folder import Truth, truths_of
from training.triage.lessons import Lesson
from training.triage.publishing import UNDOABLE

SEEN = 6.0  # px: a longer shake must not be missed
COLUMNS = (*(str(kind) for kind in Kind),)
STRAIGHT = ("subject moved", "mixed")  # their motions are straight, so that they have one direction


@dataclass(frozen=True)
class Judged:
    """truths and answers of a folder's photos, in order.

    seconds: of the whole; processors: cores that were used; computed: seconds that they computed, all together.
    """

    truths: list[Truth]
    answers: list[Diagnosis]
    seconds: float
    processors: int
    computed: float


def judged(folder: Path) -> Judged:
    """Diagnose the photos of a folder that `make` made; nothing is remembered from before."""
    truths = truths_of(folder)
    judge()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    start, before = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(cores) as pool:
        answers = list(pool.map(lambda truth: answer(folder / truth.photo), truths))
    return Judged(truths, answers, time.monotonic() - start, cores, time.process_time() - before)


def answer(path: Path) -> Diagnosis:
    """Diagnose one photo."""
    return diagnosed(read_reduced(path, file_bytes(path)[0]))


def gains_told(lessons: Sequence[Lesson]) -> str:
    """Return how far what the diagnosis expects goes with what was won, in all photos and in UNDOABLE ones."""
    known = [each for each in lessons if np.isfinite(each.gain)]
    answers = [diagnosed(Reduced(each.plane, each.plane.shape[::-1])) for each in known]
    gains, expected = np.array([each.gain for each in known]), np.array([each.gain for each in answers])
    undoable = np.array([each.kind in UNDOABLE for each in known])
    lines = []
    for name, which in (("all photos", np.ones(len(known), bool)), (f"{', '.join(UNDOABLE)}", undoable)):
        ranks = stats.spearmanr(expected[which], gains[which])[0]
        lines.append(f"{name}: {which.sum()}, rank correlation {ranks:.2f}, won {gains[which].mean():.2f} dB")
    for advice in Advice:
        won = [gain for gain, each in zip(gains, answers, strict=True) if each.advice is advice]
        helped = sum(gain >= HELP for gain in won)
        lines.append(f"{advice}: {len(won)}, of which {HELP} dB or more are won in {_share(helped, len(won))}")
    return "\n".join(lines)


def table(found: Judged) -> str:
    """Return the confusions as Markdown: a line for each kind in detail, and a column for each answer."""
    names = sorted({truth.name for truth in found.truths}, key=lambda name: (not name.startswith("sharp"), name))
    lines = [f"| what it is | photos | {' | '.join(COLUMNS)} |", "|---" * (len(COLUMNS) + 2) + "|"]
    for name in names:
        said = [str(a.kind) for t, a in zip(found.truths, found.answers, strict=True) if t.name == name]
        cells = [str(said.count(column)) if said.count(column) else "" for column in COLUMNS]
        lines.append(f"| {name} | {len(said)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def goals(found: Judged) -> str:
    """Return, line for line, the figures that the goals are about."""
    pairs = list(zip(found.truths, found.answers, strict=True))
    sharp = [a for t, a in pairs if t.kind == Kind.SHARP]
    called = sum(a.kind not in (Kind.SHARP, Kind.CANNOT_TELL) for a in sharp)
    untold = sum(a.kind is Kind.CANNOT_TELL for a in sharp)
    shaken = [a for t, a in pairs if t.name == "shaken" and t.extent > SEEN]
    missed = sum(a.kind is Kind.SHARP for a in shaken)
    silent = sum(a.kind is Kind.CANNOT_TELL for a in shaken)
    moved = [
        (t, a) for t, a in pairs if t.kind in (Kind.SHAKEN, Kind.MIXED, Kind.SUBJECT_MOVED) and a.extent and t.extent
    ]
    focus = [(t, a) for t, a in pairs if t.kind is not Kind.SHARP and a.radius and t.radius]
    straight = [(t, a) for t, a in moved if t.name in STRAIGHT and a.direction is not None]
    right = sum(t.kind == a.kind for t, a in pairs)
    return "\n".join(
        [
            f"{len(pairs)} photos, {right} called right ({_share(right, len(pairs))})",
            f"sharp called blurred: {called} of {len(sharp)} ({_share(called, len(sharp))}); not told: {untold}",
            f"shake above {SEEN:g} px called sharp: {missed} of {len(shaken)} ({_share(missed, len(shaken))}); "
            f"not told: {silent}",
            f"extent, found over true: {_spread([a.extent / t.extent for t, a in moved if a.extent])}",
            f"radius, found over true: {_spread([a.radius / t.radius for t, a in focus if a.radius])}",
            f"direction, degrees apart: {_spread([_apart(a.direction or 0, t.direction) for t, a in straight])}",
            f"{found.seconds / max(len(pairs), 1):.2f} s a photo on {found.processors} cores, "
            f"{found.computed / max(len(pairs), 1):.2f} s of computing, "
            f"{np.mean([t.megapixels for t, _ in pairs]):.1f} MP on average",
        ]
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"median {middle:.2f}, from {low:.2f} to {high:.2f} in four fifths"


def _apart(one: float, other: float) -> float:
    return abs((one - other + 90) % 180 - 90)
