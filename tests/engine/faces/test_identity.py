import numpy as np
import pytest
from skimage.data import astronaut
from skimage.filters import gaussian

from engine.faces.embedding import SIZE
from engine.faces.face import Face
from engine.faces.identity import Identity
from engine.weights import WeightsError

FACE = Face((160, 60, 280, 220), ((202, 113), (245, 111), (225, 140), (206, 165), (242, 164)), 1.0, 1.0)


@pytest.fixture
def photo():
    return (astronaut() / 255).astype(np.float32)


def test_a_face_is_itself(embedding, photo):
    assert Identity().similarity(photo, photo, [FACE, FACE]) == pytest.approx([1, 1], abs=1e-5)


def test_a_changed_face_has_other_numbers(embedding, photo):
    identity = Identity()
    changed = gaussian(photo, 6, channel_axis=2).astype(np.float32)
    assert np.abs(identity.embed(photo, [FACE]) - identity.embed(changed, [FACE])).max() > 1e-6


def test_embeddings_have_length_one_and_none_is_no_error(embedding, photo):
    identity = Identity()
    assert np.linalg.norm(identity.embed(photo, [FACE]), axis=1) == pytest.approx([1], abs=1e-5)
    assert identity.embed(photo, []).shape == (0, SIZE)


def test_without_weights_it_is_a_sentence(weights_folder, monkeypatch):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    with pytest.raises(WeightsError, match="identities"):
        Identity()
