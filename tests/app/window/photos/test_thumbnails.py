import numpy as np
import pytest
from imagecodecs import jpegxl_encode
from PIL import Image, ImageCms

from app.window.photos.thumbnails import SIDE, thumbnail
from engine.photos.formats import READABLE

RED = np.full((300, 400, 3), (200, 40, 40), np.uint8)


def colour(picture):
    return picture.pixelColor(picture.width() // 2, picture.height() // 2).getRgb()[:3]


def test_a_format_that_pillow_does_not_know_has_its_picture(tmp_path):
    assert ".jxl" in READABLE
    (tmp_path / "a.jxl").write_bytes(jpegxl_encode(RED, lossless=True))
    made = thumbnail(tmp_path / "a.jxl")
    assert (made.width(), made.height()) == (SIDE, SIDE * 3 // 4) and colour(made) == (200, 40, 40)


@pytest.mark.parametrize("profile", [False, True])
def test_a_jpeg_is_shown_in_the_colours_of_its_profile(tmp_path, profile):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_green = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    Image.fromarray(RED).save(tmp_path / "a.jpg", icc_profile=red_is_green if profile else None, quality=100)
    red, green, _ = colour(thumbnail(tmp_path / "a.jpg"))
    assert (green > red) == profile
