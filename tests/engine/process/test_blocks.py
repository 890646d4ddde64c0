import os
import sys
from multiprocessing import Pipe
from pathlib import Path

import numpy as np
import pytest

from engine.process.blocks import Blocks
from engine.process.crossing import pack, unpack


@pytest.fixture
def two_sides():
    """Return the blocks of two sides, and a function that shows a picture of the first to the second."""
    gone = []
    ours, theirs = Blocks(gone.append), Blocks()
    here, there = Pipe()

    def show(picture):
        number, _ = ours.reference(picture)
        ours.send(number, here, os.getpid())
        return theirs.receive(number, ours.size(number), there)

    yield ours, theirs, show, gone
    here.close()
    there.close()


def test_both_sides_see_the_same_numbers(two_sides):
    ours, theirs, show, _ = two_sides
    picture = ours.make((4, 5, 3))
    assert picture.dtype == np.float32 and (picture == 0).all()
    kept = show(picture)
    picture[2, 3] = 0.5
    there = theirs.picture(ours.reference(picture))
    assert (there == picture).all() and there.shape == (4, 5, 3)
    there[0, 0] = 1
    assert (picture[0, 0] == 1).all()
    assert theirs.reference(there) == ours.reference(picture)
    assert len(kept) >= 60


def test_a_block_goes_with_the_last_array_of_it(two_sides):
    ours, _, show, gone = two_sides
    picture = ours.make((4, 5, 3))
    number, _ = ours.reference(picture)
    show(picture)
    part = picture[1:, ::2]
    del picture
    assert gone == []
    part[0, 0] = 1
    del part
    assert gone == [number]
    assert ours.size(number) == 4 * 5 * 3 * 4
    ours.drop(number)
    with pytest.raises(KeyError):
        ours.size(number)


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_stays_open(two_sides):
    ours, _, show, gone = two_sides
    before = open_files()
    picture = ours.make((4, 5, 3))
    there = show(picture)
    del picture, there
    ours.drop(*gone)
    assert open_files() == before
    assert "memfd:acutance" not in Path("/proc/self/maps").read_text()  # the checkout may have the same name


def test_an_incomplete_block_counts_as_none(two_sides):
    ours, *_ = two_sides
    picture = ours.make((4, 5, 3))
    assert ours.reference(np.zeros((4, 5, 3), np.float32)) is None
    assert ours.reference(picture[1:]) is None
    assert ours.reference(picture[:, ::2]) is None


def test_without_memfd_a_file_without_a_name_does(two_sides, monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    test_both_sides_see_the_same_numbers(two_sides)


def test_a_picture_crosses_by_number_wherever_it_is(two_sides):
    ours, theirs, show, _ = two_sides
    picture, small = ours.make((400, 500, 3)), np.arange(3.0)
    kept = show(picture)
    data, crossed = pack(("job", {"deep": [picture], "small": small}), ours)
    assert len(data) < 500
    assert crossed == {ours.reference(picture)[0]}
    picture[7, 7] = 0.25
    what, there = unpack(data, theirs)
    assert what == "job"
    assert (there["deep"][0] == picture).all() and (there["small"] == small).all()
    del kept
