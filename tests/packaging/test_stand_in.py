"""The bundles' stand-in for torchvision returns the same results as torchvision."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

STAND_IN = Path(__file__).parents[2] / "packaging" / "stand_in" / "torchvision"
real = pytest.importorskip("torchvision")


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"stand_in_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


boxes = loaded(STAND_IN / "ops" / "boxes.py")
functional = loaded(STAND_IN / "transforms" / "functional.py")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.integers(1, 3), st.sampled_from([0.3, 0.5, 0.7]), st.integers(0, 2**32 - 1))
def test_keeps_the_same_boxes(count: int, classes: int, threshold: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-20, 200, (count, 2))
    found = torch.tensor(np.hstack([corners, corners + rng.uniform(5, 80, (count, 2))]), dtype=torch.float32)
    scores = torch.tensor(rng.permutation(count) / max(count, 1), dtype=torch.float32)
    kinds = torch.tensor(rng.integers(0, classes, count))
    expected = real.ops.boxes.batched_nms(found, scores, kinds, threshold)
    assert torch.equal(boxes.batched_nms(found, scores, kinds, threshold), expected)


def test_equal_scores_keep_their_order() -> None:
    found = torch.tensor([[0.0, 0, 10, 10], [50, 0, 60, 10], [0, 0, 10, 10]])
    scores, kinds = torch.ones(3), torch.zeros(3)
    expected = real.ops.boxes.batched_nms(found, scores, kinds, 0.5)
    assert torch.equal(boxes.batched_nms(found, scores, kinds, 0.5), expected)
    assert expected.tolist() == [0, 1]


def test_makes_the_same_tensor() -> None:
    picture = np.random.default_rng(0).uniform(0, 255, (4, 5, 3)).astype(np.float32)
    assert torch.equal(functional.to_tensor(picture), real.transforms.functional.to_tensor(picture))


def test_is_all_that_facenet_asks_of_torchvision() -> None:
    spec = importlib.util.find_spec("facenet_pytorch")
    assert spec is not None and spec.origin is not None
    wanted = set()
    for path in Path(spec.origin).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        wanted |= {line.strip() for line in source.splitlines() if "torchvision" in line}
        if "torchvision.transforms" in source:
            assert source.count(" F.") == source.count("F.to_tensor") == 1
    assert wanted == {
        "from torchvision.transforms import functional as F",
        "from torchvision.ops.boxes import batched_nms",
    }
