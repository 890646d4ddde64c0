"""Triage on a Dask cluster within this process."""

import threading

import numpy as np
import pytest
from PIL import Image

from app.triage import cluster
from app.triage.cache import Cache
from app.triage.cluster import ClusterMeasuring, lack, look_on_worker
from app.triage.looking import look
from app.triage.run import Triage
from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.diagnosis.learned import version
from engine.errors import Cancelled, UserError

distributed = pytest.importorskip("distributed", reason="needs the extra acutance[cluster]")

TOLD = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9)
STOP, END = threading.Event(), threading.Event()


def slow(path, faces):
    """Look at a photo until END is set."""
    STOP.set()
    assert END.wait(20)
    return Triaged(path, TOLD)


@pytest.fixture(scope="module")
def address():
    """Return the address of a cluster within this process, two workers of one thread each."""
    with distributed.LocalCluster(n_workers=2, processes=False, threads_per_worker=1, dashboard_address=None) as made:
        yield made.scheduler_address


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "photos").mkdir()
    paths = [tmp_path / "photos" / f"{number}.png" for number in range(5)]
    for number, path in enumerate(paths):
        Image.fromarray(np.full((6, 8, 3), number, np.uint8)).save(path)
    return paths


def through(address, photos, memory, stop=None):
    with ClusterMeasuring(address, [path.parent for path in photos], False) as measure:
        assert measure.room == 4
        triage = Triage(
            lambda path, check: look(path, memory, False, measure, check), measure.room, stop or threading.Event()
        )
        return triage.run(photos)


def test_all_are_told_in_order_and_this_process_remembers(address, photos, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "look_on_worker", lambda path, faces: Triaged(path, TOLD, size=(8, 6)))
    found = through(address, photos, Cache(tmp_path))
    assert [each.path for each in found] == photos and not any(each.known for each in found)
    monkeypatch.setattr(cluster, "look_on_worker", None)
    assert all(each.known and each.diagnosis == TOLD for each in through(address, photos, Cache(tmp_path)))


def test_a_worker_that_fails_costs_one_photo(address, photos, tmp_path, monkeypatch):
    def odd(path, faces):
        if path == photos[2]:
            raise MemoryError("full")
        return Triaged(path, TOLD, size=(8, 6))

    monkeypatch.setattr(cluster, "look_on_worker", odd)
    reasons = [each.reason for each in through(address, photos, Cache(tmp_path))]
    assert [bool(reason) for reason in reasons] == [False, False, True, False, False]
    assert "2.png" in reasons[2] and "MemoryError" in reasons[2]


def test_a_stop_ends_the_waiting(address, photos, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "look_on_worker", slow)
    try:
        with pytest.raises(Cancelled):
            through(address, photos, Cache(tmp_path), STOP)
    finally:
        END.set()


def test_workers_that_cannot_help_are_named(address, photos, monkeypatch):
    monkeypatch.setattr(cluster, "lack", lambda folders, wanted: "it has no folder")
    with pytest.raises(UserError, match="cannot help: it has no folder"), ClusterMeasuring(address, [], False):
        pass


def test_what_a_worker_may_lack(tmp_path):
    assert lack([str(tmp_path)], version()) == ""
    assert "no folder" in lack([str(tmp_path / "no")], version())
    assert "same version" in lack([str(tmp_path)], "another")


def test_a_worker_tells_what_it_cannot_read(photos, tmp_path):
    photos[0].write_bytes(b"bad")
    assert "0.png" in look_on_worker(photos[0], False).reason


def test_nobody_answers(photos):
    with (
        pytest.raises(UserError, match="No Dask scheduler answers at nonsense"),
        ClusterMeasuring("nonsense", [], False),
    ):
        pass
