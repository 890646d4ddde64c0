"""Cut-outs: hidden colours neither bleed into visible ones, nor are shown, nor are lost."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.engine import Engine
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from engine.photos import exif
from engine.photos.cutouts import filled, on_white, with_hidden_colours
from engine.photos.photo import Metadata, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.request import Request
from engine.restoration.finishing import finished
from engine.result import Result

ROWS, COLUMNS = np.mgrid[:64, :80]
SEEN = (COLUMNS - 40) ** 2 + (ROWS - 32) ** 2 < 500
COLOURS = np.stack([COLUMNS / 80, ROWS / 64, 1 - COLUMNS / 80], -1).astype(np.float32)
HIDDEN = {"lime": (0, 1, 0), "black": (0, 0, 0), "white": (1, 1, 1)}


def cut_out(colour, soft=False, **options):
    alpha = np.clip((500 - (COLUMNS - 40) ** 2 - (ROWS - 32) ** 2) / 200, 0, 1) if soft else SEEN
    pixels = np.where((alpha > 0)[..., np.newaxis], COLOURS, np.float32(colour)).astype(np.float32)
    return Photo(pixels, alpha=alpha.astype(np.float32), **options)


def test_a_photo_without_hidden_pixels_is_itself():
    whole = Photo(COLOURS.copy())
    assert filled(whole) is whole
    seen = Photo(COLOURS.copy(), alpha=np.full((64, 80), 0.5, np.float32))
    assert filled(seen) is seen
    nothing = Photo(COLOURS.copy(), alpha=np.zeros((64, 80), np.float32))
    assert filled(nothing) is nothing


def test_hidden_pixels_get_the_nearest_visible_colour():
    photo = cut_out(HIDDEN["lime"])
    full = filled(photo)
    assert filled(photo) is full and filled(full) is full  # faces that were found belong to it
    np.testing.assert_array_equal(full.pixels[SEEN], photo.pixels[SEEN])
    for row, column in ((0, 40), (32, 0), (63, 79)):
        distance = np.where(SEEN, np.hypot(ROWS - row, COLUMNS - column), np.inf)
        near = distance <= distance.min() + 1
        assert np.abs(COLOURS[near] - full.pixels[row, column]).max(axis=1).min() == 0


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("fine", [False, True])
def test_hidden_colours_change_nothing_that_is_seen(tmp_path, soft, fine):
    values = np.zeros((9, 9), np.float32)
    values[4] = 1 / 9
    save_kernel(Kernel(values), tmp_path / "kernel.npy")
    request = Request(kernel=tmp_path / "kernel.npy", region="whole", device="cpu", high_frequencies_only=fine)
    made = {}
    with Engine() as engine:
        for name, colour in HIDDEN.items():
            photo = cut_out(colour, soft)
            made[name] = photo, finished(photo, engine.run(request, photo), request)
    first = made["lime"][1]
    for photo, result in made.values():
        seen = photo.alpha > 0
        np.testing.assert_array_equal(result.pixels[seen], first.pixels[seen])
        np.testing.assert_array_equal(result.pixels[~seen], photo.pixels[~seen])
        np.testing.assert_array_equal(result.alpha, photo.alpha)


def test_a_kept_photo_is_copied_with_what_it_hides(tmp_path):
    path = write_photo(cut_out(HIDDEN["lime"]), tmp_path / "a.png")
    photo = read_photo(path)
    kept = finished(photo, Result(Request(), filled(photo).pixels, "l0-deconv", "CPU"))
    assert kept is photo and write_photo(kept, tmp_path / "b.png").read_bytes() == path.read_bytes()


def test_a_grey_cut_out_on_a_colour_is_grey():
    photo = cut_out(HIDDEN["lime"])
    photo.pixels[SEEN] = photo.pixels[SEEN].mean(axis=1, keepdims=True)
    assert not photo.neutral and filled(photo).neutral


def test_white_is_shown_where_nothing_is():
    photo = cut_out(HIDDEN["lime"])
    shown = on_white(photo, photo.pixels)
    np.testing.assert_array_equal(shown[SEEN], COLOURS[SEEN])
    assert (shown[~SEEN] == 1).all()
    np.testing.assert_array_equal(on_white(photo, photo.pixels[10:30, 20:50], 20, 10), shown[10:30, 20:50])
    assert on_white(filled(photo), photo.pixels) is photo.pixels


def test_with_hidden_colours_leaves_other_photos_alone():
    photo = Photo(COLOURS)
    assert with_hidden_colours(photo, COLOURS) is COLOURS


def test_the_window_shows_and_copies_no_hidden_colour(tmp_path):
    from app.window.opening.ways_in import _image
    from app.window.photos.thumbnails import thumbnail

    path = write_photo(cut_out(HIDDEN["lime"]), tmp_path / "a.png")
    small = thumbnail(path)
    assert small.pixelColor(1, 1).getRgb() == (255, 255, 255, 255)
    copied = _image(read_photo(path), None, Request(), (), None)
    assert copied.hasAlphaChannel() and copied.pixelColor(1, 1).getRgb()[3] == 0
    assert copied.pixelColor(40, 32).getRgb() == (*np.rint(COLOURS[32, 40] * 255).astype(int).tolist(), 255)
    assert copied.pixelColor(1, 1).getRgb()[:3] != (0, 255, 0)


def test_the_thumbnail_in_exif_hides_them_too(tmp_path, make_exif):
    old = io.BytesIO()
    Image.new("RGB", (16, 16)).save(old, "JPEG")
    block = make_exif()
    first = exif.first_directory(block)
    second = exif.linked(block, first.next_position)
    at, size = (second.find(tag).position for tag in (exif.THUMBNAIL_OFFSET, exif.THUMBNAIL_LENGTH))
    block = bytearray(block + b"\0" * (len(block) % 2))
    block[at : at + 4] = len(block).to_bytes(4, "little")
    block[size : size + 4] = len(old.getvalue()).to_bytes(4, "little")
    photo = cut_out(HIDDEN["lime"], metadata=Metadata(exif=bytes(block) + old.getvalue()))
    out = read_photo(write_photo(photo, tmp_path / "a.png")).metadata.exif
    start = out.rindex(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(out[start:])) as drawn:
        assert min(drawn.convert("RGB").getpixel((1, 1))) > 240
