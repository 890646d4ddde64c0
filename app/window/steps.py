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


def words_of(share: float, step: str, remaining: Remaining) -> list[str]:
    """Return the step, the share in percent and, once it can be estimated, the time left."""
    parts = [tr(STEPS.get(step, step)), percent(share)]
    left = remaining.seconds(share, step)
    return parts if left is None else [*parts, tr("{time} left").format(time=duration(left))]
