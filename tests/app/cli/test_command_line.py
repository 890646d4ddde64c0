"""The fixed command line, in this process; test_processes.py runs a few for real."""

import json
import signal
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.__main__ import _end_as_by_ctrl_c, photos_to_open
from app.cli.main import COMMANDS
from engine.faces.detection import FaceFinder
from engine.photos.photo import Metadata, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo


def test_deblur_saves_beside_the_photo_and_leaves_it_alone(here, capsys, draw, run):
    draw("photo.png")
    before = Path("photo.png").read_bytes()
    assert run("deblur", "photo.png", "--method", "wrfn", "--region", "aligned") == 0
    with Image.open("photo-acutance.png") as restored, Image.open("photo.png") as photo:
        assert restored.size == photo.size
        assert np.asarray(restored).tobytes() != np.asarray(photo).tobytes()
    assert Path("photo.png").read_bytes() == before
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "photo.png -> photo-acutance.png" in captured.err


def test_bad_inputs_are_named_and_the_others_done(here, capsys, draw, run):
    draw("good.png")
    Path("empty.png").touch()
    Path("text.png").write_text("I am no picture")
    Path("folder.png").mkdir()
    good = draw("whole.jpg", (200, 200)).read_bytes()
    Path("cut.jpg").write_bytes(good[: len(good) // 6])
    bad = ["empty.png", "text.png", "folder.png", "cut.jpg", "missing.png"]
    assert run("deblur", *bad, "good.png", "-o", "out", "--region", "aligned", "--json") == 1
    captured = capsys.readouterr()
    output = json.loads(captured.out)
    assert [failure["photo"] for failure in output["failures"]] == bad
    assert [result["output"] for result in output["results"]] == [str(Path("out/good-acutance.png"))]
    lines = [line for line in captured.err.splitlines() if line.startswith("Cannot")]
    assert len(lines) == len(bad)
    assert all(name in line for name, line in zip(bad, lines, strict=True))
    assert [path.name for path in Path("out").iterdir()] == ["good-acutance.png"]


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1)])
def test_the_smallest_and_thinnest_photos(here, size, draw, run):
    draw("thin.png", size)
    assert run("deblur", "thin.png") == 0
    with Image.open("thin-acutance.png") as restored:
        assert restored.size == size[::-1]


def test_strength_zero_gives_the_photo_back(here, draw, run):
    draw("photo.png")
    assert run("deblur", "photo.png", "--strength", "0", "--region", "aligned") == 0
    assert np.array_equal(np.asarray(Image.open("photo.png")), np.asarray(Image.open("photo-acutance.png")))


def test_deblur_reports_in_json(here, capsys, draw, run, document, face):
    draw("photo.png")
    assert run("deblur", "photo.png", "--method", "wrfn", "--region", "faces", "--json") == 0
    (output,) = document()["results"]
    assert (output["photo"], output["method"], output["device"]) == ("photo.png", "wrfn", "cpu")
    assert output["faces"][0]["box"] == list(face.box)


@pytest.mark.parametrize("command", [("deblur", "photo.tif", "-o", "out/"), ("batch", ".", "-o", "out")])
def test_the_place_is_removed_on_request_and_notes_are_reported(here, command, capsys, run):
    make = struct.pack("<HHI4s", 0x010F, 2, 4, b"Cam")
    block = b"II*\0" + struct.pack("<IH", 8, 2) + make + struct.pack("<HHII", 0x8825, 4, 1, 38) + bytes(4)
    block += struct.pack("<HHHI4s", 1, 1, 2, 2, b"N") + bytes(4)
    pixels = np.full((90, 100, 3), 0.5, np.float32)
    photo = Photo(pixels, bit_depth=32, beyond=pixels * 2, metadata=Metadata(exif=block))
    write_photo(photo, Path("photo.tif"))
    again = ("--no-gps", "--overwrite") if command[0] == "deblur" else ("--no-gps", "--resume")
    for options, places in (((), 1), (again, 0)):
        assert run(*command, "--method", "wrfn", "--region", "aligned", *options) == 0
        found = Image.Exif()
        found.load(read_photo(Path("out/photo-acutance.tif")).metadata.exif)
        assert found[0x010F] == "Cam"
        assert len(found.get_ifd(0x8825)) == places
        assert "Values outside 0 to 1" in capsys.readouterr().err


def test_a_method_without_weights_fails_with_a_sentence(here, capsys, monkeypatch, weights_folder, draw, run):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    draw("photo.png")
    assert run("deblur", "photo.png", "--method", "deepdeblur", "--region", "aligned") == 1
    assert capsys.readouterr().err.startswith("No weights deepdeblur are installed")


@pytest.mark.parametrize(
    "wrong",
    [
        ["nosuch"],
        ["deblur"],
        ["deblur", "photo.png", "--method", "nosuch"],
        ["deblur", "photo.png", "--strength", "2"],
        ["deblur", "photo.png", "--grain", "2"],
        ["deblur", "photo.png", "--tile", "3"],
        ["deblur", "photo.png", "--region", "sky"],
        ["deblur", "photo.png", "--quality", "0"],
        ["deblur", "photo.png", "--quality", "x"],
        ["deblur", "photo.png", "--memory", "x"],
        ["deblur", "photo.png", "--memory", "0"],
        ["deblur", "photo.png", "--over"],
        ["demo", "--over"],
        ["deblur", "photo.png", "--smallest-face", "0"],
        ["faces", "photo.png", "--smallest-face", "-1"],
        ["batch", ".", "-o", "out", "--name", "{name}" + 300 * "x"],
        ["compare", "photo.png", "-o", "sheet.png", "--methods", "wrfn,nosuch"],
        ["batch", ".", "-o", "out", "--report", "report.txt"],
        ["blur", "photo.png", "-o", "blurred.png", "--size", "-3"],
        ["blur", "photo.png", "-o", "blurred.png", "--noise", "nan"],
        ["blur", "photo.png", "-o", "blurred.png", "--noise", "inf"],
        ["deblur", "photo.png", "--method", "wrfn", "--kernel", "photo.png"],
        ["kernel"],
        ["--nosuch"],
    ],
    ids=" ".join,
)
def test_wrong_usage(here, wrong, capsys, draw, run):
    draw("photo.png")
    assert run(*wrong) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err and "Traceback" not in captured.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys, run):
    assert run(name, "--help") == 0
    assert f"acutance {name}" in capsys.readouterr().out


def test_photos_open_the_window_and_commands_do_not(here, draw):
    photo = draw("photo.png")
    Path("deblur").touch()
    assert photos_to_open([]) == []
    assert photos_to_open(["photo.png"]) == [photo]
    assert photos_to_open(["deblur", "photo.png"]) is None
    assert photos_to_open(["debulr", "photo.png"]) is None
    assert photos_to_open(["--version"]) is None


def test_ctrl_c_while_modules_load_is_no_traceback(here, monkeypatch, capsys, run):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.main._module", interrupted)
    assert run("methods") == 130
    assert capsys.readouterr().err == "Cancelled.\n"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminals that hang up")
def test_a_terminal_that_hangs_up_ends_the_work_in_order_but_not_under_nohup(monkeypatch):
    set_, handlers = {}, {signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", set_.__setitem__)
    _end_as_by_ctrl_c()
    assert set_.keys() == {signal.SIGTERM, signal.SIGHUP}
    set_.clear()
    handlers[signal.SIGHUP] = signal.SIG_IGN
    _end_as_by_ctrl_c()
    assert set_.keys() == {signal.SIGTERM}


@pytest.mark.parametrize("many", [0, 1])
def test_compare_takes_what_can_be_of_use(
    here, install, monkeypatch, capsys, weights_folder, embedding, many, draw, run, face
):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    monkeypatch.setattr(FaceFinder, "find", lambda self, pixels, smallest: [face] * many)
    install("semantic", settings={"channels": 8, "widths": (4, 8, 16, 32, 64)})
    draw("photo.png", (160, 160))
    assert run("compare", "photo.png", "-o", "sheet.png") == 0
    assert ("semantic: left out" in capsys.readouterr().err) == (not many)


def test_methods_says_which_weights_are_damaged_or_missing(here, capsys, install, run, small):
    install("wrfn", name="bad", settings=small).with_suffix(".safetensors").write_bytes(b"no weights")
    install("wrfn", name="gone", settings=small).with_suffix(".safetensors").unlink()
    assert run("methods") == 0
    output = capsys.readouterr().out
    assert "wrfn@bad: damaged, see `acutance doctor`" in output
    assert "wrfn@gone: missing, see `acutance doctor`" in output
    assert "wrfn: 0 parameters" not in output


@pytest.mark.parametrize("asked", [("--kernel", "none.png"), ("--method", "wrfn@none")])
@pytest.mark.parametrize("command", [("deblur", "a.png", "b.png"), ("batch", ".", "-o", "out")])
def test_a_missing_kernel_or_missing_weights_are_reported_once(here, command, asked, capsys, draw, run):
    for name in ("a.png", "b.png"):
        draw(name)
    assert run(*command, *asked) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert asked[1] in line
    assert sorted(path.name for path in here.iterdir()) == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--memory", "x", "not a whole number of megabytes of at least 1"),
        ("--quality", "0", "not a whole number from 1 to 100"),
    ],
)
def test_numbers_that_cannot_be_are_a_sentence(here, option, value, said, capsys, run):
    assert run("deblur", "photo.png", option, value) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"argument {option}: {value!r} is {said}")


@pytest.mark.parametrize("words", [("nothing.jpg",), ("photo.png", "nothing.jpg"), ("nothing.jpg", "photo.png")])
def test_a_photo_that_is_not_there_is_named(here, words, capsys, draw, run):
    draw("photo.png")
    assert run(*words) == 2
    assert capsys.readouterr().err == "There is no file or command 'nothing.jpg'.\n"


def test_blur_reports_lost_metadata(here, capsys, run):
    write_photo(Photo(np.full((20, 20, 3), 0.5, np.float32), bit_depth=16), Path("photo.png"))
    assert run("blur", "photo.png", "-o", "blurred.jpg", "--size", "5") == 0
    note = capsys.readouterr().err.splitlines()[1]
    assert note.startswith("  ") and "8 bits" in note


def test_an_unexpected_error_affects_only_its_own_photo(here, capsys, draw, run, monkeypatch):
    for name in ("first.png", "second.png"):
        draw(name)

    def write(photo, target, **options):
        if "first" in target.name:
            raise ZeroDivisionError("encoder")
        return write_photo(photo, target, **options)

    monkeypatch.setattr("engine.photos.writing.write_photo", write)
    assert run("deblur", "first.png", "second.png", "--method", "wrfn", "--region", "aligned", "--json") == 1
    output = json.loads(capsys.readouterr().out)
    assert [failure["photo"] for failure in output["failures"]] == ["first.png"]
    assert "ZeroDivisionError" in output["failures"][0]["reason"]
    assert [result["output"] for result in output["results"]] == ["second-acutance.png"]


def test_a_mask_leaves_the_rest_bit_for_bit(here, draw, run):
    draw("photo.png")
    values = np.zeros((90, 100), np.uint8)
    values[20:60, 30:70] = 255
    Image.fromarray(values).save("mask.png")
    assert run("deblur", "photo.png", "--method", "wrfn", "--region", "aligned", "--mask", "mask.png") == 0
    before, after = np.asarray(Image.open("photo.png")), np.asarray(Image.open("photo-acutance.png"))
    assert (before[values == 0] == after[values == 0]).all() and (before[values == 255] != after[values == 255]).any()


def test_a_mask_that_is_none_or_another_photos_is_a_sentence(here, capsys, draw, run):
    draw("photo.png")
    assert run("deblur", "photo.png", "--mask", "missing.png") == 1
    Path("text.png").write_text("no mask")
    assert run("deblur", "photo.png", "--mask", "text.png") == 1
    draw("other.png", (300, 20))
    assert run("deblur", "photo.png", "--mask", "other.png") == 1
    told = capsys.readouterr().err
    assert "The mask missing.png cannot be read" in told and "text.png is no picture" in told
    assert "The mask does not fit this photo: it has 20 x 300 px, the photo 100 x 90." in told
    assert not Path("photo-acutance.png").exists()
