import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.own_weights import adopt, fit_name, remove
from engine.weights import find_weights, installed, load_network

SMALL = {"blocks": 1, "channels": 8}


@pytest.fixture
def run_card(install):
    """Return the card of a run: weights outside the user's folder."""
    return install("wrfn", settings=SMALL, samples_seen=77, note="kept")


def test_adopted_weights_are_found_and_run(run_card, tmp_path):
    shelf = tmp_path / "own"
    adopted = adopt(run_card, "my faces, 2026-11-21", shelf)
    assert adopted == "wrfn@my faces 2026-11-21"
    found = find_weights(adopted, [shelf])
    assert found.card.samples_seen == 77 and found.card.extra["note"] == "kept" and found.card.id == adopted
    assert load_network(adopted, [shelf])(torch.zeros(1, 3, 20, 20)).shape == (1, 3, 20, 20)
    assert json.loads(run_card.read_text())["id"] == "wrfn"


def test_nothing_is_overwritten(run_card, tmp_path):
    names = [adopt(run_card, "mine", tmp_path / "own") for _ in range(3)]
    assert names == ["wrfn@mine", "wrfn@mine 2", "wrfn@mine 3"]
    assert len(installed([tmp_path / "own"])) == 3


def test_they_go_as_they_came(run_card, tmp_path):
    shelf = tmp_path / "own"
    remove(adopt(run_card, "mine", shelf), shelf)
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize("weights_id", ["wrfn", "wrfn@../wrfn", "../x@y/z"])
def test_nothing_else_can_be_removed(run_card, weights_id):
    with pytest.raises(UserError, match="no weights of your own"):
        remove(weights_id, run_card.parent)
    assert run_card.exists()


def test_damaged_weights_are_not_adopted(run_card, tmp_path):
    weights = run_card.with_suffix(".safetensors")
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(UserError, match=r"wrfn\.safetensors"):
        adopt(run_card, "mine", tmp_path / "own")
    assert not (tmp_path / "own").exists()


@given(st.text())
def test_any_name_is_made_fit_for_a_file_and_a_list_of_ids(name):
    fit = fit_name(name)
    assert fit and fit_name(fit) == fit
    assert not set(fit) & set('<>:"/\\|?*@,\n') and not fit.startswith(".") and len(fit) <= 60
