import pytest
from torch import nn

from engine.errors import UserError
from engine.weights import WeightsError, find_weights, read_checked
from training import shelf
from training.publishing import Provenance, card_beside, write_halves


def network(weight):
    made = nn.Linear(2, 2)
    nn.init.constant_(made.weight, weight)
    return made


def test_written_files_can_be_read(tmp_path):
    card = write_halves(tmp_path / "shelf", "wrfn", network(1.0), {"title": "W"})
    weights = find_weights("wrfn", [tmp_path / "shelf"])
    assert read_checked(weights) and weights.card.title == "W"
    assert sorted(file.name for file in card.parent.iterdir()) == ["wrfn.json", "wrfn.safetensors"]


def test_weights_whose_card_could_not_follow_are_refused(tmp_path, monkeypatch):
    write_halves(tmp_path, "wrfn", network(1.0), {})
    write = shelf.write_whole

    def cut_short(path, fill):
        if path.suffix == ".json":
            raise OSError(28, "No space left on device")
        write(path, fill)

    monkeypatch.setattr("training.shelf.write_whole", cut_short)
    with pytest.raises(UserError, match="cannot be written: the disk is full"):
        write_halves(tmp_path, "wrfn", network(2.0), {})
    with pytest.raises(WeightsError, match="SHA-256"):
        read_checked(find_weights("wrfn", [tmp_path]))


def test_a_place_that_cannot_be_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        write_halves(tmp_path / "file" / "shelf", "wrfn", network(1.0), {})


@pytest.mark.parametrize("text", ["[]", "junk", "[" * 5000])
def test_an_invalid_card_counts_as_none(text, tmp_path):
    (tmp_path / "wrfn.json").write_text(text)
    assert card_beside(tmp_path / "wrfn.safetensors") == {}


def test_a_later_burst_with_fewer_photos_takes_none_from_the_card():
    def source(name, pictures):
        return {"name": name, "licence": "L", "pictures": pictures}

    before = {"data": [source("a", 9), source("b", 2)]}
    data = Provenance([source("b", 5), source("a", 3)], {}, None, before=before).of_all_bursts()
    assert data == [source("a", 9), source("b", 5)]
