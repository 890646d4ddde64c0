"""Batches on a Dask cluster: within this process, and (slow) on processes that are killed."""

import json
import os
import signal
import threading
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from app.batch import cluster
from app.batch.cluster import Cluster
from app.batch.control import Control
from app.batch.journal import Journal
from app.batch.plan import Plan
from app.batch.run import Batch
from app.dask_workers import lacking
from engine.errors import Cancelled, UserError
from engine.request import Request
from engine.result import Result

distributed = pytest.importorskip("distributed", reason="needs the extra acutance[cluster]")


class Brightening:
    """An engine that takes no time. hold: clear it to keep photos in progress."""

    def __init__(self):
        self.hold = threading.Event()
        self.hold.set()
        self.seen = []

    def run(self, request, photo):
        self.seen.append(photo.path.name)
        assert self.hold.wait(60)
        return Result(request, photo.pixels * np.float32(0.5), "wrfn", "CPU")


@pytest.fixture
def plan(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for number in range(7):
        Image.new("RGB", (30, 20), (number, 100, 100)).save(folder / "sub" / f"{number}.png")
    (folder / "bad.png").write_bytes(b"bad")
    return Plan(Request(method="wrfn", region="aligned"), folder, tmp_path / "out", recursive=True)


@pytest.fixture(scope="module")
def threads():
    """Return a cluster within this process, two workers of one thread each."""
    with distributed.LocalCluster(n_workers=2, processes=False, threads_per_worker=1, dashboard_address=None) as made:
        yield made


@pytest.fixture
def engine(monkeypatch):
    made = Brightening()
    monkeypatch.setattr(cluster, "_engine", lambda: made)
    return made


def starts(plan):
    lines = [json.loads(line) for line in Journal(plan.output).path.read_text().splitlines() if line]
    return Counter(line["photo"] for line in lines if line["state"] == "begun")


def test_the_report_is_that_of_one_machine(plan, threads, engine):
    entries = Batch(plan, Cluster(threads.scheduler_address, plan)).run(plan.photos())
    assert [entry.photo for entry in entries] == [plan.name(path) for path in plan.photos()]
    assert [entry.state for entry in entries] == ["failed"] + ["done"] * 7
    assert "bad.png" in entries[0].reason
    assert starts(plan) == Counter(map(plan.name, plan.photos()))
    with Image.open(plan.output / "sub" / "4-acutance.png") as picture:
        assert picture.getpixel((0, 0)) == (2, 50, 50)
    assert len(engine.seen) == 7
    Batch(plan, Cluster(threads.scheduler_address, plan)).run(plan.photos(), resume=True)
    assert len(engine.seen) == 7


def test_a_pause_and_a_cancel_reach_the_workers(plan, threads, engine):
    control, ended = Control(), []
    engine.hold.clear()

    def begun(name):
        if len(starts(plan)) == 3:
            control.pause()
            engine.hold.set()

    def note(entry, _):
        ended.append(entry.photo)
        if control.paused and len(ended) == len(starts(plan)):  # no photo is in progress any more
            control.cancel()

    with pytest.raises(Cancelled):
        Batch(plan, Cluster(threads.scheduler_address, plan), control, begun, note).run(plan.photos())
    assert len(engine.seen) == 3 and len(ended) == 4
    entries = Batch(plan, Cluster(threads.scheduler_address, plan)).run(plan.photos(), resume=True)
    assert [entry.state for entry in entries].count("done") == 7


def test_workers_that_do_not_see_the_folders_are_named(plan, threads, monkeypatch):
    monkeypatch.setattr(cluster, "lacking", lambda folders: "it has no folder X")
    with pytest.raises(UserError, match=r"The worker .* cannot help: it has no folder X\."):
        Batch(plan, Cluster(threads.scheduler_address, plan)).run(plan.photos())
    assert not any(plan.output.rglob("*.png"))


def test_a_folder_that_is_missing_is_named(tmp_path):
    assert lacking([str(tmp_path)]) == ""
    assert str(tmp_path / "no") in lacking([str(tmp_path), str(tmp_path / "no")])


@pytest.mark.slow
def test_a_lost_worker_loses_no_photo(plan, install):
    install("wrfn", settings={"blocks": 1, "channels": 8, "skip": False})
    pids = []
    with (
        distributed.LocalCluster(
            n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None
        ) as processes,
        distributed.Client(processes, set_as_default=False) as client,
    ):

        def note(entry, _):
            if not pids and entry.state == "done":
                pids.append(next(iter(client.run(os.getpid).values())))
                os.kill(pids[0], signal.SIGKILL)

        executor = Cluster(processes.scheduler_address, plan)
        entries = Batch(plan, executor, ended=note).run(plan.photos())
        assert pids[0] not in client.run(os.getpid).values()
    assert [entry.state for entry in entries] == ["failed"] + ["done"] * 7
    assert starts(plan) == Counter(map(plan.name, plan.photos()))
    found = sorted(path.name for path in (plan.output / "sub").iterdir())
    assert found == [f"{number}-acutance.png" for number in range(7)]
