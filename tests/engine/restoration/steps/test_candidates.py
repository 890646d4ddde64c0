import numpy as np
import pytest

from engine.kernels.candidate_judge import Found
from engine.kernels.kernel import Kernel
from engine.restoration.choice import DECONVOLUTION, Choice
from engine.restoration.loaded import Loaded
from engine.restoration.steps import candidates as step
from engine.restoration.steps.candidates import candidates
from engine.restoration.watch import Watch

FOUND = [Found(Kernel(np.ones((1, 5))), gain=2.0, beyond=1.0, right=0.9)]


@pytest.fixture(autouse=True)
def found_at_once(monkeypatch):
    monkeypatch.setattr(Loaded, "compared", lambda *_: None)
    monkeypatch.setattr(step, "found_kernels", lambda *_: FOUND)


@pytest.mark.parametrize(
    ("asked", "choice"),
    [
        ({"method": "wrfn"}, Choice("wrfn")),
        ({"region": "faces"}, Choice(faces="wrfn")),
        ({"kernel": "line.png"}, Choice(DECONVOLUTION)),
    ],
)
def test_nothing_is_looked_for_that_nobody_needs(run_of, asked, choice):
    watch = Watch()
    assert candidates(run_of(**asked), choice, watch) == (choice, [], watch)


@pytest.mark.parametrize("method", ["l0-deconv", "finish"])
def test_a_method_that_was_named_gets_the_kernels_and_stays(run_of, method):
    choice, found, rest = candidates(run_of(method=method), Choice(method), Watch())
    assert choice == Choice(method) and found is FOUND and rest.span == (0.6, 1.0)


def test_automatic_lets_the_kernels_choose(run_of, monkeypatch):
    monkeypatch.setattr(step, "best_for", lambda photo, found, otherwise, watch: Choice("finish"))
    choice, found, _ = candidates(run_of(), Choice("wrfn", "semantic"), Watch())
    assert choice == Choice("finish") and found is FOUND
