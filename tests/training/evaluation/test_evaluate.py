import argparse
import json

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from engine.errors import UserError
from engine.kernels.families import linear_kernel
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from training import commands
from training.commands import add_evaluate_arguments
from training.evaluation.cards import entry
from training.evaluation.evaluate import Evaluation, evaluate
from training.evaluation.faces import FaceFigures
from training.evaluation.figures import Figures, figures, summed_up
from training.evaluation.kernel_sets import TRAJECTORY_SIZES, kernels
from training.evaluation.options import EvaluateOptions
from training.evaluation.report import as_json, as_markdown, files, write
from training.evaluation.samples import blurred_samples, paired_samples


@pytest.fixture
def sharp(tmp_path):
    folder = tmp_path / "sharp"
    folder.mkdir()
    for name, left in (("a", 180), ("b", 60)):
        Image.fromarray(astronaut()[40:136, left : left + 96]).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def kernel_file(tmp_path):
    path = tmp_path / "kernel.npy"
    save_kernel(Kernel(linear_kernel(9.0, 30.0)), path)
    return path


@pytest.fixture
def evaluation(sharp, kernel_file, install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    return evaluate(EvaluateOptions(sharp, kernels=str(kernel_file), methods=("wrfn",), device="cpu"))


def test_the_table_has_the_methods_and_what_they_are_measured_against(evaluation):
    names = [row.method for row in evaluation.rows]
    assert names[:2] == ["blurred input", "unsharp mask"]
    assert {"Richardson-Lucy, true kernel", "Wiener, true kernel", "wrfn"} <= set(names)
    rows = {row.method: row for row in evaluation.rows}
    assert rows["blurred input"].better == 0
    assert rows["hyper-Laplacian, true kernel"].psnr > 3 + rows["blurred input"].psnr
    # an untrained network with a skip returns its input
    assert rows["wrfn"].psnr == pytest.approx(rows["blurred input"].psnr, abs=1e-3)
    assert all(row.worst_psnr <= row.psnr <= row.shifted_psnr + 1e-9 for row in evaluation.rows)


def test_the_report_says_the_same_in_three_forms(evaluation, tmp_path):
    table, data, sheet = write(evaluation, tmp_path / "report" / "faces.md")
    assert table.read_text(encoding="utf-8") == as_markdown(evaluation)
    plain = json.loads(data.read_text(encoding="utf-8"))
    assert [row["method"] for row in plain["rows"]] == [row.method for row in evaluation.rows]
    assert len(plain["samples"]["wrfn"]) == 2
    assert plain == json.loads(json.dumps(as_json(evaluation)))
    with Image.open(sheet) as picture:
        assert picture.width == 256 * (1 + len(evaluation.rows))


def test_kernels_are_taken_in_turn_or_each_with_every_photo(sharp):
    two = [Kernel(linear_kernel(5.0, 0.0)), Kernel(linear_kernel(5.0, 90.0))]
    in_turn = list(blurred_samples(sharp, two, 0.0, 0, every_pair=False, most=None))
    every = list(blurred_samples(sharp, two, 0.0, 0, every_pair=True, most=None))
    assert [s.kernel for s in in_turn] == two
    assert len(every) == 4
    assert np.array_equal(in_turn[0].blurred, every[0].blurred)


@pytest.mark.parametrize(("side", "size"), [(None, (96, 96)), (48, (48, 48)), (500, (96, 96))])
def test_sharp_pictures_are_shrunk_before_they_are_blurred(side, size, sharp):
    kernel = Kernel(linear_kernel(5.0, 0.0))
    for sample in blurred_samples(sharp, [kernel], 0.0, 0, every_pair=False, most=None, side=side):
        assert sample.sharp.shape[:2] == sample.blurred.shape[:2] == size


def test_blurred_pictures_find_their_sharp_ones_by_name(sharp, tmp_path):
    blurred = tmp_path / "blurred"
    blurred.mkdir()
    for name in ("a_kernel1.png", "b-2.png", "a.png"):
        Image.new("RGB", (96, 96), "gray").save(blurred / name)
    assert [s.name for s in paired_samples(sharp, blurred, None)] == ["a", "a_kernel1", "b-2"]


def test_own_weights_are_judged_beside_those_that_ship(sharp, kernel_file, install):
    for name in ("", "mine"):
        install("wrfn", name=name, settings={"blocks": 1, "channels": 8})
    both = ("wrfn", "wrfn@mine")
    options = EvaluateOptions(sharp=sharp, kernels=str(kernel_file), methods=both, most=1, faces=False)
    rows = {row.method: row for row in evaluate(options).rows}
    assert set(both) <= set(rows)
    assert rows["wrfn@mine"].parameters == rows["wrfn"].parameters


def test_a_blurred_picture_without_a_sharp_one_is_a_sentence(sharp, tmp_path):
    Image.new("RGB", (96, 96)).save(tmp_path / "c.png")
    with pytest.raises(UserError, match="no sharp picture"):
        list(paired_samples(sharp, tmp_path / "c.png", None))


@pytest.mark.parametrize(
    "change", [{"methods": ("soup",)}, {"methods": ("wrfn@soup",)}, {"kernels": None}, {"sharp": "empty"}]
)
def test_a_wrong_wish_is_a_sentence(change, sharp, kernel_file, tmp_path):
    (tmp_path / "empty").mkdir()
    if "sharp" in change:
        change = {"sharp": tmp_path / "empty"}
    with pytest.raises(UserError):
        evaluate(EvaluateOptions(**{"sharp": sharp, "kernels": str(kernel_file), **change}))


def test_named_kernel_sets():
    drawn = kernels("trajectories")
    assert [max(k.values.shape) for k in drawn[::4]] == list(TRAJECTORY_SIZES)
    extents = [extent(k.values) / max(k.values.shape) for k in drawn]
    assert min(extents) > 0.5 and np.mean(extents) > 0.75  # smaller only because faint ends are cut off
    assert max(kernels("linear")[0].values.shape) >= 11


def extent(values):
    seen = values > 0.01 * values.max()
    return max(int(np.ptp(np.flatnonzero(seen.any(axis)))) + 1 for axis in (0, 1))


def test_levins_kernels_are_centred_or_missed_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("ACUTANCE_DATA", str(tmp_path))
    with pytest.raises(UserError, match="ACUTANCE_DATA"):
        kernels("levin")


def test_a_folder_of_frames_is_compared_by_the_nearest_one(sharp, tmp_path):
    """Koehler's protocol: the camera's path gives many sharp pictures, and no method can know which one is right."""
    frames, blurred = tmp_path / "frames" / "Blurry1_1", tmp_path / "blurred"
    frames.mkdir(parents=True)
    blurred.mkdir()
    whole = astronaut()[40:136, 180:300]
    for shift in range(5):
        Image.fromarray(whole[:, 4 * shift : 4 * shift + 96]).save(frames / f"{shift}.png")
    Image.fromarray(whole[:, 16:112]).save(blurred / "Blurry1_1.png")
    (sample,) = paired_samples(tmp_path / "frames", blurred, None)
    assert sample.frames.shape == (5, 96, 96, 3)
    assert figures(sample, sample.blurred, 0.1, None, None, FaceFigures()).psnr == 100
    first = whole[:, :96] / np.float32(255)
    assert np.array_equal(sample.reference(first), first)
    assert not np.array_equal(sample.sharp, sample.blurred)


def test_automatic_is_a_row_like_any_other(sharp, kernel_file, install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    options = EvaluateOptions(sharp, kernels=str(kernel_file), methods=("auto",), device="cpu", faces=False, most=1)
    assert evaluate(options).rows[-1].method == "auto"


def test_tiny_pictures_are_judged_by_the_measurable_figures(tmp_path, kernel_file, install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    Image.fromarray(astronaut()[40:48, 180:188]).save(tmp_path / "tiny.png")
    options = EvaluateOptions(tmp_path / "tiny.png", kernels=str(kernel_file), methods=("wrfn",), device="cpu")
    found = evaluate(options)
    assert {(row.ssim, row.worst_ssim, row.shifted_psnr) for row in found.rows} == {(None, None, None)}
    assert all(np.isfinite(row.psnr) for row in found.rows)
    assert "nan" not in as_markdown(found).lower()
    json.dumps(as_json(found), allow_nan=False)
    assert not {"ssim", "input_ssim", "shifted_psnr"} & entry(found.rows[-1], found.rows[0], "").keys()


@pytest.mark.parametrize(
    ("name", "stem"), [("lfw", "lfw"), ("lfw.v2", "lfw.v2"), ("lfw.v2.json", "lfw.v2"), ("lfw.md", "lfw")]
)
def test_a_reports_name_keeps_its_dots(name, stem, tmp_path):
    assert files(tmp_path / name) == [tmp_path / f"{stem}{suffix}" for suffix in (".md", ".json", ".png")]


def asked(*words):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    return parser.parse_args(["--sharp", "photos", "--kernels", "linear", *map(str, words)])


@pytest.fixture
def judged(monkeypatch):
    """Replace the evaluation: a table of one row, and a count of its calls."""
    row = summed_up("wrfn", [Figures("a", None, 30.0, None, None, 1.0, 0.1)])
    calls = []
    found = Evaluation(EvaluateOptions(), [row], {})
    monkeypatch.setattr("training.evaluation.evaluate.evaluate", lambda *_: calls.append(1) or found)
    return calls


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("file/report", "folder file cannot be written to"),
        ("there", r"there\.json exists already; --overwrite"),
        (".", "has no name"),
    ],
)
def test_an_impossible_place_is_reported_before_the_computation(place, sentence, judged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "there.json").write_text("{}")
    with pytest.raises(UserError, match=sentence):
        commands.evaluation(asked("--report", place))
    assert not judged
    assert (tmp_path / "there.json").read_text() == "{}"


def test_a_report_is_replaced_where_that_is_asked_for(judged, tmp_path):
    for _ in range(2):
        commands.evaluation(asked("--report", tmp_path / "new" / "report", "--overwrite"))
    assert json.loads((tmp_path / "new" / "report.json").read_text())["rows"][0]["psnr"] == 30
    assert len(list((tmp_path / "new").iterdir())) == 3


def test_the_table_is_not_lost_with_the_report(judged, tmp_path, monkeypatch, caplog):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.evaluation.report.write_whole", full)
    with pytest.raises(UserError, match="the disk is full"):
        commands.evaluation(asked("--report", tmp_path / "report"))
    assert "| wrfn | 30.00 |" in caplog.text
