"""Which choices would change nothing, and why: a method has no kernel to refine, or knows no other view.

The window disables such a switch and says so; the engine leaves a note. No torch.
"""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from engine.choices import Choices
from engine.errors import Sentence
from engine.networks.registry import known_method

FUSED = "finish"
Chosen = TypeVar("Chosen", bound=Choices)


def why_no_finish(choices: Choices) -> Sentence | None:
    """Return why `finish` would change nothing, None if it has a kernel to refine."""
    if choices.areas_on:
        return Sentence("Blur areas have kernels of their own, which are not refined.")
    if choices.region == "faces":
        return Sentence("Only a whole photo is refined, not single faces.")
    if choices.kernel is not None:
        return None
    if choices.method == "auto":
        return Sentence("Automatic does that by itself.")
    method = known_method(choices.method)
    if method is not None and method.id == FUSED:
        return Sentence("This method does that by itself.")
    if method is None or not method.yields_kernel:
        return Sentence("This method does not say which blur it sees, so there is nothing to refine.")
    return None


def why_no_best_quality(choices: Choices) -> Sentence | None:
    """Return why `best_quality` would change nothing, None if a network restores more than one view."""
    if choices.finish and why_no_finish(choices) is None:
        return None
    if choices.areas_on or choices.kernel is not None:
        return Sentence("Undoing a known blur gives the same result for a turned photo.")
    if choices.method == "auto":
        return None
    method = known_method(choices.method)
    if method is None or method.views == 1:
        return Sentence("This method undoes the one blur that it finds; turning the photo adds nothing.")
    return None


def applicable(choices: Chosen) -> Chosen:
    """Return the choices without those that would change nothing."""
    finish = choices.finish and why_no_finish(choices) is None
    best = choices.best_quality and why_no_best_quality(choices) is None
    return dataclasses.replace(choices, finish=finish, best_quality=best)
