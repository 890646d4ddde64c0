import json
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.request import Request


@pytest.mark.parametrize(
    "request_", [Request(), Request(photo=Path("a.png"), field=True, faces=((1.0, 2.0, 3.0, 4.0),)), Request(tile=64)]
)
def test_json_both_ways(request_):
    assert Request.from_json(json.loads(json.dumps(request_.to_json()))) == request_


@pytest.mark.parametrize("wrong", [{"strength": 2}, {"grain": -0.1}, {"tile": 3}, {"smallest_face": 0}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(UserError):
        Request(**wrong)


def test_an_unknown_setting_is_a_sentence():
    with pytest.raises(UserError, match="does not know the setting 'fields'"):
        Request.from_json({"fields": True})


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": "gpu"},
        {"region": "moon"},
        {"region": ["auto"]},
        {"strength": "x"},
        {"strength": True},
        {"tile": 64.5},
        {"kernel": 3},
        {"faces": 1},
        {"method": None},
    ],
    ids=str,
)
def test_a_value_of_the_wrong_kind_is_a_sentence(wrong):
    with pytest.raises(UserError, match=f"The setting '{next(iter(wrong))}' cannot be"):
        Request.from_json(wrong)


def test_whole_numbers_and_nothing_fit_where_they_may():
    assert Request.from_json({"strength": 1, "tile": None, "kernel": None, "faces": []}).strength == 1
