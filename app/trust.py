"""Says in words how far a result can be trusted, for the window, the command line and comparison sheets."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import marked, tr
from engine.kernels.trust import Verdict
from engine.result import FaceResult, Result


@dataclass(frozen=True)
class Said:
    """tone: check, info or warning. sentence: what it means for the picture. short: the same in few words."""

    tone: str
    sentence: str
    short: str


_SAID = {
    None: Said("info", marked("No kernel is known, so the result cannot be checked against the photo."), ""),
    Verdict.UNCHANGED: Said(
        "info", marked("The result is the photo itself: nothing in it became sharper."), marked("unchanged")
    ),
    Verdict.WELL: Said("check", marked("The result explains the photo well."), marked("explains the photo")),
    Verdict.BLURRED: Said(
        "info",
        marked("The result is still blurred. It adds no detail that the photo does not contain."),
        marked("still blurred"),
    ),
    Verdict.PARTLY: Said(
        "info",
        marked("The result explains most of the photo. Look at fine detail with care."),
        marked("mostly explained"),
    ),
    Verdict.UNEVEN: Said(
        "info",
        marked("The result is still blurred, here more and there less. Look at fine detail with care."),
        marked("unevenly sharp"),
    ),
    Verdict.CHANGED: Said(
        "warning",
        marked("The result contradicts the photo: no blur leads back to it. Parts are changed or invented."),
        marked("contradicts the photo"),
    ),
}


def trust_in(verdict: Verdict | None) -> Said:
    """Return the meaning of a verdict, in the user's language."""
    said = _SAID[verdict]
    return Said(said.tone, tr(said.sentence), tr(said.short))


def explained_part(result: Result) -> Result | FaceResult | None:
    """Return the part whose kernel, residual and verdict are known: the whole photo, else the first such face."""
    parts: list[Result | FaceResult] = [result, *result.faces]
    return next((part for part in parts if part.kernel is not None or part.residual is not None), None)
