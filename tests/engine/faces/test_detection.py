import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from engine.faces.detection import FaceFinder

PEOPLE = Path(__file__).parents[4] / "shared" / "data" / "photos" / "people"


@pytest.fixture(scope="module")
def finder():
    return FaceFinder()


@pytest.fixture(scope="module")
def astronaut():
    return skimage.data.astronaut()


def centre(face):
    left, top, right, bottom = face.box
    return (left + right) / 2, (top + bottom) / 2


def test_finds_the_astronaut(finder, astronaut):
    (face,) = finder.find(astronaut)
    assert centre(face) == pytest.approx((225, 117), abs=6)
    assert 90 < face.size < 130 and face.score > 0.95 and face.sharpness > 0.8


def test_landmarks_come_in_our_order(finder, astronaut):
    left_eye, right_eye, nose, left_mouth, right_mouth = np.asarray(finder.find(astronaut)[0].landmarks)
    assert left_eye[0] < nose[0] < right_eye[0] and left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    np.testing.assert_allclose((left_eye, right_eye), ((205, 102), (247, 103)), atol=4)


def test_floats_and_bytes_agree(finder, astronaut):
    (bytes_face,), (float_face,) = finder.find(astronaut), finder.find(astronaut.astype(np.float32) / 255)
    np.testing.assert_allclose(bytes_face.box, float_face.box, atol=1)


def test_a_large_photo_gives_the_same_place(finder, astronaut):
    large = cv2.resize(astronaut, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    (face,) = finder.find(large, smallest=80)
    assert np.asarray(centre(face)) / 4 == pytest.approx((225, 117), abs=6)
    np.testing.assert_allclose(np.asarray(face.landmarks[:2]) / 4, ((205, 102), (247, 103)), atol=4)


def test_sorted_by_size_without_duplicates_and_none_below_the_smallest(finder, astronaut):
    photo = np.full((560, 1000, 3), 120, np.uint8)
    for x, factor in ((0, 1.0), (540, 0.6), (860, 0.4)):
        part = cv2.resize(astronaut[:300, 100:400], None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        photo[100 : 100 + part.shape[0], x : x + part.shape[1]] = part[:, : 1000 - x]
    faces = finder.find(photo)
    assert len(faces) == 3
    assert [face.size for face in faces] == sorted((face.size for face in faces), reverse=True)
    assert len(finder.find(photo, smallest=85)) == 1


@pytest.mark.parametrize("length", [9, 15, 21])
def test_finds_a_face_blurred_by_motion(finder, astronaut, length):
    blurred = cv2.filter2D(cv2.resize(astronaut, None, fx=2, fy=2), -1, np.full((1, length), 1 / length))
    faces = finder.find(blurred)
    assert len(faces) == 1
    assert np.asarray(centre(faces[0])) / 2 == pytest.approx((225, 117), abs=10)


@pytest.mark.parametrize("shape", [(1, 1), (19, 500), (5000, 1), (1, 5000), (300, 24), (40, 40)])
def test_small_and_thin_pictures_have_no_faces(finder, shape):
    assert finder.find(np.full((*shape, 3), 0.5, np.float32)) == []


def test_a_black_and_white_photo(finder, astronaut):
    grey = np.repeat(astronaut.mean(2, keepdims=True).astype(np.uint8), 3, axis=2)
    assert len(finder.find(grey)) == 1


def test_torch_is_not_loaded_with_the_module():
    code = "import sys, engine.faces.detection; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not PEOPLE.is_dir(), reason="../shared/data/photos/people is not there")
@pytest.mark.parametrize("name", ["img22.jpg", "img58.jpg", "img59.jpg", "img67.jpg"])
@pytest.mark.parametrize("blur", [0, 21])
def test_finds_who_is_in_press_photos(finder, name, blur):
    pixels = cv2.cvtColor(cv2.imread(str(PEOPLE / name)), cv2.COLOR_BGR2RGB)
    if blur:
        pixels = cv2.filter2D(pixels, -1, np.eye(blur) / blur)
    faces = finder.find(pixels)
    assert len(faces) == (2 if name == "img59.jpg" else 1)  # in img59 another face is at the left edge, in profile
    assert min(face.size for face in faces) > 200
