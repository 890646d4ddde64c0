"""Chooses the installed weights that restore the whole photo, and those that restore the faces."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engine.errors import UserError
from engine.networks.method import AREAS as AREAS
from engine.networks.method import DECONVOLUTION as DECONVOLUTION
from engine.networks.method import Method
from engine.networks.registry import method, preferred_methods
from engine.request import Request
from engine.weights import WeightsError, WeightsFile, find_weights

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """Ids of weights; None if that region is not restored."""

    whole: str | None = None
    faces: str | None = None


def choose(request: Request) -> Choice:
    """Choose the methods for a request; raise UserError if it asks for something impossible."""
    if request.areas_on:
        return Choice(whole=AREAS)
    if request.kernel is not None:
        return Choice(faces=DECONVOLUTION) if request.region == "faces" else Choice(whole=DECONVOLUTION)
    if request.method != "auto":
        return _asked(request)
    if request.region in ("faces", "aligned"):
        best = _best("aligned")
        return Choice(faces=best) if request.region == "faces" else Choice(whole=best)
    whole = _best("whole")
    faces = _best("aligned")
    specialist = request.region == "auto" and "whole" not in of_weights(faces).regions
    return Choice(whole, faces if specialist else None)


def of_weights(weights_id: str) -> Method:
    """Return the method of weights called "METHOD" or "METHOD@NAME"."""
    return method(weights_id.partition("@")[0])


def _asked(request: Request) -> Choice:
    wanted = of_weights(request.method)
    if request.region == "faces" or (request.region == "auto" and "whole" not in wanted.regions):
        return Choice(faces=request.method)
    if request.region == "whole" and "whole" not in wanted.regions:
        raise UserError(
            "{title} ({id}) restores faces, not whole photos: choose the region faces.",
            title=wanted.title,
            id=wanted.id,
        )
    return Choice(whole=request.method)


def _best(region: str) -> str:
    """Return the method with the largest gain for the region, by its card; the preference decides between equals."""
    suited = [each.id for each in preferred_methods() if region in each.regions]
    found = [weights for weights in map(_found, suited) if weights is not None]
    safe = [weights for weights in found if not weights.card.experimental] or found
    if not safe:
        raise WeightsError("No weights are installed: train some with `acutance train`.")
    return safe[0].card.id if region == "whole" else max(safe, key=_gain).card.id


def _found(weights_id: str) -> WeightsFile | None:
    try:
        return find_weights(weights_id)
    except WeightsError as error:
        logger.warning("%s", error)
        return None


def _gain(weights: WeightsFile) -> float:
    """Return the gain of these weights over the blurred input in dB, on held-out photos."""
    table = weights.card.evaluations.get("held out", {})
    try:
        return float(table["psnr"]) - float(table["input_psnr"])
    except (KeyError, TypeError, ValueError):
        return 0.0
