"""A training set of a few pictures and sessions that last seconds."""

import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.data import astronaut

from engine.networks.registry import method
from training.batches import BatchMaker
from training.degradation import kernel_bank
from training.options import TrainOptions
from training.progress import Budget
from training.recipe import recipe
from training.sharp import SharpSet
from training.trainer import RunOptions, Trainer

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    picture = Image.fromarray(astronaut())
    for i in range(8):
        left, top = 32 * i, 20 * i
        picture.crop((left, top, left + 220, top + 200)).save(folder / f"{i}.png")
    return folder


@pytest.fixture
def options(photos, tmp_path):
    def make(samples=16, **changes):
        chosen = {
            "recipe": "wrfn", "photos": (photos,), "budget": Budget(samples=samples), "folder": tmp_path / "run",
            "device": "cpu", "start": "scratch", "crop": 40, "batch": 4, "kernels": 20, "largest_kernel": 9,
            "judged": 2,
        }  # fmt: skip
        return TrainOptions(**{**chosen, **changes})

    return make


@pytest.fixture(scope="session")
def small():
    """Return settings of smaller networks of the same design, so that a step takes milliseconds."""
    return {
        "wrfn": {"blocks": 2, "channels": 16},
        "deepdeblur": {"modules": 1, "channels": 16},
        "semantic": {"channels": 8, "widths": (4, 8, 16, 32, 64)},
        "analysis-synthesis": {"kernel_sizes": (15,), "features": 8, "maps": 4, "channels": 16, "levels": 2},
        "learned-deconv": {"scales": (5, 7, 9), "filters": 8},
    }


@pytest.fixture
def small_sessions(small, monkeypatch):
    """Let sessions train a small wrfn, and judge it on small crops."""
    chosen = dataclasses.replace(recipe("wrfn"), settings=small["wrfn"], judge=(40, 40))
    monkeypatch.setattr("training.session.recipe", lambda name: chosen if name == "wrfn" else recipe(name))


@pytest.fixture
def trainer(tmp_path, small):
    """Return a function that makes a trainer of a small network; samples: the budget, changes: of the recipe."""

    def make(samples=100, ranks=None, stop=None, call_minutes=None, **changes):
        chosen = recipe("wrfn")
        stages = tuple(dataclasses.replace(stage, crop=(20, 20), batch=2) for stage in chosen.stages)
        blur = dataclasses.replace(chosen.degradation, largest=9, kernels=4)
        adapted = {"stages": stages, "degradation": blur, "settings": small["wrfn"]}
        chosen = dataclasses.replace(chosen, **{**adapted, **changes})
        photos = SharpSet([np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8)])
        maker = BatchMaker(photos, kernel_bank(blur, 0), blur, CPU, 0)
        options = RunOptions(tmp_path, Budget(samples=samples), CPU, call_minutes, reduced=False)
        network = method("wrfn").build(chosen.settings)
        return Trainer(chosen, network, maker, None, options, ranks, stop=stop)

    return make
