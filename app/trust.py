"""Says in words how far a result can be trusted, for the window, the command line and comparison sheets."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import marked, tr
from engine.explanation import Explanation
from engine.kernels.trust import Verdict
from engine.result import Result


@dataclass(frozen=True)
class TrustText:
    """tone: check, info or warning. sentence: the meaning for the picture. short: the same in few words.

    advice: what to do about it, "" if nothing is needed.
    """

    tone: str
    sentence: str
    short: str
    advice: str = ""


_TEXTS = {
    None: TrustText("info", marked("No kernel is known, so the result cannot be checked against the photo."), ""),
    Verdict.UNCHANGED: TrustText(
        "info",
        marked("The result is the photo itself: nothing in it became sharper."),
        marked("unchanged"),
        marked("Try another method, or draw how the camera moved."),
    ),
    Verdict.WELL: TrustText("check", marked("The result explains the photo well."), marked("explains the photo")),
    Verdict.BLURRED: TrustText(
        "info",
        marked("The result is still blurred. It adds no detail that the photo does not contain."),
        marked("still blurred"),
        marked("Try another method; “Compare methods” shows what each makes of it."),
    ),
    Verdict.PARTLY: TrustText(
        "info",
        marked("The result explains most of the photo. Look at fine detail with care."),
        marked("mostly explained"),
    ),
    Verdict.UNEVEN: TrustText(
        "info",
        marked("The result is still blurred, here more and there less. Look at fine detail with care."),
        marked("unevenly sharp"),
        marked("The blur may differ from place to place: look for varying blur, or restore the faces alone."),
    ),
    Verdict.UNSURE: TrustText(
        "warning",
        marked("The blur could not be found: the result may show doubled edges, and nobody can say how right it is."),
        marked("blur not found"),
        marked("Try another method, or draw how the camera moved."),
    ),
    Verdict.CHANGED: TrustText(
        "warning",
        marked("The result contradicts the photo: no blur leads back to it. Parts are changed or invented."),
        marked("contradicts the photo"),
        marked("Try another method, restore the faces alone, or lower the strength."),
    ),
}


def trust_in(verdict: Verdict | None) -> TrustText:
    """Return the meaning of a verdict, in the user's language."""
    said = _TEXTS[verdict]
    return TrustText(said.tone, tr(said.sentence), tr(said.short), tr(said.advice))


def explanation_of(result: Result) -> Explanation | None:
    """Return what explains a result: the whole photo's explanation, else that of the first face which has one."""
    parts = [result.explanation, *(face.explanation for face in result.faces)]
    return next((part for part in parts if part.kernel is not None or part.residual is not None), None)
