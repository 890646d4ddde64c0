"""What the loupe cuts out of a photo: pixel for pixel, upright, in the colours of the photo's profile."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.window.triage.close_look import SIDE, cut_outs, whole
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind, Part, Spot

WHOLE = Spot(Part(0, 0, 1, 1), 0.5)


def told(sharpest=WHOLE, softest=WHOLE, faces=None):
    return Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9, faces=faces, sharpest=sharpest, softest=softest)


def colour(cut_out, x, y):
    return cut_out.picture.pixelColor(x, y).getRgb()[:3]


@pytest.mark.parametrize("swapped", [False, True])
def test_the_profile_counts(tmp_path, swapped):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_green = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    pixels = np.full((30, 40, 3), (200, 40, 40), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.jpg", icc_profile=red_is_green if swapped else srgb, quality=100)
    (only,) = cut_outs(whole(tmp_path / "a.jpg"), told())
    red, green, _ = colour(only, 20, 15)
    assert (green > red) == swapped and (only.picture.width(), only.picture.height()) == (40, 30)


def test_a_turned_jpeg_is_upright(tmp_path):
    pixels = np.zeros((24, 48, 3), np.uint8)
    pixels[:, :24] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=100)
    (only,) = cut_outs(whole(tmp_path / "a.jpg"), told())
    assert (only.picture.width(), only.picture.height()) == (24, 48)
    assert colour(only, 12, 4) == (255, 255, 255) and colour(only, 12, 44) == (0, 0, 0)


def test_a_cut_out_stays_inside_the_photo_with_its_centre_where_the_face_is(tmp_path):
    ramp = np.repeat(np.linspace(0, 255, 2000).round().astype(np.uint8)[None, :, None], 20, 0).repeat(3, 2)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    left, right = Spot(Part(0, 0, 0.1, 1), 0.9), Spot(Part(0.9, 0, 1, 1), 0.1)
    sharpest, softest = cut_outs(whole(tmp_path / "a.png"), told(right, left, faces=2))
    assert (sharpest.title, softest.title) == ("sharpest face", "softest face")
    assert (softest.picture.width(), softest.picture.height()) == (SIDE, 20)
    for one, at in ((sharpest, 0.95), (softest, 0.05)):
        assert abs(colour(one, round(one.centre[0]), round(one.centre[1]))[0] / 255 - at) < 0.01
