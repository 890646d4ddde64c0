"""Figures of a whole photo: how what its windows say is spread over the frame."""

from __future__ import annotations

import numpy as np

from engine.diagnosis.windows import Windows

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
SHARP, SHAKEN, FOCUS, MIXED = range(4)  # columns of what a window says
TINY = 1e-6


def photo_figures(seen: Windows, said: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the figures of a photo with at least one window.

    said: n x 4, how probably each window is sharp, shaken, out of focus, or both. lengths: n x 2, the motion's length
    and the disc's radius in each, as log2 of px.
    """
    centre = (seen.boxes[:, :2] + seen.boxes[:, 2:]) / 2
    near = np.exp(-((centre - 0.5) ** 2).sum(1) / (2 * 0.25**2))
    moving = said[:, SHAKEN] + said[:, MIXED]
    spread = [np.quantile(said[:, column], QUANTILES) for column in (SHARP, SHAKEN, FOCUS)]
    inside = [_mean(said[:, column], near) - _mean(said[:, column], 1 - near) for column in range(4)]
    edges = seen.figures[:, 1]
    by_edges = [_mean(said[:, column], np.exp2(edges)) for column in range(4)]
    return np.array(
        [
            *np.concatenate(spread),
            *said.mean(0),
            *inside,
            *by_edges,
            *_at(said, int(np.argmax(edges))),
            neighbours(centre, said[:, SHARP]),
            coherence(seen.turns, moving),
            *(
                _mean(column, weights)
                for column, weights in zip(lengths.T, (moving, 1 - said[:, SHARP]), strict=True)
            ),
            *(
                _deviation(column, weights)
                for column, weights in zip(lengths.T, (moving, 1 - said[:, SHARP]), strict=True)
            ),
            len(seen.boxes) / seen.looked,
            *(seen.boxes[0, 2:] - seen.boxes[0, :2]),
            float(seen.figures[:, 0].mean()),
            float(seen.figures[:, 2].max()),
            float(seen.figures[:, 3].max()),
            float(np.median(seen.figures[:, 3])),
            float(seen.figures[:, 4].max()),
        ],
        np.float32,
    )


def coherence(turns: np.ndarray, weights: np.ndarray) -> float:
    """Return how much windows agree on a direction in degrees, in [0, 1]."""
    return float(abs(_mean(np.exp(2j * np.radians(turns)), weights)))


def direction(turns: np.ndarray, weights: np.ndarray) -> float:
    """Return the mean direction of windows in degrees, 0 to 180."""
    return float(np.degrees(np.angle(_mean(np.exp(2j * np.radians(turns)), weights))) / 2 % 180)


def neighbours(centre: np.ndarray, values: np.ndarray) -> float:
    """Return how alike the values of near windows are: their correlation, 0 if all are equal."""
    apart = values - values.mean()
    power = float((apart**2).mean())
    if len(values) < 3 or power < TINY:
        return 0.0
    distance = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1))
    near = (distance < 0.35) & (distance > 0)
    return float((near * np.outer(apart, apart)).sum() / max(near.sum(), 1) / power)


def _at(said: np.ndarray, place: int) -> list[float]:
    return [float(value) for value in said[place]]


def _mean(values: np.ndarray, weights: np.ndarray) -> complex | float:
    return (values * weights).sum() / max(float(weights.sum()), TINY)


def _deviation(values: np.ndarray, weights: np.ndarray) -> float:
    mean = _mean(values, weights)
    return float(np.sqrt(abs(_mean((values - mean) ** 2, weights))))
