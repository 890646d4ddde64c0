"""One photo: measured once, remembered after that, and what is remembered is told without measuring."""

import numpy as np
import pytest
from PIL import Image

from app.triage.cache import Cache, Forgetful, Nothing
from app.triage.looking import look, remembered
from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.errors import UserError
from engine.photos.errors import PhotoError
from engine.weights import WeightsError

TOLD = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9)


class Counting:
    def __init__(self, told=TOLD):
        self.told, self.calls = told, 0

    def __call__(self, path, data, check):
        self.calls += 1
        return Triaged(path, self.told, size=(8, 6))


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.zeros((6, 8, 3), np.uint8)).save(path)
    return path


def test_a_photo_is_measured_once(photo, tmp_path):
    memory, measure = Cache(tmp_path), Counting()
    assert not look(photo, memory, False, measure).known
    assert look(photo, memory, False, measure).known and measure.calls == 1
    look(photo, memory, True, measure)
    assert measure.calls == 2


def test_forgetful_ones_measure_again(photo, tmp_path):
    measure = Counting()
    for memory in (Forgetful(tmp_path), Forgetful(tmp_path), Nothing(tmp_path / "no")):
        look(photo, memory, False, measure)
    assert measure.calls == 3 and not (tmp_path / "no").exists()
    assert look(photo, Cache(tmp_path), False, measure).known


def test_what_is_remembered_is_told_by_content_and_faces_come_first(photo, tmp_path):
    memory = Cache(tmp_path)
    assert remembered(photo, memory) is None
    look(photo, memory, False, Counting())
    copy = photo.rename(tmp_path / "b.png")
    assert remembered(copy, memory) == Triaged(copy, TOLD, size=(8, 6), known=True)
    faces = Diagnosis(Kind.SHARP, 0.9, Advice.KEEP, 0.9, faces=1)
    look(copy, memory, True, Counting(faces))
    assert remembered(copy, memory).diagnosis == faces


def test_a_missing_file_and_a_line_of_another_version(photo, tmp_path):
    memory = Cache(tmp_path)
    with pytest.raises(PhotoError):
        remembered(tmp_path / "gone.png", memory)
    look(photo, memory, False, Counting())
    file = tmp_path / "triage.jsonl"
    file.write_text(file.read_text().replace('"certainty"', '"sureness"'))
    assert remembered(photo, Cache(tmp_path)) is None


@pytest.mark.parametrize(
    ("error", "told"), [(UserError("It is odd."), "It is odd."), (ValueError("x"), "ValueError")]
)
def test_trouble_with_one_photo_is_told(photo, tmp_path, error, told):
    def measure(path, data, check):
        raise error

    assert told in look(photo, Cache(tmp_path), False, measure).reason


def test_missing_weights_are_no_fault_of_the_photo(photo, tmp_path):
    def measure(path, data, check):
        raise WeightsError("The weights are missing.")

    with pytest.raises(WeightsError):
        look(photo, Cache(tmp_path), False, measure)
