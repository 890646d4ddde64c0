import json
import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.batch.control import Control
from app.batch.journal import Journal
from app.batch.plan import Plan
from app.batch.report import as_json
from app.batch.run import Batch
from app.batch.work import LocalExecutor, do
from engine.errors import Cancelled, UserError
from engine.request import Request
from engine.result import Result


def copy(request, photo):
    return Result(request, photo.pixels, "wrfn", "CPU")


@pytest.fixture
def plan(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.png", "b.png", "sub/c.png"):
        Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(folder / name)
    return Plan(Request(method="wrfn"), folder, tmp_path / "out", recursive=True)


def test_subfolders_and_the_template_are_kept(plan):
    Batch(replace(plan, template="{name} {method}"), LocalExecutor(copy)).run(plan.photos())
    found = sorted(path.relative_to(plan.output).as_posix() for path in plan.output.rglob("*.png"))
    assert found == ["a wrfn.png", "b wrfn.png", "sub/c wrfn.png"]


def test_another_device_or_less_memory_makes_nothing_anew(plan):
    def run(request):
        made = []
        restore = lambda request, photo: made.append(photo.path) or copy(request, photo)  # noqa: E731
        Batch(replace(plan, request=request), LocalExecutor(restore)).run(plan.photos(), resume=True)
        return len(made)

    assert run(plan.request) == 3
    places = {"device": "cpu", "memory": 10**9, "tile": 512, "precision": "float32", "backend": "pytorch"}
    assert run(replace(plan.request, **places)) == 0
    assert run(replace(plan.request, strength=0.5)) == 3


def test_the_original_is_never_overwritten(plan):
    into_itself = replace(plan, output=plan.folder, template="{name}", overwrite=True)
    before = (plan.folder / "a.png").read_bytes()
    entries = Batch(into_itself, LocalExecutor(copy)).run(into_itself.photos())
    assert [entry.state for entry in entries] == ["failed"] * 3
    assert "is the original" in entries[0].reason and (plan.folder / "a.png").read_bytes() == before


def test_a_pause_begins_no_further_photo_until_it_ends(plan):
    control, begun, paused = Control(), [], threading.Event()

    def restore(request, photo):
        if len(begun) == 1:
            control.pause()
            paused.set()
        return copy(request, photo)

    batch = Batch(plan, LocalExecutor(restore), control, begun=begun.append)
    thread = threading.Thread(target=batch.run, args=(plan.photos(),))
    thread.start()
    assert paused.wait(60) and control.paused
    assert begun == ["a.png"]
    control.resume()
    thread.join(60)
    assert begun == ["a.png", "b.png", "sub/c.png"]


def test_a_cancelled_batch_continues_where_it_was(plan):
    control = Control()

    def restore(request, photo):
        if photo.path.name == "b.png":
            control.cancel()
            raise Cancelled
        return copy(request, photo)

    with pytest.raises(Cancelled):
        Batch(plan, LocalExecutor(restore), control).run(plan.photos())
    done = []
    entries = Batch(plan, LocalExecutor(copy), begun=done.append).run(plan.photos(), resume=True)
    assert done == ["b.png", "sub/c.png"] and [entry.state for entry in entries] == ["done"] * 3


def test_a_mistake_of_the_program_costs_one_photo(plan, caplog):
    def restore(request, photo):
        if photo.path.name == "b.png":
            raise ZeroDivisionError("by 0")
        return copy(request, photo)

    entries = Batch(plan, LocalExecutor(restore)).run(plan.photos())
    assert [entry.state for entry in entries] == ["done", "failed", "done"]
    assert "b.png: something went wrong (ZeroDivisionError: by 0)" in entries[1].reason
    assert "ZeroDivisionError" in caplog.text


def test_two_batches_do_not_write_into_one_folder(plan):
    refused = []

    def restore(request, photo):
        with pytest.raises(UserError) as error:
            Batch(plan, LocalExecutor(copy)).run(plan.photos())
        refused.append(str(error.value))
        return copy(request, photo)

    Batch(plan, LocalExecutor(restore)).run(plan.photos())
    assert len(refused) == 3 and f"Another batch is writing into {plan.output}" in refused[0]
    assert len(Batch(plan, LocalExecutor(copy)).run(plan.photos(), resume=True)) == 3


def test_a_retry_replaces_only_results_of_its_own(plan):
    def refuse(request, photo):
        raise UserError("no")

    first, second, third = plan.photos()
    Batch(plan, LocalExecutor(copy)).run([first])
    Image.new("RGB", (10, 10)).save(first)
    failed = Batch(plan, LocalExecutor(refuse)).run([first, second], resume=True)
    assert [entry["output"] for entry in as_json(failed)["photos"]] == ["", ""]
    plan.target(second).write_bytes(b"precious")
    again = Batch(plan, LocalExecutor(copy)).run([first, second, third], resume=True)
    assert [entry.state for entry in again] == ["done", "failed", "done"]
    assert plan.target(second).read_bytes() == b"precious"
    with Image.open(plan.target(first)) as picture:
        assert picture.size == (10, 10)


class Several:
    """An executor that takes three photos at a time and ends them in any order."""

    def __init__(self):
        self.room, self.under_way, self.most = 3, [], 0

    def begin(self, work):
        self.under_way.append(work)
        self.most = max(self.most, len(self.under_way))

    def take(self, cancelled):
        work = self.under_way.pop()
        return work, do(work, copy)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.under_way.clear()


def test_many_hands_do_every_photo_once_and_the_report_is_in_order(plan):
    for number in range(8):
        Image.new("RGB", (10, 10)).save(plan.folder / f"n{number}.png")
    executor = Several()
    entries = Batch(plan, executor).run(plan.photos())
    assert [entry.photo for entry in entries] == [plan.name(path) for path in plan.photos()]
    assert executor.most == 3 and {entry.state for entry in entries} == {"done"}
    lines = [json.loads(line) for line in Journal(plan.output).path.read_text().splitlines() if line]
    assert Counter(line["photo"] for line in lines if line["state"] == "begun") == Counter(
        map(plan.name, plan.photos())
    )


def test_results_among_the_photos_are_no_photos(plan):
    among = replace(plan, output=plan.folder)
    Batch(among, LocalExecutor(copy)).run(among.photos())
    assert (plan.folder / "sub" / "c-acutance.png").exists()
    assert [among.name(path) for path in among.photos()] == ["a.png", "b.png", "sub/c.png"]


def test_no_result_replaces_another_photo(plan):
    Image.new("RGB", (10, 10)).save(plan.folder / "a-acutance.png")
    into_itself = replace(plan, output=plan.folder, overwrite=True)
    before = (plan.folder / "a-acutance.png").read_bytes()
    entries = Batch(into_itself, LocalExecutor(copy)).run(into_itself.photos())
    assert {entry.photo: entry.state for entry in entries} == {
        "a.png": "failed",
        "a-acutance.png": "done",
        "b.png": "done",
        "sub/c.png": "done",
    }
    assert (plan.folder / "a-acutance.png").read_bytes() == before


@pytest.mark.parametrize("executor", [lambda: LocalExecutor(copy), Several])
def test_two_photos_of_one_target_do_not_replace_each_other_now_or_later(plan, executor):
    for name in ("x.bmp", "x-bmp.tif"):
        Image.new("RGB", (10, 10)).save(plan.folder / name)
    short = replace(plan, overwrite=True, template="{name}")
    for _ in range(2):
        entries = Batch(short, executor()).run(short.photos(), resume=True)
        states = {entry.photo: entry.state for entry in entries if entry.photo.startswith("x")}
        assert states == {"x-bmp.tif": "done", "x.bmp": "failed"}
    assert "the result of another photo" in next(entry.reason for entry in entries if entry.state == "failed")


def test_a_batch_that_is_repeated_can_still_be_gone_on_with(plan):
    Batch(plan, LocalExecutor(copy)).run(plan.photos())
    again = Batch(plan, LocalExecutor(copy)).run(plan.photos())
    assert {entry.state for entry in again} == {"failed"} and "--resume goes on with it" in again[0].reason
    resumed = Batch(plan, LocalExecutor(copy)).run(plan.photos(), resume=True)
    assert {entry.state for entry in resumed} == {"done"}


def test_a_strangers_file_under_another_name_is_nobodys_result(plan):
    Batch(plan, LocalExecutor(copy)).run(plan.photos())
    (plan.output / "a2.png").write_bytes(b"precious")
    renamed = replace(plan, template="{name}2", request=replace(plan.request, strength=0.5))
    entries = Batch(renamed, LocalExecutor(copy)).run(plan.photos(), resume=True)
    assert [entry.state for entry in entries] == ["failed", "done", "done"]
    assert (plan.output / "a2.png").read_bytes() == b"precious"
