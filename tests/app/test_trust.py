import numpy as np
import pytest

from app.sheet import figures_of
from app.trust import explanation_of, trust_in
from engine.explanation import Explanation
from engine.faces.face import Face
from engine.kernels.trust import Verdict
from engine.request import Request
from engine.result import FaceResult, Result

PIXELS = np.zeros((4, 4, 3), np.float32)
FACE = Face((0.0, 0.0, 4.0, 4.0), ((0.0, 0.0),) * 5, 1.0, 0.0)


@pytest.mark.parametrize(
    ("verdict", "tone", "words"),
    [
        (None, "info", "cannot be checked"),
        (Verdict.UNCHANGED, "info", "nothing in it became sharper"),
        (Verdict.WELL, "check", "explains the photo well"),
        (Verdict.BLURRED, "info", "adds no detail"),
        (Verdict.PARTLY, "info", "most of the photo"),
        (Verdict.UNEVEN, "info", "still blurred"),
        (Verdict.CHANGED, "warning", "contradicts the photo"),
    ],
)
def test_every_verdict_is_reported_in_words(verdict, tone, words):
    said = trust_in(verdict)
    assert said.tone == tone and words in said.sentence
    assert bool(said.short) == (verdict is not None)


def test_a_sheet_says_the_verdict_under_the_picture():
    result = Result(Request(), PIXELS, "wrfn", "cpu", Explanation(None, 1.04, Verdict.WELL), seconds={"restore": 2.0})
    assert figures_of(result) == ["2.0 s", "mismatch 1.04 × noise", "explains the photo"]


def test_the_first_known_face_counts_if_only_faces_were_restored():
    unknown, known = FaceResult(FACE), FaceResult(FACE, Explanation(None, 1.1, Verdict.WELL))
    assert explanation_of(Result(Request(), PIXELS, "wrfn", "cpu", faces=(unknown, known))) is known.explanation
    assert explanation_of(Result(Request(), PIXELS, "wrfn", "cpu", faces=(unknown,))) is None
