import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.faces.alignment import align, inverse, similarity, warp
from engine.faces.templates import EMBEDDING, SQUARE_256, Template
from engine.networks.deepdeblur import TEMPLATE as DEEPDEBLUR
from engine.networks.semantic import TEMPLATE as SEMANTIC

TEMPLATES = (DEEPDEBLUR, SEMANTIC, SQUARE_256, EMBEDDING)


@st.composite
def similarities(draw: st.DrawFn) -> np.ndarray:
    scale, angle = draw(st.floats(0.05, 20)), draw(st.floats(-np.pi, np.pi))
    a, b = scale * np.cos(angle), scale * np.sin(angle)
    return np.array([[a, -b, draw(st.floats(-1e4, 1e4))], [b, a, draw(st.floats(-1e4, 1e4))]])


def moved(points, matrix):
    return np.asarray(points) @ matrix[:, :2].T + matrix[:, 2]


def waves(height, width, period=60.0):
    y, x = np.mgrid[:height, :width] / period * 2 * np.pi
    return np.stack([0.5 + 0.4 * np.sin(x + y), 0.5 + 0.4 * np.cos(x), 0.5 + 0.4 * np.sin(y)], 2).astype(np.float32)


def placed(template: Template, scale: float, angle: float, centre):
    """Return the landmarks of a face whose template-to-photo similarity has this scale and rotation."""
    a, b = scale * np.cos(angle), scale * np.sin(angle)
    linear = np.array([[a, -b], [b, a]])
    middle = np.array([(template.width - 1) / 2, (template.height - 1) / 2])
    return (np.asarray(template.points) - middle) @ linear.T + np.asarray(centre)


@given(similarities(), st.sampled_from(TEMPLATES))
def test_similarity_recovers_a_known_one(matrix, template):
    found = similarity(template.points, moved(template.points, matrix))
    np.testing.assert_allclose(found, matrix, rtol=1e-8, atol=1e-6)


def test_similarity_is_the_least_squares_one():
    rng = np.random.default_rng(3)
    source, target = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    found = similarity(source, target)
    error = np.sum((moved(source, found) - target) ** 2)
    # The dense system in (a, b, tx, ty), solved by numpy.
    x, y = source.T
    one, zero = np.ones(5), np.zeros(5)
    system = np.concatenate([np.stack([x, -y, one, zero], 1), np.stack([y, x, zero, one], 1)])
    a, b, tx, ty = np.linalg.lstsq(system, target.T.ravel(), rcond=None)[0]
    np.testing.assert_allclose(found, [[a, -b, tx], [b, a, ty]], atol=1e-10)
    assert error > 0.01


def test_landmarks_in_one_point_are_refused():
    with pytest.raises(ValueError, match="one point"):
        similarity([(3.0, 4.0)] * 5, DEEPDEBLUR.points)


@given(similarities())
def test_inverse_undoes(matrix):
    points = np.array([(0.0, 0.0), (100.0, 30.0), (-7.0, 255.0)])
    np.testing.assert_allclose(moved(moved(points, matrix), inverse(matrix)), points, atol=1e-6)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_templates_are_upright_faces_inside_their_crop(template):
    points = np.asarray(template.points)
    assert (points > 0).all() and (points < (template.width, template.height)).all()
    left_eye, right_eye, nose, left_mouth, right_mouth = points
    assert left_eye[0] < nose[0] < right_eye[0] and left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])


def test_the_128_template_is_the_256_one_at_half_size():
    np.testing.assert_allclose((np.asarray(SQUARE_256.points) + 0.5) / 2 - 0.5, SEMANTIC.points, atol=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.6, 4), st.floats(-0.5, 0.5), st.sampled_from(TEMPLATES))
def test_a_crop_shows_what_the_matrix_says(scale, angle, template):
    photo = waves(640, 700)
    crop = align(photo, placed(template, scale, angle, (350, 320)), template)
    y, x = np.mgrid[: template.height, : template.width]
    seen = moved(np.stack([x, y], 2).reshape(-1, 2), inverse(crop.matrix)).reshape(template.height, template.width, 2)
    inside = (seen > 4).all(2) & (seen[..., 0] < 695) & (seen[..., 1] < 635)
    u, v = seen[..., 0] / 60 * 2 * np.pi, seen[..., 1] / 60 * 2 * np.pi
    expected = np.stack([0.5 + 0.4 * np.sin(u + v), 0.5 + 0.4 * np.cos(u), 0.5 + 0.4 * np.sin(v)], 2)
    assert inside.any()
    # Averaging over one crop pixel reduces the amplitude by up to (pi scale / 60)^2 / 6.
    assert np.abs(crop.pixels - expected)[inside].max() < 0.01 + 0.8 * (np.pi * scale / 60) ** 2 / 3


@pytest.mark.parametrize("scale", [0.4, 1.0, 1.7])
def test_there_and_back_on_a_smooth_picture(scale):
    photo = waves(400, 400)
    crop = align(photo, placed(SQUARE_256, scale, 0.2, (200, 200)), SQUARE_256)
    back = warp(crop.pixels, inverse(crop.matrix), (400, 400), border="zero")
    reach = int(60 * scale)
    middle = np.s_[200 - reach : 200 + reach, 200 - reach : 200 + reach]
    assert np.abs(back[middle] - photo[middle]).max() < 0.01


@pytest.mark.parametrize("scale", [1.3, 2.0, 3.7, 9.0])
def test_shrinking_does_not_alias(scale):
    fine = np.indices((1200, 1200)).sum(0) % 2
    photo = np.repeat(fine[..., None], 3, 2).astype(np.float32)
    crop = align(photo, placed(EMBEDDING, scale, 0.0, (600, 600)), EMBEDDING)
    assert np.abs(crop.pixels - 0.5).max() < (0.3 if scale < 2 else 0.05)


@pytest.mark.parametrize("centre", [(0, 0), (299, 150), (150, 199), (-40, 100)])
@pytest.mark.parametrize("scale", [0.7, 3.0])
def test_faces_at_the_border_are_continued_by_reflection(centre, scale):
    photo = np.full((200, 300, 3), 0.25, np.float32)
    crop = align(photo, placed(DEEPDEBLUR, scale, 0.1, centre), DEEPDEBLUR)
    np.testing.assert_allclose(crop.pixels, 0.25, atol=1e-5)


def test_a_face_far_outside_still_gives_a_crop():
    crop = align(waves(50, 60), placed(DEEPDEBLUR, 1.0, 0.0, (5000, -3000)), DEEPDEBLUR)
    assert crop.pixels.shape == (112, 96, 3) and np.isfinite(crop.pixels).all()


def test_a_photo_wider_than_opencv_can_warp():
    photo = np.zeros((120, 40_000, 3), np.float32)
    photo[:, 39_000:] = 1
    crop = align(photo, placed(EMBEDDING, 1.0, 0.0, (39_500, 60)), EMBEDDING)
    assert crop.pixels.min() > 0.99
