"""acutance deblur --area and --suggest-areas."""

import argparse

import numpy as np
import pytest

from app.cli.areas import area_of
from engine.areas.area import Area
from engine.engine import Engine
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel


@pytest.fixture
def kernel(here):
    save_kernel(Kernel(np.ones((3, 5))), "kernel.npy")
    return "kernel.npy"


def test_an_area_with_and_without_a_kernel(kernel):
    assert area_of("10,20.5,110,90") == Area((10.0, 20.5, 110.0, 90.0))
    given = area_of(f"0,0,50,50={kernel}")
    assert given.given and given.kernel.values.shape == (3, 5)


@pytest.mark.parametrize("wrong", ["1,2,3", "a,b,c,d", "1,2,3,4=", "10,10,10,20", "nan,0,5,5", ""])
def test_what_is_no_area_is_refused(wrong):
    with pytest.raises(argparse.ArgumentTypeError):
        area_of(wrong)


def test_a_photo_is_restored_by_its_areas_and_told_so(here, kernel, capsys, draw, run):
    draw("photo.png", (120, 160))
    areas = ("--area", f"0,0,80,120={kernel}", "--area", f"80,0,160,120={kernel}")
    assert run("deblur", "photo.png", *areas) == 0
    assert "area 2 at 80,0,160,120: kernel of 5 x 3 px" in capsys.readouterr().err


def test_json_tells_the_areas(here, kernel, document, draw, run):
    draw("photo.png", (120, 160))
    assert run("deblur", "photo.png", "--area", f"0,0,80,120={kernel}", "--json") == 0
    (result,) = document()["results"]
    assert result["method"] == "areas" and "told" not in result
    assert result["areas"] == [{"box": [0, 0, 80, 120], "kernel_size": [5, 3], "given": True}]


def test_suggested_areas_are_restored_by(here, kernel, document, draw, run, monkeypatch):
    given = area_of(f"40,40,120,110={kernel}")

    def suggest(self, photo, count, taken=(), *, on_progress=None):
        assert (count, taken) == (3, ((0.0, 0.0, 30.0, 30.0),))
        return self.call(lambda: (given,))

    monkeypatch.setattr(Engine, "suggest_areas", suggest)
    draw("photo.png", (120, 160))
    assert run("deblur", "photo.png", "--suggest-areas", 3, "--area", f"0,0,30,30={kernel}", "--json") == 0
    assert [area["box"] for area in document()["results"][0]["areas"]] == [[0, 0, 30, 30], [40, 40, 120, 110]]


def test_a_plain_photo_has_nothing_to_suggest(here, capsys, run):
    from PIL import Image

    Image.new("RGB", (160, 120), "grey").save("plain.png")
    assert run("deblur", "plain.png", "--suggest-areas", 2) == 1
    assert "holds too few edges to suggest areas" in capsys.readouterr().err


def test_an_area_beside_the_photo_is_named(here, capsys, draw, run):
    draw("photo.png", (120, 160))
    assert run("deblur", "photo.png", "--area", "500,0,600,90") == 1
    assert "The area 500,0,600,90 lies beside the photo of 160 x 120 px" in capsys.readouterr().err


@pytest.mark.parametrize(
    "beside",
    [("--method", "wrfn"), ("--kernel", "kernel.npy"), ("--region", "faces")],
    ids=lambda options: options[0],
)
def test_areas_take_the_place_of_a_method(here, kernel, capsys, draw, run, beside):
    draw("photo.png")
    assert run("deblur", "photo.png", "--area", "0,0,50,50", *beside) == 2
    assert "Areas" in capsys.readouterr().err


def test_no_kernel_in_a_file_is_a_sentence(here, capsys, draw, run):
    draw("photo.png")
    assert run("deblur", "photo.png", "--area", "0,0,50,50=missing.png") == 1
    assert "The kernel missing.png cannot be read" in capsys.readouterr().err


def test_a_number_of_suggestions_that_cannot_be_is_refused(here, draw, run):
    draw("photo.png")
    for count in (0, -1, 99, "x"):
        assert run("deblur", "photo.png", "--suggest-areas", count) == 2
