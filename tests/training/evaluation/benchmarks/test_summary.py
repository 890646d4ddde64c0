"""The figures of many pictures."""

from dataclasses import replace

import pytest

from training.evaluation.benchmarks.summary import PictureFigures, by_half, by_kind, summed_up

ONE = PictureFigures("a", "day", "tune", 30.0, 0.9, 1.5, 0.8, "well", "l0-deconv", 2.0)
BAD = PictureFigures("b", "night", "judge", 20.0, 0.7, 3.5, 0.3, "well", "l0-deconv", 4.0)
UNKNOWN = PictureFigures("c", "day", "tune", None, None, None, None, "changed", "wrfn", 0.0)


def test_means_worst_cases_and_counts():
    summary = summed_up("l0-deconv", "all", [ONE, BAD, UNKNOWN])
    assert (summary.pictures, summary.psnr, summary.worst_psnr, summary.ssim) == (3, 25, 20, pytest.approx(0.8))
    assert (summary.below_2, summary.below_3, summary.worst_ratio) == (0.5, 0.5, 3.5)
    assert (summary.similarity, summary.found, summary.known) == (pytest.approx(0.55), 1, 2)
    assert (summary.verdicts, summary.seconds) == ({"well": 2, "changed": 1}, 2)


@pytest.mark.parametrize(
    ("change", "falsely"),
    [({}, True), ({"verdict": "partly"}, False), ({"similarity": 0.7}, False), ({"similarity": None}, False)],
)
def test_well_is_false_where_the_published_kernel_was_not_found(change, falsely):
    assert replace(BAD, **change).falsely_well == falsely


def test_rows_are_given_for_each_half_and_for_both():
    output = [(summary.part, summary.row, summary.pictures) for summary in by_half({"x": [ONE, BAD, UNKNOWN]})]
    assert output == [("judge", "x", 1), ("tune", "x", 2), ("all", "x", 3)]
    assert [summary.part for summary in by_half({"x": [ONE], "y": [ONE]})] == ["tune", "tune"]


def test_rows_are_given_for_each_kind():
    output = [(summary.part, summary.row, summary.psnr) for summary in by_kind({"x": [ONE, BAD], "y": [BAD, ONE]})]
    assert output == [("day", "x", 30), ("day", "y", 30), ("night", "x", 20), ("night", "y", 20)]


def test_unknown_figures_are_omitted():
    summary = summed_up("l0-deconv", "all", [UNKNOWN])
    assert {summary.psnr, summary.worst_psnr, summary.ssim, summary.below_2, summary.worst_ratio} == {None}
    assert (summary.similarity, summary.known) == (None, 0)
