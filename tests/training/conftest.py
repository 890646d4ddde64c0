"""A training set of a few pictures and sessions that last seconds."""

import pytest
from PIL import Image
from skimage.data import astronaut

from training.progress import Budget
from training.session import TrainOptions


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
    """Settings of smaller networks of the same build, so that a step takes milliseconds."""
    return {
        "wrfn": {"blocks": 2, "channels": 16},
        "deepdeblur": {"modules": 1, "channels": 16},
        "semantic": {},
        "analysis-synthesis": {"kernel_sizes": (15,), "features": 8, "maps": 4, "channels": 16, "levels": 2},
        "learned-deconv": {"scales": (5, 7, 9), "filters": 8},
    }
