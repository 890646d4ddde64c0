import numpy as np
import pytest

from engine.kernels.trust import Verdict
from engine.restoration.choice import Choice
from engine.restoration.restored import Restored
from engine.restoration.steps.explain import Explanations, explain_all
from engine.restoration.watch import Watch

BOX = (40.0, 30.0, 90.0, 95.0)


def unchanged(run) -> Restored:
    return Restored(run.photo.pixels.copy(), np.ones((1, 3), np.float32), "cpu")


def test_restored_faces_alone_are_explained_with_their_restoration(run_of):
    run, watch = run_of(region="faces"), Watch()
    assert explain_all(run, Choice(faces="wrfn"), [], unchanged(run), watch) == Explanations()
    assert not watch.seconds


def test_the_whole_photo_is_explained_by_the_kernel_of_its_method(run_of):
    run, watch = run_of(), Watch()
    explained = explain_all(run, Choice("wrfn"), [], unchanged(run), watch)
    assert explained.whole.verdict is Verdict.UNCHANGED and explained.whole.kernel.values.shape == (1, 3)
    assert explained.faces == () and explained.field is None, "nobody asked for them"
    assert "kernel" in watch.seconds


@pytest.mark.parametrize(
    ("asked", "known", "count"),
    [({}, True, 1), ({}, False, 0), ({"faces": (BOX,)}, False, 1), ({"region": "whole"}, True, 0)],
    ids=["known", "unknown", "named", "not asked for"],
)
def test_faces_are_explained_that_are_named_or_known(run_of, asked, known, count):
    run = run_of(**asked)
    if known:
        run.loaded.faces.find(run.photo, 40, Watch())
    assert len(explain_all(run, Choice("wrfn"), [], unchanged(run), Watch()).faces) == count
