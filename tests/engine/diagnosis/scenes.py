"""Drawn scenes with edges in all directions, for tests of the diagnosis."""

import cv2
import numpy as np


def scene(width=900, height=640, seed=0):
    """Return the luma of a drawn scene, H x W float32 in [0, 1], sharp."""
    rng = np.random.default_rng(seed)
    plane = np.full((height, width), 0.5, np.float32)
    for _ in range(width * height // 900):
        size = np.exp(rng.uniform(np.log(4), np.log(60)))
        turn, sides = rng.uniform(0, 6.3), rng.integers(3, 7)
        angles = turn + np.arange(sides) * 6.283 / sides
        centre = rng.uniform(0, 1, 2) * (width, height)
        points = centre + size * np.stack([np.cos(angles), np.sin(angles)], 1)
        cv2.fillPoly(plane, [points.round().astype(np.int32)], float(rng.uniform(0.05, 0.95)), cv2.LINE_AA)
    plane = cv2.GaussianBlur(plane, (0, 0), 0.5)
    return np.clip(plane + rng.normal(0, 0.004, plane.shape), 0, 1).astype(np.float32)


def blurred(plane, values, noise=0.004):
    """Return a plane blurred by a kernel, with noise."""
    made = cv2.filter2D(plane, -1, values[::-1, ::-1], borderType=cv2.BORDER_REFLECT_101)
    rng = np.random.default_rng(1)
    return np.clip(made + rng.normal(0, noise, made.shape), 0, 1).astype(np.float32)
