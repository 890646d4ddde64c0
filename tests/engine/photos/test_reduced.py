"""Photos read at a reduced size are upright, know their real size, and tell how they were taken."""

import io
from datetime import datetime

import numpy as np
import pytest
from PIL import Image

from engine.photos.colour import srgb_profile
from engine.photos.errors import PhotoError
from engine.photos.reduced import read_reduced
from engine.photos.shot import Shot, shot_of


def jpeg(path, size=(3200, 2000), orientation=None, exif=None):
    image = Image.new("RGB", size, (200, 100, 50))
    image.paste((20, 200, 20), (0, 0, size[0] // 2, size[1] // 2))
    made = exif or Image.Exif()
    if orientation:
        made[0x0112] = orientation
    image.save(path, quality=90, exif=made)
    return path


def reduced(path, **how):
    return read_reduced(path, path.read_bytes(), **how)


def test_a_large_jpeg_is_decoded_at_half_its_size(tmp_path):
    found = reduced(jpeg(tmp_path / "a.jpg"))
    assert found.samples.shape == (1000, 1600) and found.samples.dtype == np.uint8
    assert found.size == (3200, 2000) and found.scale == 2


def test_a_small_one_keeps_its_size(tmp_path):
    assert reduced(jpeg(tmp_path / "a.jpg", (1500, 1000))).scale == 1


def test_it_is_upright(tmp_path):
    found = reduced(jpeg(tmp_path / "a.jpg", orientation=6), colour=True)
    assert found.size == (2000, 3200) and found.samples.shape == (1600, 1000, 3)
    assert found.samples[100, 900, 1] > 150 > found.samples[100, 100, 1]  # the green corner was turned to the right


def test_luma_is_that_of_the_colours(tmp_path):
    path = jpeg(tmp_path / "a.jpg")
    assert abs(reduced(path).luma - reduced(path, colour=True).luma).max() < 0.03


def test_other_formats_are_read_whole_and_shrunk(tmp_path):
    Image.new("RGB", (3200, 1700), (10, 20, 30)).save(tmp_path / "a.png")
    found = reduced(tmp_path / "a.png")
    assert found.samples.shape == (850, 1600) and found.size == (3200, 1700)


def test_a_broken_file_is_told(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 not much")
    with pytest.raises(PhotoError, match=r"a\.jpg"):
        reduced(tmp_path / "a.jpg")


def test_a_jpeg_that_is_cut_short_is_read_as_far_as_it_goes(tmp_path):
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 255, (600, 800, 3), np.uint8)).save(tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) * 2 // 3])
    found = reduced(tmp_path / "a.jpg")
    assert found.size == (800, 600) and any("cut short" in note for note in found.notes)


def test_the_camera_the_time_and_the_lens_are_told(tmp_path):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model 5"
    exif.get_ifd(0x8769).update({0x9003: "2026:11:30 12:00:01", 0x9291: "25", 0xA405: 50, 0xA431: "123"})
    found = reduced(jpeg(tmp_path / "a.jpg", exif=exif)).shot
    assert found == Shot("Maker Model 5 123", datetime(2026, 11, 30, 12, 0, 1, 250000), 50)


@pytest.mark.parametrize("block", [None, b"", b"II*\0", b"II*\0\x08\0\0\0\xff\xff" + bytes(40)])
def test_exif_that_says_nothing_tells_nothing(block):
    assert shot_of(block) == Shot()


def test_a_wrong_time_is_unknown(tmp_path):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "JPEG", exif=exif)
    assert shot_of(exif.tobytes().removeprefix(b"Exif\0\0")).taken is None


def test_the_profile_goes_along(tmp_path):
    profile = srgb_profile()
    for suffix in (".jpg", ".png"):
        path = tmp_path / f"a{suffix}"
        Image.new("RGB", (40, 30), (200, 100, 50)).save(path, icc_profile=profile)
        assert reduced(path, colour=True).icc == profile
    assert reduced(jpeg(tmp_path / "b.jpg")).icc is None
