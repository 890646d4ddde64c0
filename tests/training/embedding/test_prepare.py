import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import UserError
from engine.faces.face import Face
from training.embedding import prepare
from training.embedding.faces import SIDE, WIDE
from training.embedding.pairs import best_threshold
from training.embedding.teaching import Teacher
from training.embedding.views import COLUMNS, render

SHARED = Path(__file__).parents[4] / "shared/data"
LFW = SHARED / "faces/lfw-pairs.zip"
ONNX = SHARED / "helpers/face-embedding.onnx"


class OneFaceFinder:
    """Finds a face on the template in every picture that is not black."""

    def find(self, pixels: np.ndarray) -> list[Face]:
        return [Face((0, 0, SIDE, SIDE), WIDE.points, 1.0, 1.0)] if pixels.any() else []


def mean_colours(faces: np.ndarray) -> np.ndarray:
    return np.pad(faces.mean(axis=(2, 3)), ((0, 0), (0, 509)))


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setattr(prepare, "FaceFinder", OneFaceFinder)
    path = tmp_path / "pairs.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, colour in (("a.png", (200, 0, 0)), ("b.png", (0, 200, 0)), ("none.png", (0, 0, 0))):
            data = io.BytesIO()
            Image.new("RGB", (SIDE, SIDE), colour).save(data, "png")
            file.writestr(name, data.getvalue())
        file.writestr("pairs.csv", "first,second,same\na.png,b.png,0\na.png,none.png,0\na.png,a.png,1\n")
    return path


def test_pairs_count_where_both_faces_were_found(archive):
    prepared = prepare.prepare_pairs(archive, mean_colours, None)
    assert prepared.pairs.tolist() == [[0, 1, 0], [0, 0, 1]]
    assert prepared.crops.shape == (2, SIDE, SIDE, 3)
    assert np.allclose(prepared.embeddings[0, :3], [200 / 255, 0, 0], atol=0.03)


def test_training_faces_get_their_views_and_the_teachers_answer_to_each(archive):
    prepared = prepare.prepare_faces([archive], mean_colours, each=3, seed=0, most=None)
    assert prepared.views.shape == (6, len(COLUMNS))
    seen = render(torch.from_numpy(prepared.crops).permute(0, 3, 1, 2), torch.from_numpy(prepared.views), 112)
    expected = mean_colours(seen.numpy())[:, :3]
    assert np.allclose(prepared.embeddings[:, :3], expected, atol=0.03)
    assert len(prepared.pairs) == 0
    assert prepared.origin == [{"name": "own photos", "licence": "the user's own", "pictures": 2}]


def test_no_face_at_all_is_reported(archive, monkeypatch):
    monkeypatch.setattr(OneFaceFinder, "find", lambda self, pixels: [])
    with pytest.raises(UserError, match="No face"):
        prepare.prepare_faces([archive], mean_colours, each=1, seed=0, most=None)


def test_a_zip_without_pairs_and_a_missing_teacher_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(UserError, match=r"empty\.zip"):
        prepare.read_pairs(tmp_path / "empty.zip")
    with pytest.raises(UserError, match=r"teacher\.onnx"):
        Teacher(tmp_path / "teacher.onnx")


@pytest.mark.slow
@pytest.mark.skipif(not (LFW.exists() and ONNX.exists()), reason="the shared data are not here")
def test_the_teacher_distinguishes_real_people():
    prepared = prepare.prepare_pairs(LFW, Teacher(ONNX), most=24)
    first, second, same = prepared.pairs.T
    similarities = (prepared.embeddings[first] * prepared.embeddings[second]).sum(axis=1)
    threshold = best_threshold(similarities, same == 1)
    assert ((similarities > threshold) == (same == 1)).mean() > 0.9
    assert len(same) >= 20
