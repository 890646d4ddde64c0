import pytest
import torch

from engine.errors import UserError
from training.devices import device_for, of_rank


@pytest.mark.parametrize("wish", ["foo", "cuda:99", "meta", ""])
def test_a_device_that_is_not_there_is_a_sentence(wish):
    with pytest.raises(UserError, match=f"There is no device {wish!r}"):
        device_for(wish)


def test_a_device_without_a_driver_is_a_sentence(monkeypatch):
    def no_driver(*args, **options):
        raise RuntimeError("Found no NVIDIA driver on your system.")

    monkeypatch.setattr(torch, "empty", no_driver)
    with pytest.raises(UserError, match="'cuda'"):
        device_for("cuda")


def test_the_fastest_device_is_one_that_works():
    assert device_for("auto").type in {"cpu", "cuda", "mps"}
    assert device_for("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("device", "environment", "own"),
    [
        ("cuda", {"LOCAL_RANK": "3"}, "cuda:3"),
        ("cuda", {}, "cuda"),
        ("cuda:1", {"LOCAL_RANK": "3"}, "cuda:1"),
        ("cpu", {"LOCAL_RANK": "3"}, "cpu"),
    ],
)
def test_each_rank_has_a_gpu_of_its_own(device, environment, own):
    assert of_rank(torch.device(device), environment) == torch.device(own)
