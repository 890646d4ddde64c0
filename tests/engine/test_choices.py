import json
from dataclasses import fields
from pathlib import Path

import pytest

from engine.areas.area import Area
from engine.choices import NEED_A_RUN, OF_ANY_PHOTO, Choices, names_of
from engine.errors import UserError
from engine.place import Place
from engine.request import Request

BOX = (1.0, 2.0, 30.0, 40.0)


def test_what_belongs_to_one_photo_is_no_part_of_a_preset():
    assert set(names_of(Choices)) - set(OF_ANY_PHOTO) == {"faces", "areas", "mask", "field"}
    chosen = Choices(method="wrfn", faces=(BOX,), mask=Path("mask.png"))
    assert chosen.of_any_photo["method"] == "wrfn" and not {"faces", "mask"} & chosen.of_any_photo.keys()


def test_a_finish_of_the_result_needs_no_other_run():
    assert set(names_of(Choices)) - set(NEED_A_RUN) == {"strength", "high_frequencies_only", "grain", "mask"}


def test_json_both_ways():
    chosen = Choices(method="wrfn", faces=(BOX,), areas=(Area(BOX),), kernel=Path("k.npy"), grain=0.5)
    assert Choices.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


def test_choices_know_no_place():
    with pytest.raises(UserError, match="does not know the setting 'device'"):
        Choices.from_json({"device": "cpu"})


def test_a_request_is_choices_at_a_place():
    chosen, place = Choices(method="wrfn", strength=0.5), Place(device="cpu", tile=512, memory=10**9)
    request = Request.of(chosen, place, Path("a.png"))
    assert (request.choices, request.place, request.photo) == (chosen, place, Path("a.png"))
    assert request.at(Place()).choices == chosen and request.at(Place()).place == Place()
    assert type(request.choices) is Choices and type(request.place) is Place


def test_every_field_is_written_once():
    both = [*names_of(Choices), *names_of(Place), "photo"]
    assert sorted(both) == sorted(each.name for each in fields(Request)) and len(set(both)) == len(both)


def test_a_tile_that_is_too_small_is_refused_anywhere():
    for kind in (Place, Request):
        with pytest.raises(UserError, match="at least 64 px"):
            kind(tile=3)
