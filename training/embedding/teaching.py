"""Computes the teacher's embeddings of views. Needs its file and OpenCV, and gains from many cores."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import torch

from engine.errors import UserError
from engine.faces.embedding import SIDE
from training.embedding.faces import PreparedFaces
from training.embedding.views import draw_views, render

Teaching = Callable[[np.ndarray], np.ndarray]
CHUNK = 64  # views drawn at a time


class Teacher:
    """A face recognition network in ONNX, 1 x 3 x 112 x 112 RGB, (x - 127.5) / 128, to 512 numbers; run by OpenCV."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UserError(f"{path}: the teacher is not there.")
        self._network = cv2.dnn.readNetFromONNX(str(path))

    def __call__(self, faces: np.ndarray) -> np.ndarray:
        """Return N x 512 float32 of length 1 for N x 3 x 112 x 112 in [0, 1]."""
        answers = [self._one(face) for face in faces]
        return np.stack([answer / np.linalg.norm(answer) for answer in answers])

    def _one(self, face: np.ndarray) -> np.ndarray:
        # one at a time: the file has a batch size of one in a reshape
        self._network.setInput((255 * face[None] - 127.5) / 128)
        answer: np.ndarray = self._network.forward()[0]
        return answer.copy()


def taught(crops: np.ndarray, views: np.ndarray, teacher: Teaching) -> np.ndarray:
    """Return the teacher's embeddings (V x 512) of views (V x 15) of crops (F x 144 x 144 x 3 uint8)."""
    pixels = torch.from_numpy(crops).permute(0, 3, 1, 2)
    chunks = torch.from_numpy(views).split(CHUNK)
    return np.concatenate([teacher(render(pixels, chunk, SIDE).numpy()) for chunk in chunks])


def with_views(
    faces: PreparedFaces, teacher: Path, each: int, seed: int, processes: int | None = None
) -> PreparedFaces:
    """Return the faces with `each` new views of every one; as many processes as cores run the teacher.

    With few views, the network learns the given faces, not what distinguishes faces. Many views are too large to
    transfer, so a borrowed machine draws them itself.
    """
    Teacher(teacher)  # report a missing file at once
    views = draw_views(len(faces.crops), each, np.random.default_rng(seed))
    processes = processes or os.cpu_count() or 1
    shares = np.array_split(views, processes)
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (faces.crops, teacher)) as pool:
        embeddings = np.concatenate(list(pool.map(_taught_share, shares)))
    return dataclasses.replace(faces, views=views, embeddings=embeddings)


_crops: np.ndarray
_teacher: Teacher


def _begin(crops: np.ndarray, teacher: Path) -> None:
    """Initialise a process: one thread, since there are as many processes as cores."""
    global _crops, _teacher
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    _crops, _teacher = crops, Teacher(teacher)


def _taught_share(views: np.ndarray) -> np.ndarray:
    return taught(_crops, views, _teacher)
