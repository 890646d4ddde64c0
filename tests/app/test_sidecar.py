import dataclasses
import json

import numpy as np
import pytest

from app import sidecar
from app.marks import FaceMark
from app.sidecar import StoredChoices, beside, find_choices, keep_choices, own
from engine.choices import Choices
from engine.faces.face import Face
from engine.masks.mask import Mask

FACE = Face((1.0, 2.0, 30.0, 40.0), ((1.0, 2.0),) * 5, 0.9, 0.5)


@pytest.fixture
def photo(tmp_path, monkeypatch):
    monkeypatch.setattr(sidecar, "data_folder", lambda: tmp_path / "data")
    path = tmp_path / "card" / "é 🙂.jpg"
    path.parent.mkdir()
    path.write_bytes(b"photo")
    return path


@pytest.fixture
def choices(photo):
    request = Choices(method="wrfn", region="faces", strength=0.25, grain=0.75, smallest_face=60)
    return StoredChoices(request, (FaceMark(FACE.box, FACE, False), FaceMark((5.0, 5.0, 9.0, 9.0))), (160, 120))


@pytest.mark.parametrize("place", ["beside", "own"])
def test_choices_come_back(photo, choices, place):
    path = keep_choices(photo, choices, place)
    assert path == {"beside": beside, "own": own}[place](photo)
    assert find_choices(photo, place) == choices


def test_nothing_is_written_if_it_is_not_wanted(photo, choices, tmp_path):
    assert keep_choices(photo, choices, "no") is None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [photo]
    keep_choices(photo, choices, "beside")
    assert find_choices(photo, "no") is None


def test_a_folder_that_cannot_be_written_falls_back_to_the_users(photo, choices, monkeypatch):
    beside(photo).mkdir()  # simulates a write-protected card; root may write everywhere
    assert keep_choices(photo, choices, "beside") == own(photo)
    beside(photo).rmdir()
    assert find_choices(photo, "beside") == choices


def test_another_photo_under_the_name_of_a_former_one_has_no_choices(photo, choices):
    keep_choices(photo, choices, "own")
    photo.write_bytes(b"another photo")
    assert find_choices(photo, "own") is None


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": 9}', "\x00", "[" * 100_000])
def test_a_broken_sidecar_counts_for_nothing(photo, text):
    beside(photo).write_text(text)
    assert find_choices(photo, "beside") is None


def test_a_setting_of_a_later_version_counts_for_nothing(photo, choices):
    path = keep_choices(photo, choices, "beside")
    plain = json.loads(path.read_text())
    plain["request"]["hologram"] = 1
    path.write_text(json.dumps(plain))
    assert find_choices(photo, "beside") is None


def test_the_folder_of_a_card_that_was_pulled_is_not_made_anew(photo, choices):
    photo.unlink()
    photo.parent.rmdir()
    assert keep_choices(photo, choices, "beside") == own(photo)
    assert not photo.parent.exists() and find_choices(photo, "beside") == choices


def test_a_mask_comes_back_and_a_broken_one_costs_only_itself(photo, choices):
    values = np.random.default_rng(0).integers(0, 256, (120, 160), np.uint8)
    path = keep_choices(photo, dataclasses.replace(choices, mask=Mask.of(values)), "beside")
    found = find_choices(photo, "beside")
    assert (found.mask.values() == values).all() and found.request == choices.request
    plain = json.loads(path.read_text())
    for broken in ("%", "aGVsbG8=", 3, plain["mask"][:40]):
        path.write_text(json.dumps({**plain, "mask": broken}))
        assert find_choices(photo, "beside") == choices
    path.write_text(json.dumps({**plain, "size": [80, 60]}))
    assert find_choices(photo, "beside").mask is None
