"""An unchanged photo is not encoded anew: its file is copied, unless something about it must change."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.photos.errors import PhotoError
from engine.photos.exif import PREFIX
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.request import Request
from engine.restoration.finishing import finished
from engine.result import Result

FORMATS = [".jpg", ".webp", ".avif", ".png", ".tif"]


@pytest.fixture
def original(tmp_path, astronaut, make_exif):
    """Return a function that saves a photo like another program: rotated, with a thumbnail, in poor quality."""

    def save(suffix: str) -> Path:
        path = tmp_path / f"a{suffix}"
        exif = {} if suffix == ".tif" else {"exif": PREFIX + make_exif(orientation=6)}
        lossy = {} if suffix in (".png", ".tif") else {"quality": 60}
        Image.fromarray(astronaut).save(path, **exif, **lossy)
        return path

    return save


def result(pixels):
    return Result(Request(), pixels, "wrfn", "cpu")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_file_of_a_photo_that_was_left_as_it_is_is_copied(tmp_path, original, suffix):
    path = original(suffix)
    photo = read_photo(path)
    saved = write_photo(finished(photo, result(photo.pixels.copy())), tmp_path / f"b{suffix}")
    assert saved.read_bytes() == path.read_bytes()
    with pytest.raises(PhotoError, match="exists already"):
        write_photo(photo, saved)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_photo_of_which_a_sample_changed_is_coded_anew(tmp_path, original, suffix):
    photo = read_photo(original(suffix))
    pixels = photo.pixels.copy()
    pixels[-8:, -8:] = 1 - pixels[-8:, -8:]
    again = read_photo(write_photo(finished(photo, result(pixels)), tmp_path / f"b{suffix}"))
    assert again.size == photo.size
    assert np.any(again.pixels != photo.pixels)
    assert b"method wrfn" in again.metadata.xmp


@pytest.mark.parametrize("asked", [{"quality": 90}, {"gps": False}])
def test_a_photo_with_another_change_is_encoded_anew(tmp_path, original, asked):
    path = original(".jpg")
    photo = read_photo(path)
    saved = write_photo(photo, tmp_path / "b.jpg", **asked)
    assert saved.read_bytes() != path.read_bytes()
    assert read_photo(saved).metadata.exif is not None
    assert (read_photo(saved).coding == photo.coding) == ("quality" not in asked)


def test_an_unchanged_photo_in_another_format_has_no_history(tmp_path, original):
    photo = read_photo(original(".jpg"))
    saved = write_photo(finished(photo, result(photo.pixels.copy())), tmp_path / "b.png")
    np.testing.assert_array_equal(read_photo(saved).pixels, photo.pixels)
    assert read_photo(saved).metadata.xmp is None


def test_a_changed_photo_no_longer_equals_its_file(original):
    photo = read_photo(original(".jpg"))
    assert photo.version is not None
    assert dataclasses.replace(photo, pixels=1 - photo.pixels).version is None


def test_parts_reported_as_lost_are_lost(tmp_path, astronaut):
    first = Image.fromarray(astronaut)
    first.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[first.resize((32, 32))])
    photo = read_photo(tmp_path / "a.jpg")
    assert "only the first is read and kept" in photo.notes[0]
    assert read_photo(write_photo(photo, tmp_path / "b.jpg")).notes == ()


def test_a_file_that_is_gone_or_another_one_is_not_copied(tmp_path, original, astronaut):
    path = original(".jpg")
    photo = read_photo(path)
    times = path.stat()
    Image.fromarray(255 - astronaut).save(path, quality=60)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1_000_000_000))
    saved = read_photo(write_photo(photo, tmp_path / "b.jpg"))
    assert np.abs(saved.pixels - photo.pixels).mean() < 0.02
    path.unlink()
    saved = read_photo(write_photo(photo, tmp_path / "c.jpg"))
    assert np.abs(saved.pixels - photo.pixels).mean() < 0.02
