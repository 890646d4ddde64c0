"""The methods as the window offers them: which can run, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass

from engine.networks.registry import methods
from engine.request import RegionChoice


@dataclass(frozen=True)
class MethodChoice:
    """A method to choose. reason: why it cannot be chosen, "" if it can. regions: those of the request it suits."""

    id: str
    title: str
    summary: str
    regions: frozenset[RegionChoice]
    yields_kernel: bool = False
    reason: str = ""
    experimental: bool = False


AUTOMATIC = MethodChoice(
    "auto",
    "Automatic",
    "The best installed method for the photo and its faces.",
    frozenset({"auto", "faces", "whole", "aligned"}),
)


def method_choices() -> list[MethodChoice]:
    """Return Automatic and every method of the registry; imports no torch."""
    from engine.weights import find_weights

    choices = [AUTOMATIC]
    for method in methods().values():
        weights = find_weights(method.id)
        regions: set[RegionChoice] = {"auto", "faces", "aligned"} if "aligned" in method.regions else {"auto"}
        if "whole" in method.regions:
            regions |= {"whole", "faces"}
        choices.append(
            MethodChoice(
                method.id,
                method.title,
                method.summary,
                frozenset(regions),
                method.yields_kernel,
                "" if weights else "Its weights are not installed.",
                bool(weights and weights.card.experimental),
            )
        )
    return choices
