"""Photos restored by areas: a subject that moved, a camera that turned."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from engine.areas.area import Area
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.blurring import add_noise, blur
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.trust import no_blur
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.finishing import finished

BACKGROUND = (data.coffee()[:300, :400] / 255).astype(np.float32)
SUBJECT = (data.astronaut()[20:220, 130:310] / 255).astype(np.float32)
AT = np.s_[50:250, 110:290]
BOX = (125.0, 65.0, 275.0, 235.0)
LINE = Kernel(linear_kernel(15, 0))
CPU = Request(device="cpu")


def psnr(one, other):
    return float(-10 * np.log10(np.mean((one - other) ** 2)))


@pytest.fixture(scope="module")
def moved():
    """Return the sharp scene, the photo in which its subject moved 15 px, and where the subject is, H x W bool."""
    sharp, share = BACKGROUND.copy(), np.zeros((*BACKGROUND.shape[:2], 1), np.float32)
    y, x = np.mgrid[-1:1:200j, -1:1:180j]
    inside = (np.hypot(x, y) < 0.9)[..., None].astype(np.float32)
    share[AT] = inside
    sharp[AT] += inside * (SUBJECT - sharp[AT])
    only = np.zeros_like(sharp)
    only[AT] = SUBJECT * inside
    pixels = blur(only, LINE) + (1 - blur(share, LINE)) * BACKGROUND
    photo = add_noise(pixels, 0.005, np.random.default_rng(1)).clip(0, 1)
    return sharp, Photo(photo), share[..., 0] > 0


def restored_under_a_mask(photo, area, inside):
    """Return the photo restored by an area, under a mask painted over the subject with a soft edge inside it."""
    values = np.rint(255 * cv2.blur(cv2.erode(inside.astype(np.float32), np.ones((5, 5))), (5, 5)))
    with Engine() as engine:
        result = engine.run(replace(CPU, areas=(area,)), photo)
    return finished(photo, result, mask=Mask.of(values.astype(np.uint8))).pixels, values > 0


def assert_the_subject_is_restored_and_nothing_else(moved, area):
    sharp, photo, inside = moved
    after, painted = restored_under_a_mask(photo, area, inside)
    gain = psnr(after[inside], sharp[inside]) - psnr(photo.pixels[inside], sharp[inside])
    print(f"subject {psnr(photo.pixels[inside], sharp[inside]):.2f} dB, gains {gain:.2f} dB")  # noqa: T201
    assert gain >= 3
    assert np.array_equal(after[~painted], photo.pixels[~painted])


def test_a_subject_that_moved_by_a_kernel_given_by_hand(moved):
    assert_the_subject_is_restored_and_nothing_else(moved, Area(BOX, LINE, given=True))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_subject_that_moved_by_the_kernel_that_is_found_in_its_box(moved):
    assert_the_subject_is_restored_and_nothing_else(moved, Area(BOX))


def test_several_areas_undo_the_blur_where_each_is(moved):
    sharp, photo, inside = moved
    areas = (
        Area(BOX, LINE, given=True),
        Area((0.0, 0.0, 90.0, 300.0), no_blur(), given=True),
        Area((310.0, 0.0, 400.0, 300.0), no_blur(), given=True),
    )
    tiles, shares = [], []
    with Engine() as engine:
        job = engine.submit(
            replace(CPU, areas=areas),
            photo,
            on_tile=lambda box, pixels: tiles.append((box, pixels.copy())),
            on_progress=lambda share, _: shares.append(share),
        )
        result = job.result()
    assert result.method == "areas" and result.areas == areas and result.field is not None
    assert psnr(result.pixels[inside], sharp[inside]) > psnr(photo.pixels[inside], sharp[inside]) + 2
    assert np.abs(result.pixels[:, :50] - photo.pixels[:, :50]).max() < 1e-5
    assert shares == sorted(shares)
    shown = np.full_like(photo.pixels, np.nan)
    for (left, top, right, bottom), pixels in tiles:
        shown[top:bottom, left:right] = pixels
    assert np.allclose(shown, result.pixels, atol=1e-6)


def test_an_area_without_edges_is_left_out_and_said(few_searches, install):
    pixels = np.full((200, 300, 3), 0.5, np.float32)
    photo, plain = Photo(pixels), Area((0.0, 0.0, 120.0, 120.0))
    areas = (Area((150.0, 0.0, 300.0, 200.0), LINE, given=True), plain)
    with Engine() as engine:
        result = engine.run(replace(CPU, areas=areas), photo)
        with pytest.raises(UserError, match="The areas hold no edges"):
            engine.run(replace(CPU, areas=(plain,)), photo)
    assert [note for note in result.notes if note.startswith("Area 2 holds no edges")]


def test_areas_that_are_left_out_leave_the_photo_to_the_method(install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    request = replace(CPU, method="wrfn", areas=(Area(BOX, LINE, given=True, on=False),))
    with Engine() as engine:
        assert engine.run(request, Photo(BACKGROUND[:80, :80])).method == "wrfn"


def turned(pixels, degrees):
    """Return a picture taken while the camera turned about its middle."""
    height, width = pixels.shape[:2]
    total, middle = np.zeros_like(pixels), ((width - 1) / 2, (height - 1) / 2)
    for angle in np.linspace(-degrees / 2, degrees / 2, 61):
        turn = cv2.getRotationMatrix2D(middle, angle, 1)
        total += cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return (total / 61).clip(0, 1)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_four_suggested_areas_undo_a_turn_better_than_one_kernel():
    sharp = (data.stereo_motorcycle()[0] / 255).astype(np.float32)
    photo = Photo(add_noise(turned(sharp, 1.5), 0.005, np.random.default_rng(1)).clip(0, 1))
    with Engine() as engine:
        areas = engine.suggest_areas(photo, 4).result()
        by_areas = engine.run(replace(CPU, areas=areas), photo)
        by_one = engine.run(replace(CPU, method="l0-deconv", region="whole"), photo)
    inner = np.s_[16:-16, 16:-16]
    before, one, four = (
        psnr(pixels[inner], sharp[inner]) for pixels in (photo.pixels, by_one.pixels, by_areas.pixels)
    )
    print(f"turned {before:.2f} dB, one kernel {one:.2f} dB, {len(areas)} areas {four:.2f} dB")  # noqa: T201
    assert four >= one + 2
