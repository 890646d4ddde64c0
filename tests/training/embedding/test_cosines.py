import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.errors import UserError
from engine.faces.embedding.network import FaceEmbedding
from training.degradation import Degradation
from training.embedding.cosines import QUANTILES, cosines, embedded, read_embedding
from training.embedding.faces import SIDE, PreparedFaces
from training.embedding.views import plain_views

CPU = torch.device("cpu")
SOME_BLUR = Degradation(largest=9, kernels=8)


class Means(torch.nn.Module):
    """Embeds a face by its mean colour, which blur does not change, as a unit vector about grey."""

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.normalize(faces.mean(dim=(2, 3)) - 0.5, dim=1)


@pytest.fixture
def pairs() -> PreparedFaces:
    """Return three people of one colour each, twice."""
    colours = np.array([(230, 20, 20), (20, 230, 20), (20, 20, 230)] * 2, np.uint8)
    crops = np.broadcast_to(colours[:, None, None], (6, SIDE, SIDE, 3)).copy()
    listed = [(a, b, int(a == b - 3)) for a in range(3) for b in range(3, 6)]
    taught = (colours / 255 - 0.5).astype(np.float32)  # by a teacher of three numbers, which equals `Means`
    return PreparedFaces(crops, plain_views(6), taught, np.array(listed, np.int64))


def rest(faces: PreparedFaces) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return faces.views, faces.embeddings, faces.pairs


def test_people_who_differ_lie_below_the_limits_and_one_person_above(pairs):
    found = cosines(Means(), pairs, CPU, SOME_BLUR)
    assert found["pairs"] == 9
    for part in ("sharp_sharp", "sharp_blurred"):
        assert found[part]["accuracy"] == 1
        assert found[part]["different"]["0.99"] < found[part]["threshold"] < found[part]["same"]["0.01"]
    assert found["one_photo_sharp_blurred"]["0.01"] > 0.95
    assert found["to_teacher"] > 0.99
    limits = found["limits"]
    assert limits["same"] == found["one_photo_sharp_blurred"]["0.05"]
    assert limits["doubtful"] < found["sharp_blurred"]["same"]["0.01"] and limits["doubtful"] < limits["same"]


def test_a_network_that_cannot_distinguish_people_gets_limits_in_order(pairs):
    # The network sees all faces as one, except for the effect of blur: strangers are as near as a face to itself.
    limits = cosines(Means(), PreparedFaces(pairs.crops[:1].repeat(6, 0), *rest(pairs)), CPU, SOME_BLUR)["limits"]
    assert limits["same"] >= limits["doubtful"] > 0.9


def test_the_quantiles_grow(pairs):
    values = cosines(Means(), pairs, CPU, SOME_BLUR)["sharp_blurred"]["different"]
    assert list(values) == [f"{q:g}" for q in QUANTILES]
    assert list(values.values()) == sorted(values.values())


def test_blur_changes_pictures_and_the_seed_decides_how(pairs):
    rng = np.random.default_rng(0)
    textured = PreparedFaces(rng.integers(0, 255, pairs.crops.shape, np.uint8), *rest(pairs))
    plain, first, again = (embedded(torch.nn.Flatten(), textured, CPU, blur) for blur in (None, SOME_BLUR, SOME_BLUR))
    assert np.array_equal(first, again)
    assert first.std() < 0.7 * plain.std()


def test_weights_are_read_from_a_file_and_from_a_checkpoint(tmp_path):
    network = FaceEmbedding()
    state = {
        name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in network.state_dict().items()
    }
    save_file(state, tmp_path / "weights.safetensors")
    other = {f"network.{name}": torch.zeros_like(tensor) for name, tensor in state.items()}
    save_file({f"average.{n}": t for n, t in state.items()} | other, tmp_path / "checkpoint.safetensors")
    for name in ("weights", "checkpoint"):
        read = read_embedding(tmp_path / f"{name}.safetensors").state_dict()
        assert all(torch.equal(read[key].to(value.dtype), value) for key, value in state.items())


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_invalid_weights_are_named(tmp_path, content):
    path = tmp_path / "weights.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"weights\.safetensors"):
        read_embedding(path)


def test_the_weights_of_another_network_are_refused(tmp_path):
    save_file({"kernel": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match=r"other\.safetensors"):
        read_embedding(tmp_path / "other.safetensors")
