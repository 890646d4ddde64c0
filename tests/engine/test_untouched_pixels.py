"""Unchanged pixels stay identical bit for bit, from file to file."""

from dataclasses import replace

import numpy as np
import pytest
import skimage.data

from engine.engine import Engine
from engine.masks.brush import Brush, Stroke
from engine.masks.files import save_mask
from engine.masks.mask import Mask
from engine.photos.photo import Coding, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.request import Request
from engine.restoration.face_regions import enlarged
from engine.restoration.finishing import finished
from engine.result import Result

BOX = (190.0, 60.0, 270.0, 170.0)


@pytest.fixture(scope="module")
def pixels():
    return skimage.data.astronaut()[:300, 50:400].astype(np.float32) / 255


@pytest.mark.parametrize(("suffix", "bits"), [(".png", 8), (".png", 16), (".tif", 16), (".tif", 32), (".webp", 8)])
def test_around_a_restored_face_every_bit_stays(install, tmp_path, pixels, suffix, bits):
    install("wrfn", settings={"blocks": 1, "channels": 8, "skip": False})
    stored = Photo(pixels, bit_depth=bits, coding=Coding(lossless=True))
    photo = read_photo(write_photo(stored, tmp_path / f"a{suffix}"))
    request = Request(method="wrfn", region="faces", faces=(BOX,), device="cpu")
    with Engine() as engine:
        result = engine.run(request, photo)
    again = read_photo(write_photo(finished(photo, result), tmp_path / f"b{suffix}"))
    left, top, right, bottom = (round(side) for side in enlarged(BOX))
    outside = np.ones(photo.pixels.shape[:2], bool)
    outside[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = False
    assert outside.sum() > 20_000
    np.testing.assert_array_equal(again.pixels[outside], photo.pixels[outside])
    assert np.any(again.pixels[~outside] != photo.pixels[~outside])
    none = read_photo(write_photo(finished(photo, result, replace(request, strength=0)), tmp_path / f"c{suffix}"))
    np.testing.assert_array_equal(none.pixels, photo.pixels)


@pytest.mark.parametrize(("suffix", "bits"), [(".png", 8), (".png", 16), (".tif", 16), (".tif", 32), (".webp", 8)])
def test_outside_a_mask_every_level_stays(tmp_path, pixels, suffix, bits):
    stored = Photo(pixels, bit_depth=bits, coding=Coding(lossless=True))
    photo = read_photo(write_photo(stored, tmp_path / f"a{suffix}"))
    height, width = pixels.shape[:2]
    mask = Mask.filled((width, height), 0)
    stroke = Stroke(mask, mask.values(), Brush(size=60, hardness=0.2))
    for point in ((100, 100), (180, 140), (240, 90)):
        stroke.to(*point)
    save_mask(stroke.finished(), tmp_path / "mask.png")
    result = Result(Request(mask=tmp_path / "mask.png"), np.sqrt(photo.pixels), "wrfn", "cpu")
    again = read_photo(write_photo(finished(photo, result), tmp_path / f"b{suffix}"))
    outside = stroke.finished().values() == 0
    assert 0.5 < outside.mean() < 0.95
    np.testing.assert_array_equal(again.pixels[outside], photo.pixels[outside])
    full = stroke.finished().values() == 255
    assert np.any(again.pixels[full] != photo.pixels[full])
