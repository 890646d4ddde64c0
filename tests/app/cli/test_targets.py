"""Targets of the command line: never an original, never an incomplete file, and errors come before the work."""

import json
from pathlib import Path

import pytest


def test_nothing_is_overwritten_unless_asked(here, capsys, draw, run):
    draw("photo.png")
    Path("out.png").write_bytes(b"mine")
    assert run("deblur", "photo.png", "-o", "out.png", "--region", "aligned") == 1
    assert Path("out.png").read_bytes() == b"mine"
    assert "out.png exists already" in capsys.readouterr().err
    assert run("deblur", "photo.png", "-o", "out.png", "--region", "aligned", "--overwrite") == 0
    assert Path("out.png").read_bytes() != b"mine"


@pytest.mark.parametrize("command", ["deblur", "compare"])
def test_the_original_is_never_overwritten(here, command, capsys, draw, run):
    before = draw("photo.png").read_bytes()
    assert run(command, "photo.png", "-o", "photo.png", "--region", "aligned", "--overwrite") == 1
    assert Path("photo.png").read_bytes() == before
    assert "photo.png is the original, which is never changed" in capsys.readouterr().err


def test_photos_of_one_name_do_not_replace_each_other(here, capsys, draw, run):
    for folder in ("one", "two"):
        Path(folder).mkdir()
        draw(f"{folder}/photo.png")
    both = ("one/photo.png", "two/photo.png", "-o", "out")
    assert run("deblur", *both, "--region", "aligned", "--overwrite", "--json") == 1
    output = json.loads(capsys.readouterr().out)
    assert [done["photo"] for done in output["results"]] == ["one/photo.png"]
    assert "the result of another photo" in output["failures"][0]["reason"]


@pytest.mark.parametrize("photos", [("a.png",), ("a.png", "b.png")])
@pytest.mark.parametrize(
    ("folder", "code", "output"),
    [
        ("file/", 2, "file/ is a file; several photos need a folder."),
        (300 * "x" + "/", 1, "Cannot make the folder xxx"),
    ],
)
def test_a_file_in_place_of_the_folder_is_wrong_usage_and_one_that_cannot_be_made_a_failure(
    here, photos, folder, code, output, capsys, draw, run
):
    Path("file").touch()
    for photo in photos:
        draw(photo)
    assert run("deblur", *photos, "-o", folder) == code
    assert output in capsys.readouterr().err


@pytest.mark.parametrize("command", ["compare", "kernel"])
def test_a_name_that_cannot_be_written_is_reported_before_the_work(here, command, capsys, monkeypatch, draw, run):
    draw("photo.png")
    monkeypatch.setattr("engine.engine.Engine.run", lambda *_, **__: pytest.fail("the work was done"))
    assert run(command, "photo.png", "-o", "photo.xyz") == 1
    assert "photo.xyz can be written as .png" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["é 日本 🙂.png", "x" * 200 + ".jpg", "UPPER.JPG"])
def test_any_name(here, name, draw, run):
    draw(name)
    assert run("deblur", name, "--region", "aligned") == 0
    assert len(list(Path().iterdir())) == 2


def test_a_cancelled_command_leaves_nothing_half_written(here, monkeypatch, capsys, draw, run):
    draw("photo.png")

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.photos.writing.write_photo", interrupted)
    assert run("deblur", "photo.png", "--region", "aligned") == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Cancelled."
    assert [path.name for path in here.iterdir()] == ["photo.png"]


def test_no_result_replaces_another_photo_of_the_call(here, capsys, draw, run):
    draw("s.png")
    before = draw("s-acutance.png", (40, 50)).read_bytes()
    assert run("deblur", "s.png", "s-acutance.png", "--region", "aligned", "--overwrite") == 1
    assert Path("s-acutance.png").read_bytes() == before
    assert Path("s-acutance-acutance.png").exists()
    assert "s-acutance.png is one of the originals, which are never changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ("blur", "photo.png"),
        ("blur", "other.png", "--kernel", "photo.png"),
        ("compare", "other.png", "--sharp", "photo.png"),
        ("deblur", "other.png", "--kernel", "photo.png"),
    ],
    ids=" ".join,
)
def test_nothing_that_was_given_is_replaced(here, command, capsys, draw, run):
    draw("other.png")
    before = draw("photo.png").read_bytes()
    assert run(*command, "-o", "photo.png", "--overwrite") == 1
    assert Path("photo.png").read_bytes() == before
    assert "never changed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["deblur", "blur", "compare", "kernel"])
@pytest.mark.parametrize(
    ("target", "reason"),
    [("late.gif", "be written"), ("none/x.png", "no folder none"), ("x", "be written")],
)
def test_an_impossible_target_is_reported_before_the_photo_is_read(
    here, command, target, reason, monkeypatch, capsys, draw, run
):
    draw("photo.png")
    reader = "engine.photos.reading" if command == "deblur" else f"app.cli.{command}"
    monkeypatch.setattr(f"{reader}.read_photo", lambda *_: pytest.fail("the photo was read"))
    assert run(command, "photo.png", "-o", target) == 1
    assert reason in capsys.readouterr().err
