"""Figures of windows: what blur changes in them, and the direction of a motion."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from engine.diagnosis.diagnosing import diagnosed
from engine.diagnosis.diagnosis import Advice, Kind
from engine.diagnosis.figures import SIDE, window_figures
from engine.diagnosis.photo_figures import coherence, direction, neighbours
from engine.diagnosis.windows import window_places, windows_of
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.photos.reduced import Reduced

_spec = importlib.util.spec_from_file_location("scenes", Path(__file__).with_name("scenes.py"))
scenes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(scenes)


@pytest.fixture(scope="module")
def sharp():
    return scenes.scene()


def test_fineness_falls_with_blur(sharp):
    soft = scenes.blurred(sharp, defocus_kernel(4))
    before, after = (window_figures(np.ascontiguousarray(each[:SIDE, :SIDE]))[0] for each in (sharp, soft))
    assert after[3] < before[3] - 0.3


@pytest.mark.parametrize("angle", [0, 35, 90, 140])
def test_the_direction_of_a_motion_is_found(sharp, angle):
    seen = windows_of(scenes.blurred(sharp, linear_kernel(13, angle)))
    found = direction(seen.turns, np.ones(len(seen.turns)))
    assert abs((found - angle + 90) % 180 - 90) < 8
    assert coherence(seen.turns, np.ones(len(seen.turns))) > 0.8


def test_a_plain_window_tells_nothing():
    assert window_figures(np.full((SIDE, SIDE), 0.5, np.float32)) is None
    noise = np.random.default_rng(0).normal(0.5, 0.02, (SIDE, SIDE)).astype(np.float32)
    assert window_figures(noise) is None


def test_a_photo_without_edges_has_no_windows():
    seen = windows_of(np.full((400, 500), 0.4, np.float32))
    assert len(seen.boxes) == 0 and seen.looked > 0
    told = diagnosed(Reduced(np.full((400, 500), 100, np.uint8), (500, 400)))
    assert told.kind is Kind.CANNOT_TELL and told.advice is Advice.KEEP and told.sharpest is None


def test_figures_are_numbers_whatever_the_window(sharp):
    half = sharp[:SIDE, :SIDE].copy()
    half[:, SIDE // 2 :] = 0
    for plane in (half, np.eye(SIDE, dtype=np.float32), np.tile(np.float32([0, 1]), (SIDE, SIDE // 2))):
        found = window_figures(plane)
        assert found is None or np.isfinite(found[0]).all()


@pytest.mark.parametrize("shape", [(40, 30), (321, 481), (4000, 6000)])
def test_windows_cover_the_photo_from_edge_to_edge(shape):
    places = window_places(*shape)
    assert min(rows.start for rows, _ in places) == 0 and max(rows.stop for rows, _ in places) == shape[0]
    assert max(columns.stop for _, columns in places) == shape[1] and len(places) <= 25


def test_neighbours_that_agree_are_told_from_those_that_do_not():
    centre = np.stack(np.meshgrid(np.linspace(0.1, 0.9, 5), np.linspace(0.1, 0.9, 5)), -1).reshape(-1, 2)
    halves = (centre[:, 0] > 0.5).astype(float)
    mixed = (np.arange(25) % 2).astype(float)
    assert neighbours(centre, halves) > 0.3 > neighbours(centre, mixed)
    assert neighbours(centre, np.ones(25)) == 0
