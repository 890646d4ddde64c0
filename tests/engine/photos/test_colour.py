"""Colours on the screen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.errors import UserError
from engine.photos.colour import check_screen_profile, cmyk_to_srgb, lab_to_srgb, to_screen8, to_srgb8
from engine.photos.photo import Metadata
from engine.photos.profiles import D65, PRIMARIES, profile
from engine.photos.reading import read_photo
from engine.photos.samples import to_integers
from engine.photos.writing import write_photo


def matrix_profile(gamma, swap=False):
    """Return a minimal ICC v2 display profile with sRGB's primaries and a plain gamma.

    swap: exchange red and green.
    """
    import struct

    def fixed(*numbers):
        return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)

    columns = {
        b"rXYZ": (0.4361, 0.2225, 0.0139),
        b"gXYZ": (0.3851, 0.7169, 0.0971),
        b"bXYZ": (0.1431, 0.0606, 0.7139),
    }
    if swap:
        columns[b"rXYZ"], columns[b"gXYZ"] = columns[b"gXYZ"], columns[b"rXYZ"]
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {name: b"XYZ " + bytes(4) + fixed(*xyz) for name, xyz in columns.items()}
    tags |= {b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ ") + bytes(12)
    header += b"acsp" + bytes(28) + fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + table + body


def with_profile(photo, icc):
    return dataclasses.replace(photo, metadata=Metadata(icc=icc))


@pytest.mark.parametrize("icc", [None, "srgb", b"", b"broken" * 100, bytes(200)])
def test_without_a_usable_profile_values_stay(make_photo, srgb_profile, icc):
    photo = with_profile(make_photo(), srgb_profile if icc == "srgb" else icc)
    np.testing.assert_array_equal(to_srgb8(photo), np.rint(photo.pixels * 255))


def test_a_profile_is_applied_and_strips_do_not_show(make_photo, monkeypatch):
    photo = with_profile(make_photo(64, 200), matrix_profile(2.2, swap=True))
    whole = to_srgb8(photo)
    np.testing.assert_allclose(whole[..., 0], np.rint(photo.pixels[..., 1] * 255), atol=9)
    monkeypatch.setattr("engine.photos.samples._STRIP", 64 * 3 * 7)
    np.testing.assert_array_equal(to_srgb8(photo), whole)


def test_a_linear_profile_brightens(make_photo):
    photo = with_profile(make_photo(), matrix_profile(1.0))
    photo.pixels[:] = 0.2140
    np.testing.assert_allclose(to_srgb8(photo), 128, atol=2)


def test_other_pixels_in_the_same_profile(make_photo):
    photo = with_profile(make_photo(), matrix_profile(1.0))
    assert to_srgb8(photo, np.ones((2, 3, 3), np.float32)).tolist() == np.full((2, 3, 3), 255).tolist()


def test_a_profile_of_another_colour_model_is_ignored(make_photo, caplog):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    photo = with_profile(make_photo(), lab)
    np.testing.assert_array_equal(to_srgb8(photo), np.rint(photo.pixels * 255))
    assert "cannot be used" in caplog.text


def test_lab_of_known_colours():
    lab = np.array([[[100, 0, 0], [0, 0, 0], [54.29, 80.81, 69.89], [29.57, 68.30, -112.03]]], np.float32)
    expected = [[[1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 0, 1]]]
    np.testing.assert_allclose(lab_to_srgb(lab), expected, atol=0.01)


def test_cmyk_with_a_broken_profile_falls_back(caplog):
    image = Image.new("CMYK", (2, 2), (255, 0, 0, 0))
    assert cmyk_to_srgb(image, b"broken" * 50).getpixel((0, 0)) == (0, 255, 255)
    assert "CMYK" in caplog.text


def test_a_screen_shows_a_photo_in_its_own_profile_as_it_is(make_photo):
    icc = matrix_profile(1.0, swap=True)
    photo = with_profile(make_photo(), icc)
    shown = to_screen8(photo, screen=icc)
    assert np.abs(shown.astype(int) - np.rint(photo.pixels * 255)).max() <= 1


def test_a_photo_without_a_profile_is_brought_from_srgb_to_the_screen(make_photo):
    photo = make_photo()
    screen = matrix_profile(2.2, swap=True)
    swapped = to_screen8(photo, screen=screen)
    back = to_srgb8(with_profile(photo, screen), swapped.astype(np.float32) / 255)
    assert np.abs(back.astype(int) - to_srgb8(photo)).max() <= 6  # two roundings, wide apart in the shadows
    assert np.abs(swapped.astype(int) - to_srgb8(photo)).max() > 20


@pytest.mark.parametrize("icc", [b"", b"words", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()])
def test_an_unsuitable_screen_profile_is_refused(icc):
    with pytest.raises(UserError, match="no ICC profile of a screen"):
        check_screen_profile(icc)
    check_screen_profile(matrix_profile(2.2))


WIDE = {
    "Adobe RGB": (((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, (2.19921875,)),
    "Display P3": (PRIMARIES[12], D65, ()),
    "ProPhoto": (((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), (0.3457, 0.3585), (1.8,)),
}


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize(("suffix", "bits"), [(".png", 16), (".tif", 8), (".tif", 32), (".jpg", 8), (".avif", 8)])
def test_wide_spaces_keep_their_profile_and_their_look(tmp_path, make_photo, name, suffix, bits):
    primaries, white, curve = WIDE[name]
    icc = profile(name, primaries, white, *((curve,) if curve else ()))
    photo = dataclasses.replace(make_photo(64, 48, bits), metadata=Metadata(icc=icc))
    photo.pixels[8:40, 8:40] = (0.2, 0.8, 0.3)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}", quality=100))
    assert again.metadata.icc == icc
    shown, plain = to_srgb8(again), to_integers(again.pixels, 8)
    assert np.abs(shown[24, 24].astype(int) - plain[24, 24]).max() > 8  # the space is wider than sRGB
    assert np.abs(shown[24, 24].astype(int) - to_srgb8(photo)[24, 24]).max() <= 3
    if suffix != ".jpg":
        np.testing.assert_allclose(again.pixels, photo.pixels, atol=0.51 / (255 if bits == 8 else 65535))
