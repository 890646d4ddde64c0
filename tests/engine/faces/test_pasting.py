import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.faces.alignment import align
from engine.faces.pasting import oval_mask, paste, paste_region, whole_box
from engine.faces.templates import SQUARE_256
from engine.networks.deepdeblur import TEMPLATE as DEEPDEBLUR


def flat_gradient(height=300, width=320):
    y, x = np.mgrid[:height, :width]
    return np.stack([x / width, y / height, (x + y) / (width + height)], 2).astype(np.float32)


def landmarks(template, scale=1.0, angle=0.0, centre=(160, 150)):
    a, b = scale * np.cos(angle), scale * np.sin(angle)
    middle = np.array([(template.width - 1) / 2, (template.height - 1) / 2])
    return (np.asarray(template.points) - middle) @ np.array([[a, b], [-b, a]]) + np.asarray(centre)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 3), st.floats(-1, 1), st.tuples(st.floats(-20, 340), st.floats(-20, 320)))
def test_nothing_changed_is_bit_for_bit(scale, angle, centre):
    photo = np.random.default_rng(0).random((300, 320, 3), np.float32)
    crop = align(photo, landmarks(DEEPDEBLUR, scale, angle, centre), DEEPDEBLUR)
    assert np.array_equal(paste(photo, crop.pixels, crop.pixels.copy(), crop.matrix), photo)


@pytest.mark.parametrize("scale", [0.4, 0.9, 2.2])
@pytest.mark.parametrize("template", [DEEPDEBLUR, SQUARE_256], ids=lambda template: template.name)
def test_no_seam_on_flat_gradients(scale, template):
    photo = flat_gradient() * 0.9
    crop = align(photo, landmarks(template, scale, 0.3), template)
    pasted = paste(photo, crop.pixels, crop.pixels + 0.02, crop.matrix)
    change = pasted - photo
    assert change.max() == pytest.approx(0.02, abs=1e-3)
    width = scale * min(template.height, template.width) * 0.12  # of the feather, in px of the photo
    step = max(np.abs(np.diff(change, axis=0)).max(), np.abs(np.diff(change, axis=1)).max())
    assert step < 0.02 * 1.8 / width  # a smoothstep is 1.5 times as steep as a ramp in its middle
    assert step < 1 / 255 or width < 9


def test_outside_the_crop_nothing_changes():
    photo = flat_gradient()
    crop = align(photo, landmarks(DEEPDEBLUR, 1.0), DEEPDEBLUR)
    changed = np.any(paste(photo, crop.pixels, 1 - crop.pixels, crop.matrix) != photo, axis=2)
    rows, columns = np.nonzero(changed)
    assert changed[150, 160]
    assert rows.min() >= 150 - 56 and rows.max() <= 150 + 56
    assert columns.min() >= 160 - 48 and columns.max() <= 160 + 48


def test_the_middle_gets_the_whole_change():
    photo = flat_gradient() * 0.5
    crop = align(photo, landmarks(SQUARE_256, 0.8, 0.2), SQUARE_256)
    y, x = np.mgrid[:256, :256] / 256
    after = crop.pixels + (0.2 * np.sin(6 * x) * np.cos(6 * y))[..., None].astype(np.float32) + 0.2
    pasted = paste(photo, crop.pixels, after, crop.matrix)
    again = align(pasted, landmarks(SQUARE_256, 0.8, 0.2), SQUARE_256)
    np.testing.assert_allclose(again.pixels[80:176, 80:176], after[80:176, 80:176], atol=0.005)


def test_detail_above_the_resolution_of_the_crop_stays():
    fine = (np.indices((300, 320)).sum(0) % 2)[..., None] * np.float32(0.1)
    photo = np.clip(flat_gradient() * 0.5 + fine, 0, 1)
    crop = align(photo, landmarks(DEEPDEBLUR, 2.5), DEEPDEBLUR)
    pasted = paste(photo, crop.pixels, crop.pixels + 0.2, crop.matrix)
    np.testing.assert_allclose((pasted - photo)[130:170, 140:180], 0.2, atol=1e-3)


def test_in_place_changes_the_photo_itself():
    photo = flat_gradient()
    crop = align(photo, landmarks(DEEPDEBLUR), DEEPDEBLUR)
    expected = paste(photo, crop.pixels, crop.pixels * 0.5, crop.matrix)
    assert not np.array_equal(expected, photo)
    assert paste(photo, crop.pixels, crop.pixels * 0.5, crop.matrix, in_place=True) is photo
    assert np.array_equal(photo, expected)


def test_crops_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="was"):
        paste(flat_gradient(), np.zeros((8, 8, 3)), np.zeros((8, 9, 3)), np.eye(3)[:2])


@given(st.integers(2, 300), st.integers(2, 300), st.floats(0.01, 0.5))
def test_the_mask_is_zero_on_the_border_of_the_crop(height, width, feather):
    mask = oval_mask(height, width, feather)
    assert mask[0].max() == mask[-1].max() == mask[:, 0].max() == mask[:, -1].max() == 0
    assert mask.min() >= 0 and mask.max() <= 1


def test_a_region_goes_in_softly_and_whole_in_its_middle():
    photo = flat_gradient() * 0.5
    box = (100.0, 90.0, 220.0, 200.0)
    pasted = paste_region(photo, photo[90:200, 100:220] + 0.02, box, 0.12)
    change = pasted - photo
    assert np.array_equal(pasted[:91], photo[:91]) and np.array_equal(pasted[:, 219:], photo[:, 219:])
    np.testing.assert_allclose(change[120:170, 130:190], 0.02, atol=1e-6)
    assert max(np.abs(np.diff(change, axis=0)).max(), np.abs(np.diff(change, axis=1)).max()) < 1 / 255


def test_a_region_at_the_border_of_the_photo_is_not_feathered_there():
    photo = flat_gradient() * 0.5
    pasted = paste_region(photo, photo[:100, :120] + 0.1, (-5.0, 0.0, 120.0, 100.0))
    np.testing.assert_allclose((pasted - photo)[:80, :100], 0.1, atol=1e-6)
    assert np.array_equal(pasted[99], photo[99])


def test_an_unchanged_region_is_bit_for_bit():
    photo = np.random.default_rng(0).random((60, 50, 3), np.float32)
    left, top, right, bottom = whole_box(photo, (3.2, 4.7, 40.1, 55.5))
    assert (left, top, right, bottom) == (3, 4, 41, 56)
    assert np.array_equal(paste_region(photo, photo[top:bottom, left:right], (3.2, 4.7, 40.1, 55.5)), photo)
    with pytest.raises(ValueError, match="box"):
        paste_region(photo, photo[:3, :3], (3.2, 4.7, 40.1, 55.5))
