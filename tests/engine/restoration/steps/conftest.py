from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.face_search import FaceSearch
from engine.restoration.loaded import Loaded
from engine.restoration.run import Run

MARKS = ((55.0, 55.0), (75.0, 55.0), (65.0, 65.0), (57.0, 78.0), (73.0, 78.0))
FACE = Face((40.0, 30.0, 90.0, 95.0), MARKS, 0.99, 0.5)


@pytest.fixture
def run_of(monkeypatch) -> Callable[..., Run]:
    """Return run_of(**request), the run of a photo with edges and one face, of which no network is loaded yet."""
    monkeypatch.setattr(FaceSearch, "_searched", lambda self, pixels, smallest, watch: [FACE])

    def made(**asked) -> Run:
        coarse = np.random.default_rng(0).random((12, 14, 3), dtype=np.float32)
        photo = Photo(np.repeat(np.repeat(coarse, 10, 0), 10, 1) * 0.8 + 0.1)
        return Run.of(replace(Request(device="cpu"), **asked), photo, Loaded())

    return made
