"""Random camera paths. Units are arbitrary: paths are scaled to the kernel's extent later."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.kernels.families.drawing import Path

LENGTH_SCALE = 0.3  # Schuler et al. 2016, section 3.3
SAMPLES = 100  # a margin of 0.01, Wang et al. 2017, section 3.1
SHORTEST = 35
CONTROL_POINTS = (4, 7)
SPLINE_SAMPLES = 160
STEPS = 240


def gaussian_process(rng: np.random.Generator) -> Path:
    """Draw x and y from a Gaussian process, equation 6 of Schuler et al. 2016, over a random exposure."""
    count = int(rng.integers(SHORTEST, SAMPLES, endpoint=True))
    points = _process_root()[:count, :count] @ rng.standard_normal((count, 2))
    return points, np.ones(count)


@cache
def _process_root() -> np.ndarray:
    """Return the Cholesky factor of equation 6 as printed (the paper calls it Matern 3/2; it is the 5/2 form)."""
    distance = np.sqrt(5) * np.abs(np.subtract.outer(np.arange(SAMPLES), np.arange(SAMPLES))) / SAMPLES / LENGTH_SCALE
    covariance = (1 + distance + distance**2 / 3) * np.exp(-distance)
    return np.linalg.cholesky(covariance + 1e-8 * np.eye(SAMPLES))


def random_spline(rng: np.random.Generator) -> Path:
    """Draw a cubic spline through random points, with light drawn from N(1, 0.5) along it (Chakrabarti 2016)."""
    count = int(rng.integers(*CONTROL_POINTS, endpoint=True))
    points = _spline_root(count) @ rng.uniform(-1, 1, (count, 2))
    travelled = np.append(0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1)))
    wanted = np.linspace(0, travelled[-1], SPLINE_SAMPLES)
    even = np.stack([np.interp(wanted, travelled, column) for column in points.T], axis=1)
    light = np.clip(rng.normal(1, 0.5, 4 * count), 0.05, None)
    return even, np.interp(np.linspace(0, 1, SPLINE_SAMPLES), np.linspace(0, 1, 4 * count), light)


@cache
def _spline_root(count: int) -> np.ndarray:
    """Return the SPLINE_SAMPLES x count matrix from values at 0, 1, ... to the natural cubic spline through them."""
    # Second derivatives m from M m = D y, with m = 0 at both ends; then the usual piecewise cubic.
    system, second = np.eye(count), np.zeros((count, count))
    for row in range(1, count - 1):
        system[row, row - 1 : row + 2] = (1, 4, 1)
        second[row, row - 1 : row + 2] = (6, -12, 6)
    curvature = np.linalg.solve(system, second)
    place = np.linspace(0, count - 1, SPLINE_SAMPLES)
    left = np.minimum(place.astype(int), count - 2)
    after, before = (place - left)[:, None], (left + 1 - place)[:, None]
    values = np.eye(count)
    bend = (before**3 - before) * curvature[left] + (after**3 - after) * curvature[left + 1]
    return before * values[left] + after * values[left + 1] + bend / 6


def camera_trajectory(rng: np.random.Generator) -> Path:
    """Simulate a camera with inertia, tremor, a pull back to its aim and sudden shakes (Boracchi and Foi 2012).

    The nervousness of the hand and the exposure time are random too.
    """
    nervous = rng.uniform(0.1, 1.0)
    tremor, pull, friction = nervous * 0.15, rng.uniform(0, 0.02), 0.01
    shake_odds = 4 * nervous * rng.uniform() / STEPS
    steps = int(rng.integers(STEPS // 3, STEPS, endpoint=True))
    pushes = (rng.standard_normal((steps, 2)) * tremor).view(np.complex128).ravel().tolist()
    shaken = (rng.uniform(size=steps) < shake_odds).tolist()
    turns = np.exp(1j * (np.pi + rng.uniform(-0.5, 0.5, steps))).tolist()
    velocity = complex(np.exp(2j * np.pi * rng.uniform()))
    place, places = 0j, []
    for push, shake, turn in zip(pushes, shaken, turns, strict=True):
        places.append(place)
        velocity += push - pull * place - friction * velocity
        if shake:
            velocity *= 1.5 * turn
        place += velocity / 10
    return np.array(places).view(np.float64).reshape(-1, 2), np.ones(steps)
