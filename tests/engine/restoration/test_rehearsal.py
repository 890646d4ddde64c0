"""Measuring before a photo waits for it: shares, cancelling, and jobs that go first."""

import pytest

from engine import rehearsed
from engine.engine import Engine
from engine.errors import Cancelled
from engine.networks.registry import method
from engine.request import Request
from engine.restoration import backend, rehearsal
from engine.restoration.restorer import Restorer
from engine.restoration.watch import Watch

WRFN = method("wrfn")
CPU = Request(device="cpu")


@pytest.fixture
def network():
    return WRFN.build({"blocks": 1, "channels": 8, "skip": False}).eval()


@pytest.fixture
def measured(monkeypatch):
    """Replace a test's work by three reports."""
    made = []

    def compared(_, __, kind, on_run):
        for share in (0.0, 0.5, 1.0):
            on_run(share)
        made.append(kind)
        return backend.BackendChoice("openvino", "", 1.0, 0.5, 0.0)

    monkeypatch.setattr(backend, "_compared", compared)
    monkeypatch.setattr(backend, "why_no_openvino", lambda: None)
    monkeypatch.setattr(backend, "openvino_version", lambda: "1")
    monkeypatch.setattr(backend, "knows_bfloat16", lambda: False)
    return made


def test_a_network_is_measured_once_and_its_progress_moves(network, measured):
    shares = []
    watch = Watch(lambda share, step: shares.append((share, step)))
    left = rehearsal.unmeasured([(network, WRFN)], CPU)
    assert left == [(network, WRFN)]
    rehearsal.measure(left, CPU, watch)
    assert shares == [(0.0, "backend"), (0.5, "backend"), (1.0, "backend")] and measured == ["openvino"]
    assert not rehearsal.unmeasured([(network, WRFN)], CPU)


def test_nothing_is_measured_that_will_not_be_used(network, measured):
    assert not rehearsal.unmeasured([(network, WRFN)], Request(device="cpu", backend="pytorch"))


def test_a_cancelled_measurement_is_no_verdict(network, measured):
    watch = Watch()
    watch.cancelled.set()
    with pytest.raises(Cancelled):
        rehearsal.measure([(network, WRFN)], CPU, watch)
    assert not backend.verdicts() and rehearsal.unmeasured([(network, WRFN)], CPU)


def test_any_other_job_cancels_it_and_the_note_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(rehearsed, "cache_folder", lambda: tmp_path)

    def until_cancelled(_, request, watch):
        while True:
            watch.report(0.0, "backend")

    monkeypatch.setattr(Restorer, "rehearse", until_cancelled)
    monkeypatch.setattr(Restorer, "find_faces", lambda *_: [])
    with Engine() as engine:
        rehearsing = engine.rehearse(CPU)
        assert engine.find_faces(None).result(60) == []
        with pytest.raises(Cancelled):
            rehearsing.result(60)
        assert rehearsed.is_due(CPU)
        monkeypatch.setattr(Restorer, "rehearse", lambda *_: None)
        engine.rehearse(CPU).result(60)
    assert not rehearsed.is_due(CPU)
