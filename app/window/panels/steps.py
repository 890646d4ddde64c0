"""Describes the engine's progress in words: step, share, time left."""

from __future__ import annotations

from app.language import marked, percent, tr
from app.remaining import Remaining, duration

STEPS = {
    "start": marked("Starting"),
    "faces": marked("Looking for faces"),
    "backend": marked("Measuring speed, once"),
    "shaken": marked("Looking for shake"),
    "area": marked("Looking at an area"),
    "areas": marked("Looking for areas"),
    "prepare": marked("Looking at the photo"),
    "restore": marked("Restoring"),
    "kernel": marked("Estimating the kernel"),
    "identity": marked("Comparing faces"),
    "done": marked("Done"),
}


MEASURING = "backend"
"""The step in which the first run on a machine measures it; its pace says nothing about the rest."""

_LONG = 3.0  # seconds without an estimate after which the time that has passed is shown


def words_of(share: float, step: str, remaining: Remaining) -> list[str]:
    """Return the step, the share in percent, and the time left; before it can be estimated, the time so far."""
    parts = [tr(STEPS.get(step, step)), percent(share)]
    left = remaining.seconds(share, step)
    if left is not None and step != MEASURING:
        return [*parts, tr("{time} left").format(time=duration(left))]
    if remaining.elapsed >= _LONG:
        return [*parts, tr("{time} so far").format(time=duration(remaining.elapsed))]
    return parts


def sentence_of(step: str) -> str:
    """Return what is going on, as a sentence for the line above the photo."""
    if step == MEASURING:
        return tr("Measuring once how fast this computer is, for about half a minute. Then the photo is restored.")
    return f"{tr(STEPS.get(step, step))}…"
