from typing import ClassVar

import numpy as np
import pytest
import torch

from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.restoration import face_search
from engine.restoration.face_search import FaceSearch
from engine.restoration.watch import Watch

MARKS = ((55.0, 55.0), (75.0, 55.0), (65.0, 65.0), (57.0, 78.0), (73.0, 78.0))
FACES = [Face((40.0, 30.0, 90.0, 95.0), MARKS, 0.99, 0.5), Face((10.0, 10.0, 40.0, 40.0), MARKS, 0.99, 0.5)]


class Finder:
    """Finds the same faces in every photo, unless its device is lost."""

    made: ClassVar[list[str]] = []
    sizes: ClassVar[list[int]] = []

    def __init__(self, device: str = "cpu") -> None:
        self.made.append(device)

    def find(self, pixels: np.ndarray, smallest: int) -> list[Face]:
        if self.made[-1] != "cpu":
            raise RuntimeError("CUDA error: device-side assert triggered")
        self.sizes.append(smallest)
        return [face for face in FACES if face.size >= smallest]


@pytest.fixture
def finder(monkeypatch):
    monkeypatch.setattr(Finder, "made", [])
    monkeypatch.setattr(Finder, "sizes", [])
    monkeypatch.setattr(face_search, "FaceFinder", Finder)
    return Finder


def test_a_photo_is_searched_again_only_for_smaller_faces(finder):
    search, photo, watch = FaceSearch(), Photo(np.zeros((100, 100, 3), np.float32)), Watch()
    assert not search.knows(photo)
    assert search.find(photo, 40, watch) == FACES[:1] and search.knows(photo)
    assert search.find(photo, 60, watch) == FACES[:1] and search.find(photo, 70, watch) == []
    assert search.find(photo, 20, watch) == FACES and search.find(photo, 40, watch) == FACES[:1]
    assert finder.sizes == [40, 20] and finder.made == ["cpu"]


def test_a_device_that_is_lost_leaves_the_search_to_the_cpu(finder, monkeypatch):
    lost = []
    monkeypatch.setattr(face_search, "choose_device", lambda: torch.device("cuda"))
    monkeypatch.setattr(face_search, "says_lost", lambda error: True)
    monkeypatch.setattr(face_search, "lose_device", lost.append)
    watch = Watch()
    assert FaceSearch().find(Photo(np.zeros((100, 100, 3), np.float32)), 40, watch) == FACES[:1]
    assert finder.made == ["cuda", "cpu"] and lost == [torch.device("cuda")]
    assert watch.notes == ["The device cuda failed: went on with the CPU."]


def test_any_other_error_is_raised(finder, monkeypatch):
    monkeypatch.setattr(face_search, "choose_device", lambda: torch.device("cuda"))
    with pytest.raises(RuntimeError, match="device-side assert"):
        monkeypatch.setattr(face_search, "says_lost", lambda error: False)
        FaceSearch().find(Photo(np.zeros((100, 100, 3), np.float32)), 40, Watch())
