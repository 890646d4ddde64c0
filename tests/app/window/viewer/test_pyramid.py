import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.window.viewer.pyramid import Pyramid, halve, pack


def to8(pixels):
    return np.rint(pixels * 255).astype(np.uint8)


def picture(height, width, seed=0):
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


PLAIN = np.zeros((2000, 3000, 3), np.float32)


def shown(image, x, y):
    return image.pixelColor(x, y).getRgb()[:3]


def test_the_finest_level_is_the_picture():
    pixels = picture(7, 11)
    image, factor = Pyramid.build(pixels, to8).level_for(1)
    assert factor == 1
    assert all(shown(image, x, y) == tuple(to8(pixels)[y, x]) for x in range(11) for y in range(7))


@given(st.integers(1, 40), st.integers(1, 40))
def test_halving_averages_within_a_grey_level(height, width):
    rgb = to8(picture(height, width, seed=height * 41 + width))
    even = np.pad(rgb, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge").astype(float)
    wanted = even.reshape(even.shape[0] // 2, 2, -1, 2, 3).mean((1, 3))
    halved = halve(pack(rgb))
    bytes_ = np.stack([halved >> shift & 255 for shift in (16, 8, 0)], -1).astype(float)
    assert np.abs(bytes_ - wanted).max() <= 1
    assert (halved >> 24 == 255).all()


def test_level_after_level_gets_neither_lighter_nor_darker():
    pixels = picture(1024, 1024)
    coarse, _ = Pyramid.build(pixels, to8).level_for(1 / 64)
    greens = [coarse.pixelColor(x, y).green() for x in range(coarse.width()) for y in range(coarse.height())]
    assert np.mean(greens) == pytest.approx(pixels[..., 1].mean() * 255, abs=0.6)


@pytest.mark.parametrize(("scale", "factor"), [(4, 1), (1, 1), (0.51, 1), (0.5, 2), (0.26, 2), (0.1, 8)])
def test_the_level_has_a_pixel_for_each_of_the_screens(scale, factor):
    assert Pyramid.build(picture(2100, 40), to8).level_for(scale)[1] == factor


@settings(max_examples=25)
@given(st.integers(0, 500), st.integers(0, 300), st.integers(1, 90), st.integers(1, 90))
def test_a_replaced_tile_equals_a_pyramid_built_anew(left, top, width, height):
    pixels = picture(391, 600)
    tile = picture(min(height, 391 - top), min(width, 600 - left), seed=1)
    pyramid = Pyramid.build(pixels, to8).copy()
    pyramid.replace(left, top, tile, to8)
    pixels[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    anew = Pyramid.build(pixels, to8)
    for scale in (1, 0.5, 0.25):
        assert pyramid.level_for(scale)[0] == anew.level_for(scale)[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2900), st.integers(0, 1900), st.integers(1, 90), st.integers(1, 90))
def test_a_tile_can_be_put_into_a_preview(left, top, width, height):
    pixels = PLAIN.copy()
    pyramid = Pyramid.preview(pixels, to8)
    tile = picture(min(height, 2000 - top), min(width, 3000 - left), seed=1)
    pyramid.replace(left, top, tile, to8)
    pixels[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    assert pyramid.level_for(1)[0] == Pyramid.preview(pixels, to8).level_for(1)[0]


def test_a_copy_has_its_own_memory():
    pyramid = Pyramid.build(picture(8, 8), to8)
    before = pyramid.colour_at(0, 0)
    pyramid.copy().replace(0, 0, np.zeros((8, 8, 3), np.float32), to8)
    assert pyramid.colour_at(0, 0) == before


def test_an_empty_picture_lets_see_what_lies_below_until_a_tile_comes():
    empty = Pyramid.build(picture(8, 8), to8).blank()
    empty.replace(0, 0, np.zeros((8, 4, 3), np.float32), to8)
    image, _ = empty.level_for(1)
    assert (image.pixelColor(1, 1).alpha(), image.pixelColor(6, 1).alpha()) == (255, 0)


def test_the_preview_speaks_of_the_whole_photo():
    preview = Pyramid.preview(picture(2000, 3000), to8)
    image, factor = preview.level_for(1)
    assert preview.size == (3000, 2000)
    assert image.width() * factor >= 3000 and image.width() * image.height() <= 2_000_000


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, -1), (5, 0), (0, 4)])
def test_there_is_no_colour_outside(x, y):
    assert Pyramid.build(picture(4, 5), to8).colour_at(x, y) is None
