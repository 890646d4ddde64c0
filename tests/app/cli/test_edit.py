"""`acutance edit --headless`: photos that another program handed over get their results in place."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import ImageCms

from app import handover
from engine.engine import Engine
from engine.photos.formats import writer_for
from engine.photos.reading import read_photo
from engine.user_folders import cache_folder

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
ARTIST = 315


@pytest.fixture
def tiff(here):
    """A 16-bit TIFF with a profile and a name in it, as raw developers hand one over."""
    samples = np.random.default_rng(0).integers(9000, 60000, (90, 100, 3), np.uint16)
    tags = [(34675, 7, len(PROFILE), PROFILE, True), (ARTIST, 2, 5, "Anna", True)]
    tifffile.imwrite("photo.tif", samples, photometric="rgb", extratags=tags)
    return Path("photo.tif")


@pytest.fixture
def edit(run):
    return lambda *arguments: run("edit", "--headless", "--region", "aligned", *arguments)


def left_copies() -> list[Path]:
    return list((cache_folder() / "handed-over").glob("*"))


def test_the_result_takes_the_photos_place_and_all_else_stays(edit, tiff):
    before = read_photo(tiff)
    assert edit(tiff) == 0
    after = read_photo(tiff)
    assert not np.array_equal(after.pixels, before.pixels)
    assert (after.size, after.bit_depth, after.format) == (before.size, 16, "TIFF")
    assert after.metadata.icc == PROFILE
    with tifffile.TiffFile(tiff) as file:
        assert file.pages[0].tags[ARTIST].value == "Anna"
    assert [path.name for path in Path().iterdir()] == ["photo.tif"] and left_copies() == []


def test_a_photo_that_gets_no_sharper_stays_byte_for_byte(edit, tiff, document):
    before = tiff.read_bytes()
    assert edit(tiff, "--strength", "0", "--json") == 0
    (told,) = document()["results"]
    assert tiff.read_bytes() == before and told["changed"] is False


def test_several_files_and_one_that_is_broken(edit, tiff, draw, document):
    draw("other.png")
    Path("broken.tif").write_bytes(b"II*\0nothing")
    assert edit(tiff, "broken.tif", "other.png", "--json") == 1
    told = document()
    assert [done["changed"] for done in told["results"]] == [True, True]
    assert [failure["photo"] for failure in told["failures"]] == ["broken.tif"]
    assert Path("broken.tif").read_bytes() == b"II*\0nothing"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.tif", None, "there is no such file"),
        ("photo.psd", b"8BPS", "cannot be written"),
        ("empty.tif", b"", "the file is empty"),
        ("named.tif", b"\x89PNG\r\n\x1a\n", "it holds PNG, and its name says TIFF"),
    ],
)
def test_what_cannot_be_edited_is_said_before_the_work(here, edit, capsys, monkeypatch, name, content, told):
    monkeypatch.setattr(Engine, "run", lambda *_, **__: pytest.fail("the work was done"))
    if content is not None:
        Path(name).write_bytes(content)
    assert edit(name) == 1
    said = capsys.readouterr().err
    assert told in said and name in said and "Traceback" not in said


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_read_only_folder_is_a_sentence(edit, tiff, here, capsys):
    here.chmod(0o500)
    try:
        assert edit(tiff) == 1
    finally:
        here.chmod(0o700)
    assert "permission is denied" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_sentence(edit, tiff, capsys, monkeypatch):
    monkeypatch.setattr("engine.photos.naming.os.access", lambda *_: False)
    assert edit(tiff) == 1
    assert "permission is denied" in capsys.readouterr().err


def test_a_file_with_pages_is_not_robbed_of_them(here, edit, capsys):
    tifffile.imwrite("pages.tif", np.zeros((2, 30, 40, 3), np.uint8) + 99, photometric="rgb")
    before = Path("pages.tif").read_bytes()
    assert edit("pages.tif") == 1
    assert Path("pages.tif").read_bytes() == before
    assert "cannot be written back: This is page" in capsys.readouterr().err


def test_what_another_program_changed_meanwhile_is_not_replaced(edit, tiff, capsys, monkeypatch):
    original = Engine.run

    def meddled(*arguments, **options):
        tiff.write_bytes(b"theirs")
        return original(*arguments, **options)

    monkeypatch.setattr(Engine, "run", meddled)
    assert edit(tiff) == 1
    assert tiff.read_bytes() == b"theirs"
    assert "another program has changed it meanwhile" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")
def test_links_and_permissions_stay(edit, tiff):
    tiff.chmod(0o640)
    Path("link.tif").symlink_to(tiff)
    before = tiff.read_bytes()
    assert edit("link.tif") == 0
    assert Path("link.tif").is_symlink() and tiff.read_bytes() != before
    assert tiff.stat().st_mode & 0o777 == 0o640


def test_a_cancelled_edit_leaves_the_photo_and_no_copy(edit, tiff, monkeypatch):
    def interrupted(*_, **__):
        assert len(left_copies()) == 1
        raise KeyboardInterrupt

    before = tiff.read_bytes()
    monkeypatch.setattr(Engine, "run", interrupted)
    assert edit(tiff) == 130
    assert tiff.read_bytes() == before and left_copies() == []


def test_copies_of_a_crashed_program_stay_for_a_week(edit, tiff):
    old, young = (cache_folder() / "handed-over" / name for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    assert edit(tiff) == 0
    assert left_copies() == [young]


def test_a_preset_says_how(run, tiff, monkeypatch, here):
    asked = []
    original = Engine.run
    monkeypatch.setattr(
        Engine, "run", lambda self, request, *a, **k: asked.append(request) or original(self, request, *a, **k)
    )
    Path("mild.json").write_text(json.dumps({"method": "wrfn", "region": "aligned", "strength": 0.5}))
    assert run("edit", tiff, "--headless", "--preset", "mild.json") == 0
    assert (asked[0].strength, asked[0].region) == (0.5, "aligned")


def test_a_document_needs_no_window(run, tiff, capsys):
    assert run("edit", tiff, "--json") == 2
    assert "--headless" in capsys.readouterr().err


def test_the_notes_that_do_no_harm_are_notes_of_reading():
    from engine.photos import decoders, losses, reading

    folder = Path(decoders.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in [*folder.glob("*.py"), Path(reading.__file__)])
    assert [wording for wording in losses._HARMLESS if wording not in text] == []


def test_every_file_that_can_be_written_can_be_edited(draw, here):
    for suffix in (".jpg", ".png", ".tif", ".webp"):
        handover.check_editable(draw(f"photo{suffix}"))
        assert writer_for(Path(f"photo{suffix}"))
