"""The methods that can be trained here, and what they need."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass

from app.language import marked
from engine.networks.registry import methods
from engine.weights import WeightsError, find_weights
from resources import resource

_LABELS = marked(
    "It learns from label maps of the face's parts, which your photos do not have. Train it with `acutance"
    " train semantic --labels`."
)
_FACES = marked("It needs photos that show one face and nothing else, like passport photos.")


@dataclass(frozen=True)
class Offer:
    """A method. reason: why it cannot be trained here, otherwise "". wish: what its photos should be like.

    shipped_samples: how many samples the shipped weights saw, None if none are shipped.
    """

    id: str
    title: str
    reason: str = ""
    wish: str = ""
    shipped_samples: int | None = None


def offers() -> list[Offer]:
    """Return the methods that have a recipe; imports no torch."""
    known = [(method_id, method) for method_id, method in methods().items() if _has_recipe(method_id)]
    return [
        Offer(
            method_id,
            method.title,
            _LABELS if method.learns_from == "labelled faces" else "",
            _FACES if method.learns_from == "single faces" else "",
            _samples(method_id),
        )
        for method_id, method in known
    ]


def _has_recipe(method_id: str) -> bool:
    return importlib.util.find_spec(f"training.recipes.{method_id.replace('-', '_')}") is not None


def _samples(method_id: str) -> int | None:
    try:
        weights = find_weights(method_id, [resource("weights")])
    except WeightsError:
        return None
    return None if weights is None else weights.card.samples_seen
