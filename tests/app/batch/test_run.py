import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app.batch.journal import Journal
from app.batch.run import Batch, Control, Plan
from engine.errors import Cancelled
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
    Batch(replace(plan, template="{name} {method}"), copy).run(plan.photos(), {})
    found = sorted(path.relative_to(plan.output).as_posix() for path in plan.output.rglob("*.png"))
    assert found == ["a wrfn.png", "b wrfn.png", "sub/c wrfn.png"]


def test_the_original_is_never_overwritten(plan):
    into_itself = replace(plan, output=plan.folder, template="{name}", overwrite=True)
    before = (plan.folder / "a.png").read_bytes()
    entries = Batch(into_itself, copy).run(into_itself.photos(), {})
    assert [entry.state for entry in entries] == ["failed"] * 3
    assert "is the original" in entries[0].reason and (plan.folder / "a.png").read_bytes() == before


def test_a_pause_begins_no_further_photo_until_it_ends(plan):
    control, begun, paused = Control(), [], threading.Event()

    def restore(request, photo):
        if len(begun) == 1:
            control.pause()
            paused.set()
        return copy(request, photo)

    batch = Batch(plan, restore, control, begun=begun.append)
    thread = threading.Thread(target=batch.run, args=(plan.photos(), {}))
    thread.start()
    assert paused.wait(10) and control.paused
    assert begun == ["a.png"]
    control.resume()
    thread.join(10)
    assert begun == ["a.png", "b.png", "sub/c.png"]


def test_a_cancelled_batch_goes_on_where_it_was(plan):
    control = Control()

    def restore(request, photo):
        if photo.path.name == "b.png":
            control.cancel()
            raise Cancelled
        return copy(request, photo)

    with pytest.raises(Cancelled):
        Batch(plan, restore, control).run(plan.photos(), {})
    done = []
    entries = Batch(plan, copy, begun=done.append).run(plan.photos(), Journal(plan.output).entries())
    assert done == ["b.png", "sub/c.png"] and [entry.state for entry in entries] == ["done"] * 3
