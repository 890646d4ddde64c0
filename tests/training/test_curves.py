import json
import math

import pytest

from engine.errors import UserError
from resources import resource
from training.__main__ import main
from training.curves import RATES, Point, curves, of_weights, points_of, points_of_run, table
from training.recipe import recipes


def scores(gain):
    return {"psnr": 20.0 + gain, "input_psnr": 20.0}


def test_a_card_has_a_point_for_each_burst_that_was_judged():
    card = {
        "bursts": [{"samples": 100, "held_out": scores(1.0)}, {"samples": 50}, {"samples": 250}],
        "evaluations": {"held out": scores(2.0)},
    }
    assert points_of(card) == [Point(100, 1.0), Point(400, 2.0)]
    assert points_of({}) == []


def test_a_burst_of_a_part_alone_does_not_count():
    bursts = [
        {"samples": 100, "stages": ["coarse", "together"], "held_out": scores(1.0)},
        {"samples": 50, "stages": ["parsing"], "held_out": scores(3.0)},
    ]
    assert points_of({"method": "semantic", "bursts": bursts}) == [Point(100, 1.0)]


def test_points_on_a_line_give_the_line_and_others_borrow_its_rise():
    found = curves(
        {
            "deepdeblur": [Point(1_000, 0.5)],
            "wrfn": [Point(4_000, 1.5), Point(1_000, 0.5), Point(2_000, 1.0)],
        }
    )
    wrfn, other = sorted(found, key=lambda curve: curve.borrowed)
    assert (wrfn.method, wrfn.borrowed, other.method, other.borrowed) == ("wrfn", False, "deepdeblur", True)
    assert wrfn.rise == pytest.approx(0.5) == pytest.approx(other.rise)
    assert wrfn.gain(8_000) == pytest.approx(2.0)
    assert other.gain(2_000) == pytest.approx(1.0)
    assert wrfn.spread == pytest.approx(0.0, abs=1e-9) and other.spread is None


def test_the_method_comes_first_that_an_hour_of_a_gpu_teaches_most():
    found = curves(
        {"wrfn": [Point(1_000, 1.0), Point(10**9, 2.0)], "semantic": [Point(1_000, 0.0), Point(2_000, 1.0)]}
    )
    assert [curve.method for curve in found] == ["semantic", "wrfn"]
    semantic = found[0]
    assert semantic.worth(10) == pytest.approx(math.log2(1 + 10 * RATES["semantic"] / 2_000))


def test_without_two_points_of_any_method_there_is_no_curve():
    with pytest.raises(UserError, match="two held-out figures"):
        curves({"wrfn": [Point(1_000, 1.0)], "semantic": []})


def test_the_looks_of_a_run_count_behind_earlier_bursts(tmp_path):
    entries = [
        {"event": "begun", "recipe": "wrfn@skip=with", "samples": 0, "input": {"psnr": 20.0, "input_psnr": 20.0}},
        {"step": 3, "samples": 10, "losses": {}},
        {"event": "judged", "samples": 20, "held_out": scores(0.5)},
        {"event": "ended", "samples": 40, "held_out": scores(0.75)},
    ]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    (tmp_path / "wrfn.json").write_text(json.dumps({"bursts": [{"samples": 100}, {"samples": 40}]}))
    assert points_of_run(tmp_path) == ("wrfn", [Point(120, 0.5), Point(140, 0.75)])


@pytest.mark.parametrize("text", ["", "junk", "{}"])
def test_a_folder_without_a_run_is_a_sentence(text, tmp_path):
    (tmp_path / "metrics.jsonl").write_text(text)
    with pytest.raises(UserError, match="no training run"):
        points_of_run(tmp_path)


def test_every_recipe_has_a_rate_and_the_cards_that_ship_have_a_point():
    assert sorted(RATES) == recipes()
    points = of_weights(resource("weights"))
    assert all(points.values())
    lines = table(curves(points)).splitlines()
    assert len(lines) == 2 + len(RATES)
    assert all("million" in lines[0] and line.count("|") == lines[0].count("|") for line in lines)


def test_the_command_shows_the_table(tmp_path, caplog):
    caplog.set_level("INFO")
    assert main(["curves"]) == 0
    assert "dB a doubling" in caplog.text
