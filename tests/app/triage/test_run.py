"""Many photos: all are told, a stop ends it, and nothing is lost."""

import threading
from pathlib import Path

import pytest

from app.triage.run import Triage, processors
from app.triage.triaged import Triaged
from engine.errors import Cancelled, UserError

PATHS = [Path(f"{number}.jpg") for number in range(40)]


def test_every_photo_is_told_once_and_returned_in_order():
    told = []
    found = Triage(lambda path, check: Triaged(path), workers=3, ended=told.append).run([*PATHS, PATHS[0]])
    assert [each.path for each in found] == [*PATHS, PATHS[0]]
    assert sorted(each.path for each in told) == sorted(PATHS)


def test_a_stop_ends_it_and_no_more_photos_are_begun():
    stop, begun = threading.Event(), []

    def look(path, check):
        begun.append(path)
        if len(begun) == 5:
            stop.set()
        check()
        return Triaged(path)

    with pytest.raises(Cancelled):
        Triage(look, workers=2, cancelled=stop).run(PATHS)
    assert len(begun) < 12


def test_what_looking_raises_ends_it():
    def look(path, check):
        raise UserError("The weights are missing.")

    with pytest.raises(UserError, match="missing"):
        Triage(look, workers=2).run(PATHS)


def test_no_thread_is_left():
    before = threading.active_count()
    Triage(lambda path, check: Triaged(path), workers=4).run(PATHS)
    assert threading.active_count() == before


def test_this_process_may_use_a_processor():
    assert processors() >= 1
