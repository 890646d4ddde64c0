"""Black-and-white photos stay black and white, however they are stored."""

import dataclasses

import numpy as np
import pytest

from engine.engine import Engine
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.request import Request


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp"])
def test_grey_stored_as_colour_stays_neutral_bit_for_bit(install, tmp_path, suffix):
    install("wrfn", settings={"blocks": 1, "channels": 8, "skip": False})
    plane = np.random.default_rng(0).random((96, 112, 1), dtype=np.float32)
    stored = Photo(np.repeat(plane, 3, axis=2), path=tmp_path / "a")
    photo = read_photo(write_photo(stored, tmp_path / f"a{suffix}"))
    assert photo.neutral
    assert not photo.grey
    with Engine() as engine:
        result = engine.run(Request(method="wrfn", region="aligned", device="cpu"), photo)
    assert np.any(result.pixels != photo.pixels)
    assert dataclasses.replace(photo, pixels=result.pixels).neutral
    saved = dataclasses.replace(photo, pixels=result.pixels)
    assert read_photo(write_photo(saved, tmp_path / f"b{suffix}")).neutral


def test_one_coloured_pixel_is_colour():
    pixels = np.full((40, 30, 3), 0.5, np.float32)
    assert Photo(pixels).neutral
    pixels[39, 29, 2] += np.float32(1 / 255)
    assert not Photo(pixels).neutral
