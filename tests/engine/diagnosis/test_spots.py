"""The parts to be looked at closely: faces first, else windows, at both ends of sharpness."""

import numpy as np
import pytest

from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind, Part, Spot
from engine.diagnosis.spots import FINENESS, spots
from engine.diagnosis.windows import Windows
from engine.faces.face import Face

POINTS = ((1, 1), (2, 1), (1, 2), (1, 3), (2, 3))


def windows(*fineness):
    boxes = np.array([(at / 4, 0, (at + 1) / 4, 0.5) for at in range(len(fineness))], np.float32).reshape(-1, 4)
    figures = np.zeros((len(fineness), FINENESS + 2), np.float32)
    figures[:, FINENESS] = fineness
    return Windows(boxes, figures, np.zeros(len(fineness)), 4)


def test_windows_at_both_ends():
    sharpest, softest = spots(windows(0.4, 1.3, -0.2), [], (100, 200))
    assert sharpest == Spot(Part(0.25, 0, 0.5, 0.5), 1.0)
    assert softest == Spot(Part(0.5, 0, 0.75, 0.5), 0.0)


def test_faces_come_before_windows_and_stay_inside_the_photo():
    faces = [Face((20, 10, 60, 60), POINTS, 1, 0.8), Face((150, 70, 220, 120), POINTS, 1, 0.3)]
    sharpest, softest = spots(windows(0.4), faces, (100, 200))
    assert sharpest == Spot(Part(0.1, 0.1, 0.3, 0.6), 0.8)
    assert softest == Spot(Part(0.75, 0.7, 1.0, 1.0), 0.3)


def test_one_face_is_both_and_nothing_is_none():
    only = Face((20, 10, 60, 60), POINTS, 1, 0.8)
    sharpest, softest = spots(windows(), [only], (100, 200))
    assert sharpest == softest
    assert spots(windows(), [], (100, 200)) == (None, None)


def test_a_diagnosis_survives_being_remembered():
    spot = Spot(Part(0.1, 0.2, 0.3, 0.4), 0.5)
    told = Diagnosis(Kind.SHAKEN, 0.9, Advice.CAN_BE_SAVED, 0.4, extent=9, sharpest=spot, softest=None)
    assert Diagnosis.of(told.plain()) == told
    with pytest.raises((KeyError, TypeError)):
        Diagnosis.of({**told.plain(), "sharpest": {"part": {}}})
