import numpy as np
import pytest

from engine.errors import UserError
from engine.faces.alignment import similarity
from engine.faces.templates import EMBEDDING
from training.embedding.faces import MARGIN, SIDE, WIDE, PreparedFaces, recoded
from training.embedding.views import plain_views


def smooth(faces: int) -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE]
    pictures = [np.stack([x + 9 * i, y, (x + y) // 2], axis=-1) for i in range(faces)]
    return np.stack([recoded(p.astype(np.uint8)) for p in pictures])


def test_saved_values_come_back(tmp_path):
    crops = smooth(3)
    embeddings = np.random.default_rng(0).normal(size=(3, 512)).astype(np.float32)
    pairs = np.array([[0, 1, 1], [1, 2, 0]])
    origin = [{"name": "ffhq", "licence": "FFHQ, CC BY-NC-SA 4.0", "pictures": 3}]
    PreparedFaces(crops, plain_views(3), embeddings, pairs, origin).save(tmp_path / "faces.npz")
    back = PreparedFaces.load(tmp_path / "faces.npz")
    assert back.crops.shape == (3, SIDE, SIDE, 3)
    assert np.abs(back.crops.astype(int) - crops).max() <= 8  # WebP loses a little each time
    assert np.array_equal(back.views, plain_views(3))
    assert np.allclose(back.embeddings, embeddings, atol=2e-3)
    assert np.array_equal(back.pairs, pairs)
    assert back.origin == origin


def test_a_file_from_before_origins_were_kept_can_be_read(tmp_path):
    whole, old = tmp_path / "faces.npz", tmp_path / "old.npz"
    PreparedFaces(smooth(1), plain_views(1), np.zeros((1, 512), np.float32), np.zeros((0, 3), np.int64)).save(whole)
    with np.load(whole) as file:
        np.savez(old, **{name: file[name] for name in file if name != "origin"})
    assert PreparedFaces.load(old).origin == ()


def test_recoding_is_what_saving_does(tmp_path):
    raw = smooth(1)
    PreparedFaces(raw, plain_views(1), np.zeros((1, 512), np.float32), np.zeros((0, 3), np.int64)).save(
        tmp_path / "faces.npz"
    )
    assert np.array_equal(PreparedFaces.load(tmp_path / "faces.npz").crops[0], recoded(raw[0]))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04", None])
def test_a_broken_or_missing_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "faces.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match="faces"):
        PreparedFaces.load(path)


def test_an_npz_of_something_else_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", kernels=np.zeros(3))
    with pytest.raises(UserError, match="no prepared faces"):
        PreparedFaces.load(tmp_path / "other.npz")


def test_the_wide_template_is_the_embeddings_with_a_margin():
    matrix = similarity(EMBEDDING.points, WIDE.points)
    assert np.allclose(matrix, [[1, 0, MARGIN], [0, 1, MARGIN]])


def test_a_failure_to_write_is_reported_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    faces = PreparedFaces(smooth(1), plain_views(1), np.zeros((1, 512), np.float32), np.zeros((0, 3), np.int64))
    monkeypatch.setattr("engine.whole_files.os.fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        faces.save(tmp_path / "faces.npz")
    assert not list(tmp_path.iterdir())
