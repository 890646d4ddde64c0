"""Frames of a burst stand beside each other, the sharper one first."""

from datetime import datetime, timedelta
from pathlib import Path

from app.triage.bursts import in_bursts
from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

START = datetime(2026, 11, 30, 12)


def photo(name, second=None, sharpness=0.5, kind=Kind.SHARP, camera="Maker Model"):
    taken = None if second is None else START + timedelta(seconds=second)
    return Triaged(Path(name), Diagnosis(kind, 1.0, Advice.KEEP, sharpness), taken=taken, camera=camera)


def names(found):
    return [(each.path.name, each.burst) for each in in_bursts(found)]


def test_frames_within_two_seconds_are_a_burst_and_the_sharper_one_comes_first():
    found = [photo("a", 0, 0.3), photo("b", 60), photo("c", 1.5, 0.9), photo("d", 3.4, 0.5)]
    assert names(found) == [("c", 1), ("d", 1), ("a", 1), ("b", 0)]


def test_a_sharp_photo_comes_before_a_blurred_one_with_finer_noise():
    assert names([photo("a", 0, 0.9, Kind.SHAKEN), photo("b", 1, 0.5)]) == [("b", 1), ("a", 1)]


def test_photos_of_two_cameras_or_without_a_time_are_no_burst():
    found = [photo("a", 0), photo("b", 1, camera="Other"), photo("c"), photo("d", 1, camera="")]
    assert names(found) == [("a", 0), ("b", 0), ("c", 0), ("d", 0)]


def test_an_unreadable_photo_keeps_its_place():
    broken = Triaged(Path("x"), reason="Cannot read x: it is damaged.")
    assert names([photo("a", 0), broken, photo("b", 1)]) == [("a", 1), ("b", 1), ("x", 0)]
