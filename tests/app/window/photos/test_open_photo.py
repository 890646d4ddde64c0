"""Open photos without a window: who hears of a change, and what is left of a photo whose pixels are dropped."""

import numpy as np
import pytest

from app.window.photos.document import Document
from app.window.photos.open_photo import Defaults, OpenPhoto
from app.window.photos.photo_state import Aspect, State
from app.window.photos.roll import Badge, Roll
from engine.choices import Choices
from engine.photos.photo import Photo
from engine.place import Place
from engine.request import Request
from engine.result import Result


@pytest.fixture
def roll(qapp, tmp_path):
    made = Roll(Document())
    made.add([tmp_path / "a.png", tmp_path / "b.png"])
    return made


def restored(photo, saved=False):
    """Give a photo pixels and a result."""
    pixels = np.zeros((4, 6, 3), np.float32)
    photo.begin_opening()
    photo.show_photo(Photo(pixels), None)
    photo.begin_work()
    photo.finish_work(Result(Request.of(photo.choices_to_run(), Place()), pixels, "wrfn", "cpu"))
    photo.mark_saved(saved)
    return photo


def test_a_change_is_told_to_whoever_watches():
    told = []
    photo = OpenPhoto(None, Defaults(), lambda *what: told.append(what))
    photo.change_request(strength=0.5)
    photo.change_request(strength=0.5)
    assert told == [(photo, Aspect.REQUEST)]


def test_the_document_passes_on_only_what_it_shows(qtbot, roll):
    shown, hidden = map(roll.wanted, roll.paths)
    document = roll.parent()
    document.show(shown)
    with qtbot.assertNotEmitted(document.request_changed):
        hidden.change_request(strength=0.5)
    with qtbot.waitSignal(document.request_changed):
        shown.change_request(strength=0.4)
    assert document.shown.request.strength == 0.4 and roll.hidden == [hidden]


def test_a_photo_that_is_shown_or_not_has_the_same_badge(roll):
    photo = restored(roll.wanted(roll.paths[0]))
    assert roll.badge(roll.paths[0]) is Badge.RESTORED
    roll.parent().show(photo)
    assert roll.badge(roll.paths[0]) is Badge.RESTORED and roll.badge(roll.paths[1]) is Badge.NONE


def test_a_photo_without_pixels_keeps_its_choices_and_that_it_was_saved(roll):
    photo = restored(roll.wanted(roll.paths[0]), saved=True)
    photo.change_request(region="faces")
    photo.drop_pixels()
    photo.begin_opening()
    assert photo.request.region == "faces" and photo.result is None and photo.bytes == 0
    assert roll.badge(roll.paths[0]) is Badge.SAVED


def test_a_photo_begins_with_the_pinned_choices(tmp_path):
    photo = OpenPhoto(tmp_path / "a.png", Defaults(Choices(strength=0.3)), lambda *_: None)
    photo.begin_opening()
    assert photo.request.strength == 0.3


def test_a_photo_that_is_left_before_it_is_read_awaits_nothing(roll):
    photo = roll.wanted(roll.paths[0])
    photo.begin_opening()
    roll.parent().show(photo)
    roll.parent().show(None)
    assert photo.state is State.EMPTY


def test_a_closed_photo_is_forgotten(roll):
    path = roll.paths[0]
    photo = restored(roll.wanted(path))
    roll.remove(path)
    assert roll.photo(path) is None and photo.photo is None and photo.result is None
