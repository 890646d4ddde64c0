from pathlib import Path

import numpy as np
import pytest

from engine.errors import UserError
from training.embedding.faces import SIDE, PreparedFaces
from training.embedding.teaching import Teacher, taught, with_views
from training.embedding.views import COLUMNS, plain_views

ONNX = Path(__file__).parents[4] / "shared/data/helpers/face-embedding.onnx"


@pytest.fixture
def faces():
    rng = np.random.default_rng(0)
    crops = rng.integers(0, 255, (3, SIDE, SIDE, 3), np.uint8)
    return PreparedFaces(crops, plain_views(3), np.zeros((3, 512), np.float32), np.zeros((0, 3), np.int64))


@pytest.mark.skipif(not ONNX.exists(), reason="the shared data are not here")
def test_views_that_several_processes_draw_are_taught_as_by_one(faces):
    more = with_views(faces, ONNX, each=3, seed=1, processes=2)
    assert more.views.shape == (9, len(COLUMNS))
    assert np.array_equal(more.views[:3], plain_views(3))
    np.testing.assert_allclose(more.embeddings, taught(faces.crops, more.views, Teacher(ONNX)), atol=1e-5)


def test_a_missing_teacher_is_reported_at_the_start(faces, tmp_path):
    with pytest.raises(UserError, match=r"teacher\.onnx"):
        with_views(faces, tmp_path / "teacher.onnx", each=2, seed=0)
