import pytest

from engine.request import Request
from engine.restoration.choice import AREAS, DECONVOLUTION, Choice
from engine.restoration.loaded import Loaded
from engine.restoration.steps import measure
from engine.restoration.steps.measure import measured, needed
from engine.restoration.watch import Watch

KNOWN = Request(device="cpu", method="wrfn")


@pytest.fixture
def nothing_loaded(monkeypatch):
    """Name networks in place of loading them."""
    monkeypatch.setattr(Loaded, "network", lambda self, weights_id, watch: weights_id)
    monkeypatch.setattr(Loaded, "judging", lambda self: "the judge's")


@pytest.mark.usefixtures("nothing_loaded")
@pytest.mark.parametrize(
    ("request_", "chosen", "names"),
    [
        (KNOWN, "wrfn", ["wrfn"]),
        (KNOWN, AREAS, []),
        (KNOWN, DECONVOLUTION, []),
        (KNOWN, None, []),
        (KNOWN, "l0-deconv", ["the judge's"]),
        (KNOWN, "finish", ["wrfn", "the judge's"]),
        (Request(device="cpu"), "wrfn", ["wrfn", "the judge's"]),
    ],
)
def test_the_networks_are_named_that_see_whole_photos(request_, chosen, names):
    found = needed(request_, Choice(chosen), Loaded())
    assert [network for network, _ in found] == names
    assert {method.id for _, method in found} <= {"wrfn"}


def test_a_small_photo_does_not_wait_for_a_measurement(run_of):
    watch = Watch()
    assert measured(run_of(method="wrfn"), Choice("wrfn"), watch) is watch


@pytest.mark.usefixtures("nothing_loaded")
def test_measuring_takes_its_share_of_the_progress(run_of, monkeypatch):
    seen = []
    monkeypatch.setattr(measure, "unmeasured", lambda networks, request: networks)
    monkeypatch.setattr(measure, "measure", lambda networks, request, watch: seen.append((networks, watch.span)))
    rest = measured(run_of(method="wrfn", backend="openvino"), Choice("wrfn"), Watch())
    assert [span for _, span in seen] == [(0.0, 0.2)] and rest.span == (0.2, 1.0)
