"""Fixtures of the command line's tests: an empty folder, pictures in it, and commands run in this process."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.__main__ import main
from engine.faces.detection import FaceFinder
from engine.faces.face import Face


@pytest.fixture
def small():
    """Return the settings of a fast wrfn."""
    return {"blocks": 1, "channels": 8, "skip": False}


@pytest.fixture
def face():
    return Face(
        (20.0, 20.0, 70.0, 75.0), ((35.0, 40.0), (55.0, 40.0), (45.0, 50.0), (37.0, 62.0), (53.0, 62.0)), 0.99, 0.5
    )


@pytest.fixture
def here(tmp_path, monkeypatch, install, small, face, few_searches):
    """Return an empty folder with random weights of wrfn; no network looks for faces, few searches for kernels."""
    install("wrfn", settings=small, experimental=False)
    monkeypatch.setattr(FaceFinder, "__init__", lambda self, device: None)
    monkeypatch.setattr(FaceFinder, "find", lambda self, pixels, smallest: [face])
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def draw():
    """Return a function that saves a picture under a name, of a size (height, width)."""

    def drawn(path: str | Path, size: tuple[int, int] = (90, 100), **kwargs) -> Path:
        rng = np.random.default_rng(0)
        Image.fromarray(rng.integers(30, 220, (size[0] // 10 + 1, size[1] // 10 + 1, 3), dtype=np.uint8)).resize(
            size[::-1], Image.Resampling.NEAREST
        ).save(path, **kwargs)
        return Path(path)

    return drawn


@pytest.fixture
def run():
    """Return a function that runs a command and returns its exit code."""
    return lambda *arguments: main([str(argument) for argument in arguments])


@pytest.fixture
def document(capsys):
    """Return a function that returns the one JSON document on standard output."""
    return lambda: json.loads(capsys.readouterr().out)
