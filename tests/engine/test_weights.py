import dataclasses
import json
import pickle

import pytest
import torch

from engine.errors import UserError
from engine.weights import (
    Card,
    WeightsError,
    find_weights,
    installed,
    load,
    load_network,
    problems,
    user_folder,
)

SMALL = {"blocks": 1, "channels": 8}


@pytest.fixture
def card(install):
    return install("wrfn", settings=SMALL)


def rewrite(card, **changes):
    card.write_text(json.dumps({**json.loads(card.read_text()), **changes}))


def test_weights_come_back_as_float32_ready_to_run(card):
    network = load_network("wrfn")
    assert all(p.dtype == torch.float32 and not p.requires_grad for p in network.parameters())
    assert not network.training
    assert len(network.blocks) == 1
    torch.manual_seed(0)
    from engine.networks.registry import method

    original = method("wrfn").build(SMALL).state_dict()
    assert all(torch.equal(original[k].half().float(), t) for k, t in network.state_dict().items())


def test_own_weights_under_a_name_of_their_own(install):
    install("wrfn", name="mine", settings=SMALL)
    found = find_weights("wrfn@mine")
    assert found is not None and found.card.method == "wrfn" and not found.shipped
    assert load_network("wrfn@mine").training is False
    assert "wrfn@mine" in [weights.card.id for weights in installed()]


def test_the_first_folder_wins(install, tmp_path, monkeypatch):
    install("wrfn", settings=SMALL, title="first")
    other = tmp_path / "other"
    other.mkdir()
    (other / "wrfn.json").write_text(json.dumps({"id": "wrfn", "method": "wrfn", "title": "second"}))
    folder = tmp_path / "weights"
    assert find_weights("wrfn", [folder, other]).card.title == "first"
    assert find_weights("wrfn", [other, folder]).card.title == "second"
    assert [w.card.title for w in installed([other, folder])] == ["second"]


def test_unknown_keys_of_a_card_are_kept():
    plain = {"id": "wrfn", "method": "wrfn", "paper": "a paper", "budget": {"minutes": 3}}
    card = Card.from_json(plain)
    assert card.extra == {"paper": "a paper", "budget": {"minutes": 3}}
    assert Card.from_json(card.to_json()) == card
    assert card.to_json()["paper"] == "a paper"


def test_no_weights_is_a_sentence(weights_folder):
    assert find_weights("deepdeblur", [weights_folder]) is None
    with pytest.raises(WeightsError, match=r"No weights are installed for Faces, small and fast \(deepdeblur\)"):
        load_network("deepdeblur", [weights_folder])


def test_every_weights_error_names_the_file(card):
    weights = card.with_suffix(".safetensors")
    data = weights.read_bytes()
    damaged = {
        "cut short": data[:40],
        "damaged or was changed": data[: len(data) // 2],
        "its SHA-256": data[:-1] + bytes([data[-1] ^ 1]),
        "is a pickle": pickle.dumps({"a": 1}),
        "no safetensors": b"hello",
    }
    for words, content in damaged.items():
        weights.write_bytes(content)
        with pytest.raises(WeightsError, match=words) as caught:
            load_network("wrfn")
        assert "wrfn.safetensors" in str(caught.value)
    weights.unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        load_network("wrfn")


def test_a_pickle_with_a_correct_checksum_is_refused_too(card, tmp_path):
    import hashlib

    path = card.with_suffix(".safetensors")
    torch.save({"a": torch.ones(1)}, path)
    rewrite(card, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(WeightsError, match="pickle"):
        load_network("wrfn")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "newer version"),
        ({"settings": {"channels": 16}}, "do not fit"),
        ({"settings": {"colour": "red"}}, "do not fit"),
        ({"settings": "red"}, "'settings' is of the wrong kind"),
        ({"sha256": ""}, "SHA-256"),
        ({"method": None}, "'method' is of the wrong kind"),
        ({"samples_seen": None}, "'samples_seen' is of the wrong kind"),
        ({"minutes": "3"}, "'minutes' is of the wrong kind"),
        ({"method": "nosuch"}, "no method 'nosuch'"),
    ],
)
def test_a_card_that_does_not_fit_is_a_sentence(card, changes, words):
    rewrite(card, **changes)
    with pytest.raises(UserError, match=words):
        load_network("wrfn")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"id": 3}', "[" * 100_000, "\x00"])
def test_a_card_that_is_none_is_a_sentence(card, text):
    card.write_text(text)
    with pytest.raises(WeightsError, match=r"The card .*wrfn\.json cannot be read"):
        find_weights("wrfn")
    assert "wrfn" not in [w.card.id for w in installed([card.parent])]
    assert list(problems([card.parent]).values()) != [None]


def test_problems_distinguishes_good_from_bad(card, install):
    bad = install("wrfn", name="bad", settings=SMALL)
    bad.with_suffix(".safetensors").write_bytes(b"x")
    report = problems([card.parent])
    assert report[card] is None
    assert "cut short" in report[bad]


def test_a_card_is_plain_data(card):
    found = find_weights("wrfn")
    assert dataclasses.asdict(found.card)["settings"] == SMALL
    assert load(found).stride == 5


def test_the_user_has_a_folder(folders_of_nobody):
    assert user_folder() == folders_of_nobody / "user_data_dir" / "weights"
