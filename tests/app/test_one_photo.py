from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.one_photo import restored, saved
from engine.errors import UserError
from engine.request import Request
from engine.result import Result


def brighter(request, photo):
    return Result(request, np.minimum(photo.pixels + np.float32(0.1), 1), "wrfn", "cpu", notes=("A note.",))


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "a.tif"
    Image.fromarray(np.full((20, 30, 3), 100, np.uint8)).save(path)
    return path


def test_a_photo_is_restored_and_saved_with_its_notes(photo, tmp_path):
    done = restored(photo, Request(), brighter)
    assert done.result.request.photo == photo and done.made is not done.photo
    result = saved(done, tmp_path / "b.png", overwrite=False, quality=None, gps=True)
    assert result.notes[0] == "A note."
    assert np.asarray(Image.open(tmp_path / "b.png")).min() > 120


def test_what_did_not_change_is_the_photo_itself(photo):
    done = restored(photo, Request(), lambda request, photo: Result(request, photo.pixels.copy(), "wrfn", "cpu"))
    assert done.made is done.photo


def test_a_mask_that_does_not_fit_is_refused_before_anything_is_restored(photo, tmp_path):
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "mask.png")
    asked = []
    with pytest.raises(UserError):
        restored(photo, Request(mask=tmp_path / "mask.png"), lambda *each: asked.append(each))
    assert not asked
