"""The methods that the window offers: which can run, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.language import marked, tr, translated
from engine.choices import RegionChoice
from engine.networks.method import AREAS, DECONVOLUTION, Method
from engine.networks.registry import methods, preferred_methods

if TYPE_CHECKING:
    from engine.weights import WeightsFile


@dataclass(frozen=True)
class MethodChoice:
    """A method to choose. reason: why it cannot be chosen, "" if it can. regions: the regions that it supports."""

    id: str
    title: str
    summary: str
    regions: frozenset[RegionChoice]
    reason: str = ""
    experimental: bool = False


AUTOMATIC = MethodChoice(
    "auto",
    marked("Automatic"),
    marked(
        "Looks for the blur, and fuses what undoing it and the best network make of the photo. If nothing gets"
        " sharper, the photo is kept."
    ),
    frozenset({"auto", "faces", "whole", "aligned"}),
)


def title_of(identity: str) -> str:
    """Return a method's title by the id of its weights ("METHOD" or "METHOD@NAME")."""
    known, _, name = identity.partition("@")
    if known == AUTOMATIC.id:
        return tr(AUTOMATIC.title)
    if known == DECONVOLUTION:
        return tr("Known kernel")
    if known == AREAS:
        return tr("Blur areas")
    method = methods().get(known)
    title = tr(method.title) if method else known
    return f"{title} – {name}" if name else title


def method_choices() -> list[MethodChoice]:
    """Return Automatic, then the methods that can run (further weights included), then the others. Imports no torch.

    The order is that in which Automatic prefers them; experimental methods come last.
    """
    from engine.weights import WeightsError, find_weights, installed

    choices = []
    for method in preferred_methods():
        try:
            weights = find_weights(method.id)
        except WeightsError as error:
            choices.append(_choice(method, reason=translated(error)))
        else:
            choices.append(_choice(method, weights, "" if weights else tr("Its weights are not installed.")))
    extra = [weights for weights in installed() if weights.card.method in methods() and "@" in weights.card.id]
    choices += [_choice(methods()[weights.card.method], weights) for weights in extra]

    order = [method.id for method in preferred_methods()]

    def place(choice: MethodChoice) -> tuple[bool, bool, int]:
        return bool(choice.reason), choice.experimental, order.index(choice.id.partition("@")[0])

    return [AUTOMATIC, *sorted(choices, key=place)]


def _choice(method: Method, weights: WeightsFile | None = None, reason: str = "") -> MethodChoice:
    """Describe a method with weights; the title of METHOD@NAME contains the name."""
    regions: set[RegionChoice] = {"auto", "faces"}
    regions |= method.regions
    identity = weights.card.id if weights else method.id
    name = identity.partition("@")[2]
    title = f"{tr(method.title)} – {name}" if name else method.title
    experimental = bool(weights and weights.card.experimental)
    return MethodChoice(identity, title, method.summary, frozenset(regions), reason, experimental)
