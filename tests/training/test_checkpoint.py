import pytest
import torch

from engine.errors import UserError
from training import checkpoint


def test_a_checkpoint_comes_back_with_its_facts(tmp_path):
    checkpoint.save(tmp_path / "run", {"a": torch.arange(3)}, {"recipe": "wrfn"})
    tensors, facts = checkpoint.load(tmp_path / "run")
    assert torch.equal(tensors["a"], torch.arange(3)) and facts == {"recipe": "wrfn"}


def test_a_full_disk_is_a_sentence_and_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    checkpoint.save(tmp_path, {"a": torch.zeros(1)}, {})
    monkeypatch.setattr("engine.whole_files.os.fsync", full)
    with pytest.raises(UserError, match="cannot be written: the disk is full"):
        checkpoint.save(tmp_path, {"a": torch.ones(1)}, {})
    assert checkpoint.load(tmp_path)[0]["a"] == 0
    assert [file.name for file in tmp_path.iterdir()] == [checkpoint.NAME]


def test_a_checkpoint_that_is_none_is_a_sentence(tmp_path):
    (tmp_path / checkpoint.NAME).write_bytes(b"junk")
    with pytest.raises(UserError, match="cannot be read"):
        checkpoint.load(tmp_path)
