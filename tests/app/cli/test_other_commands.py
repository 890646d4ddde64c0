"""The commands beside deblur: faces, blur, kernel, methods, doctor, compare, demo."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def test_faces(here, capsys, draw, run, document, face):
    draw("photo.png")
    assert run("faces", "photo.png", "--json") == 0
    output = document()
    assert (output["photo"], output["width"], output["height"]) == ("photo.png", 100, 90)
    assert output["faces"] == [
        {"box": list(face.box), "landmarks": [list(p) for p in face.landmarks], "score": 0.99, "sharpness": 0.5}
    ]
    assert run("faces", "photo.png") == 0
    assert capsys.readouterr().out == "1: 50 x 55 px at (20, 20), score 0.990, sharpness 0.50\n"


def test_blur_and_kernel(here, capsys, draw, run, document):
    draw("sharp.png", (200, 200))
    assert run("blur", "sharp.png", "-o", "blurred.png", "--kind", "linear", "--size", "9", "--seed", "3") == 0
    assert run("kernel", "blurred.png", "-o", "kernel.png", "--json") == 0
    output = document()
    with Image.open("kernel.png") as drawn:
        assert drawn.size == (output["kernel"]["width"], output["kernel"]["height"])
    assert sum(map(sum, output["kernel"]["values"])) == pytest.approx(1, abs=1e-3)
    assert run("kernel", "blurred.png", "-o", "kernel.png") == 1


def test_the_kernels_of_all_parts(here, capsys, draw, run, document):
    draw("sharp.png", (260, 390))
    method = ("--method", "wrfn")
    assert run("blur", "sharp.png", "-o", "blurred.png", "--kind", "linear", "--size", "9", "--seed", "3") == 0
    assert run("kernel", "blurred.png", "-o", "field.png", "--field", "--json", *method) == 0
    output = document()
    assert (output["field"]["rows"], output["field"]["columns"]) == (2, 3)
    centres = [kernel["centre"] for kernel in output["field"]["kernels"]]
    assert centres[0] == [64.5, 64.5] and centres[-1] == [324.5, 194.5]
    with Image.open("field.png") as drawn:
        assert drawn.mode == "L"
        assert drawn.size[0] * 2 == drawn.size[1] * 3
    assert run("kernel", "blurred.png", "--field", *method) == 0
    assert "field of 3 x 2 kernels" in capsys.readouterr().out
    assert run("kernel", "blurred.png", "--json", *method) == 0
    assert "field" not in document()


def test_blur_draws_the_same_from_the_same_seed(here, draw, run):
    draw("sharp.png")
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert run("blur", "sharp.png", "-o", f"{name}.png", "--seed", seed, "--noise", "0.02", "--size", "11") == 0
    first, same, other = (np.asarray(Image.open(f"{name}.png")) for name in "abc")
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_methods(here, capsys, run, document, small):
    assert run("methods", "--json") == 0
    listed = {method["id"]: method for method in document()}
    assert {"id", "title", "weights", "card", "regions"} <= listed["wrfn"].keys()
    assert listed["wrfn"]["card"]["settings"] == small
    assert run("methods") == 0
    assert "wrfn: Any photo, fast." in capsys.readouterr().out


def test_doctor_distinguishes_good_weights_from_bad_and_hides_the_home(
    here, capsys, install, monkeypatch, run, small
):
    monkeypatch.setattr(Path, "home", lambda: here.parent)
    bad = install("wrfn", name="bad", settings=small)
    assert run("doctor") == 0
    assert "wrfn: checksum right (" in capsys.readouterr().out
    bad.with_suffix(".safetensors").write_bytes(b"no weights")
    assert run("doctor") == 1
    output = capsys.readouterr().out
    assert "wrfn@bad: The weights file ~" in output and "is cut short" in output
    assert str(here.parent) not in output
    assert "torch: 2." in output


def test_compare_draws_a_sheet(here, capsys, draw, run):
    draw("photo.png")
    assert run("compare", "photo.png", "-o", "sheet.png", "--methods", "wrfn", "--sharp", "photo.png") == 0
    with Image.open("sheet.png") as sheet:
        assert sheet.width > 3 * 100
    assert run("compare", "photo.png", "-o", "sheet.png") == 1
    assert "exists already" in capsys.readouterr().err


def test_demo_improves_the_portrait_and_says_what_to_do_next(here, capsys, run):
    assert run("demo", "--method", "l0-deconv") == 0
    captured = capsys.readouterr()
    assert "after:  PSNR " in captured.out
    assert "Next:" in captured.err and "sheet.png" in captured.err


def test_demo_admits_a_failure(here, capsys, run):
    """Random weights make the portrait no better."""
    assert run("demo", "--method", "wrfn") == 1
    captured = capsys.readouterr()
    assert "before: PSNR " in captured.out and "after:  PSNR " in captured.out
    assert "no better than the blurred one" in captured.err
    names = {"sharp.png", "before.png", "after.png", "kernel.png", "sheet.png"}
    assert {path.name for path in Path("acutance-demo").iterdir()} == names
    Path("acutance-demo/sheet.png").write_bytes(b"mine")
    for _ in range(2):
        assert run("demo", "--method", "wrfn") == 1
    assert "sharp.png exists already" in capsys.readouterr().err
    assert Path("acutance-demo/sheet.png").read_bytes() == b"mine"
    assert run("demo", "--method", "wrfn", "--overwrite") == 1
    assert Path("acutance-demo/sheet.png").read_bytes() != b"mine"
