"""Says in one sentence how a photo was restored, and whether the result still matches the choices. No Qt."""

from __future__ import annotations

from typing import Any

from app.language import tr, trn
from app.window.kernels.facts import kernel_facts
from app.window.methods import title_of
from engine.areas import area as areas
from engine.choices import NEED_A_RUN, Choices
from engine.kernels.trust import Verdict
from engine.networks.registry import known_method
from engine.result import Result, shares


def same_run(one: Choices, other: Choices) -> bool:
    """Whether one run serves both requests. Areas that are on take the place of method, region and kernel."""
    if one.areas_on or other.areas_on:
        return areas.same_run(one.areas, other.areas)
    names = [name for name in NEED_A_RUN if name != "areas"]
    if one.kernel is not None and one.kernel == other.kernel:
        return all(getattr(one, name) == getattr(other, name) for name in names if name != "method")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def made_by(result: Result) -> dict[str, Any]:
    """Return the choices that a result was made by, by name; faces are chosen by their boxes."""
    choices = {name: getattr(result.request, name) for name in NEED_A_RUN if name != "faces"}
    return {**choices, "areas": result.areas or result.request.areas}


def what_was_done(result: Result) -> str:
    """Return one sentence: how the photo was restored, or that it was kept."""
    if result.verdict is Verdict.UNCHANGED:
        return tr("Kept as it is: nothing in the photo became sharper.")
    if result.areas:
        count = sum(area.on and area.kernel is not None for area in result.areas)
        text = trn("Deblurred by the kernel of one blur area.", "Deblurred by {count} blur areas.", count)
        return text.format(count=count)
    if result.request.kernel is not None:
        return tr("Deblurred by the kernel in {file}.").format(file=result.request.kernel.name)
    if result.taken is not None:
        _, network, kernel = (round(100 * share) for share in shares(result.taken))
        text = tr("Made of several restorations: {kernel} % by the blur found here, {network} % by a network.")
        return text.format(kernel=kernel, network=network)
    method = known_method(result.method)
    title = title_of(result.method)
    if method is None or not method.yields_kernel:
        if result.request.region == "faces":
            return tr("Faces restored by “{title}”.").format(title=title)
        return tr("Restored by “{title}”.").format(title=title)
    if result.field is not None:
        return tr("Deblurred by the kernels found here, one for each part of the photo (“{title}”).").format(
            title=title
        )
    if result.kernel is None:
        return tr("Deblurred by the kernel found here (“{title}”).").format(title=title)
    width, height = kernel_facts(result.kernel).extent
    text = tr("Deblurred by the kernel found here, {width} × {height} px (“{title}”).")
    return text.format(width=width, height=height, title=title)
