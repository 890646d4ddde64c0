"""Whole benchmarks: the methods' rows, the tables, the files."""

import argparse
import json

import numpy as np
import pytest
from PIL import Image

from app.cli.console import UsageError
from app.cli.evaluate import run
from engine.engine import Engine
from engine.errors import UserError
from engine.explanation import Explanation
from engine.kernels.trust import Verdict
from engine.photos.reading import read_photo
from engine.result import Result
from training.commands import add_evaluate_arguments
from training.evaluation.benchmarks.benchmark import BLURRED, TRUE_KERNEL, BenchmarkOptions, benchmark, known
from training.evaluation.benchmarks.cases import cases
from training.evaluation.benchmarks.report import as_json, as_markdown


@pytest.fixture
def engine(monkeypatch, hook):
    """Replace the engine: it returns the photo, the hook as its kernel, and the verdict WELL."""
    asked = []

    def restored(self, request, photo, **_):
        asked.append(request)
        return Result(request, photo.pixels, "wrfn", "cpu", Explanation(hook, verdict=Verdict.WELL))

    monkeypatch.setattr(Engine, "run", restored)
    return asked


def test_levins_rows(levin, engine, hook):
    done = benchmark(BenchmarkOptions("levin", levin))
    assert list(done.each) == [BLURRED, TRUE_KERNEL, "l0-deconv"]
    for blurred, true, ours in zip(*done.each.values(), strict=True):
        assert true.psnr > blurred.psnr + 3
        assert true.error_ratio == pytest.approx(1)
        assert ours.psnr == blurred.psnr
        assert ours.error_ratio == blurred.error_ratio > 2
        assert ours.similarity == pytest.approx(1, abs=1e-3)
        assert (true.similarity, true.verdict, ours.verdict) == (None, None, "well")
    assert {request.region for request in engine} == {"whole"}


def test_the_turn_of_a_levin_kernel_that_restores_better_is_the_true_one(levin, hook):
    for case in cases("levin", levin):
        truth = known("levin", case, read_photo(case.blurred).pixels)
        assert np.allclose(truth.kernels[0].values, hook.values, atol=1e-4)


def test_koehlers_rows_have_no_kernel(koehler, engine):
    done = benchmark(BenchmarkOptions("koehler", koehler, methods=("l0-deconv", "auto")))
    assert list(done.each) == [BLURRED, "l0-deconv", "auto"]
    assert {one.similarity for one in done.each["auto"]} == {None}
    assert all(one.psnr > 15 and one.ran == "wrfn" for one in done.each["auto"])


def test_real_photos_are_judged_by_their_kernels_alone(real, engine):
    done = benchmark(BenchmarkOptions("real", real))
    assert list(done.each) == ["l0-deconv"]
    assert [one.psnr for one in done.each["l0-deconv"]] == [None] * 3
    lamp, page, road = (one.similarity for one in done.each["l0-deconv"])
    assert (lamp, page, road) == (None, pytest.approx(1, abs=1e-3), None)


@pytest.mark.parametrize(
    ("half", "most", "names"),
    [
        ("tune", None, ["lamp", "road"]),
        ("judge", None, ["page"]),
        ("all", 2, ["lamp", "page"]),
        ("tune", 1, ["lamp"]),
    ],
)
def test_a_half_can_be_left_alone(half, most, names, real, engine):
    done = benchmark(BenchmarkOptions("real", real, half=half, most=most))
    assert [one.picture for one in done.each["l0-deconv"]] == names


def test_a_method_that_is_unknown_is_a_sentence(real):
    with pytest.raises(UserError, match="soup"):
        benchmark(BenchmarkOptions("real", real, methods=("soup",)))


def test_the_published_rows_are_beside_ours(levin, engine):
    table = as_markdown(benchmark(BenchmarkOptions("levin", levin)))
    halves, kinds = table.split("\n\n")
    assert "| *PMP, Wen 2021* | all 32, kernel's size given |  | 32.45 |" in halves
    assert "about 33.00" in halves
    assert [line.split(" | ")[1] for line in halves.splitlines() if "| l0-deconv" in line] == ["judge", "tune", "all"]
    assert "| l0-deconv | kernel2 | 1 |" in kinds
    widths = {part: {line.count("|") for line in part.strip().splitlines()} for part in (halves, kinds)}
    assert all(len(found) == 1 for found in widths.values())


def test_columns_that_say_nothing_are_left_out(real, engine):
    table = as_markdown(benchmark(BenchmarkOptions("real", real)))
    assert "PSNR" not in table and "ratio" not in table
    assert "| 1.00 | 1 of 1 | 0 | 3 well |" in table
    assert "| l0-deconv | night | 1 |" in table


def asked(*words):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    return parser.parse_args([str(word) for word in words])


def test_the_command_prints_the_table_and_writes_report_and_sheet(real, engine, tmp_path, capsys):
    sheet = tmp_path / "sheet.png"
    words = (
        "--benchmark",
        "real",
        "--data",
        real,
        "--methods",
        "auto",
        "--report",
        tmp_path / "report",
        "--sheet",
        sheet,
    )
    assert run(asked(*words)) == 0
    table = capsys.readouterr().out
    assert (tmp_path / "report.md").read_text(encoding="utf-8").strip() == table.strip()
    plain = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [one["picture"] for one in plain["pictures"]["auto"]] == ["lamp", "page", "road"]
    with Image.open(sheet) as drawn, Image.open(tmp_path / "report.png") as reported:
        assert drawn.size == reported.size
        pixels = np.asarray(drawn)
    kernels = pixels[:, 960:]
    heights = len(pixels) // 3
    published = kernels[:, 200:]
    assert (published[heights : 2 * heights] == 0).any()  # the page's kernel
    assert (published[:heights] == 255).all() and (published[2 * heights :] == 255).all()
    assert (kernels[:heights, :200] == 0).any()
    with pytest.raises(UserError, match="--overwrite"):
        run(asked(*words))


def test_the_command_gives_json(koehler, engine, capsys):
    assert run(asked("--benchmark", "koehler", "--data", koehler, "--half", "judge", "--json")) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [(summary["row"], summary["part"]) for summary in plain["halves"]] == [
        (BLURRED, "judge"),
        ("l0-deconv", "judge"),
    ]
    assert plain["published"][0]["psnr"] == 29.52
    done = benchmark(BenchmarkOptions("koehler", koehler, half="judge"))
    assert plain["pictures"][BLURRED] == as_json(done)["pictures"][BLURRED]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--benchmark", "real"], "--data"),
        (["--benchmark", "real", "--data", ".", "--kernels", "levin"], "its own blurred pictures"),
        (["--benchmark", "real", "--data", ".", "--into-cards", "x"], "no cards"),
        (["--pairs", "p.zip", "--half", "tune"], "go with --benchmark"),
        (["--pairs", "p.zip", "--sheet", "s.png"], "go with --benchmark"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(words, said):
    with pytest.raises(UsageError, match=said):
        run(asked(*words))


@pytest.mark.parametrize(("place", "said"), [("s.jpg", "as .png only"), ("none/s.png", "is not there")])
def test_an_impossible_place_of_a_sheet_is_reported_before_the_computation(place, said, real, engine, tmp_path):
    with pytest.raises(UserError, match=said):
        run(asked("--benchmark", "real", "--data", real, "--sheet", tmp_path / place))
    assert not engine


def test_the_tables_are_not_lost_with_the_sheet(real, engine, tmp_path, monkeypatch, caplog):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.evaluation.benchmarks.command.write_whole", full)
    with pytest.raises(UserError, match="the disk is full"):
        run(asked("--benchmark", "real", "--data", real, "--sheet", tmp_path / "s.png"))
    assert "| l0-deconv | text | 1 |" in caplog.text
