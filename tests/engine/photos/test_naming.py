"""Names of results."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.photos.naming import (
    check_target,
    check_template,
    free_path,
    identities,
    output_path,
    place,
    with_ending,
)


@pytest.mark.parametrize(
    ("source", "suffix", "expected"),
    [
        ("a.jpg", None, "a-acutance.jpg"),
        ("A.JPG", None, "A-acutance.JPG"),
        ("a.b.png", None, "a.b-acutance.png"),
        ("é🙂.webp", None, "é🙂-acutance.webp"),
        ("a.cr3", None, "a-acutance.tif"),
        ("a.heic", None, "a-acutance.tif"),
        ("a", None, "a-acutance.tif"),
        ("a.jpg", ".png", "a-acutance.png"),
    ],
)
def test_beside_the_original(tmp_path, source, suffix, expected):
    assert output_path(tmp_path / source, suffix=suffix) == tmp_path / expected


def test_targets(tmp_path):
    source = Path("photos") / "a.jpg"
    assert output_path(source, tmp_path) == tmp_path / "a-acutance.jpg"
    assert output_path(source, tmp_path / "b.png") == tmp_path / "b.png"
    assert output_path(source, f"{tmp_path}/new{os.sep}") == tmp_path / "new" / "a-acutance.jpg"


def test_long_names_still_fit(tmp_path):
    for stem in ("x" * 250, "日" * 80):
        path = output_path(tmp_path / f"{stem}.jpg")
        path.write_bytes(b"")
        second = free_path(path)
        second.write_bytes(b"")
        assert path.name.endswith("-acutance.jpg")
        assert second.name.endswith("-2.jpg")


def test_free_path_counts_up(tmp_path):
    path = tmp_path / "a.png"
    assert free_path(path) == path
    for expected in ("a.png", "a-2.png", "a-3.png"):
        free = free_path(path)
        assert free.name == expected
        free.write_bytes(b"")


def test_a_template_names_results(tmp_path):
    named = output_path(tmp_path / "a {b}.jpg", template="{method} of {name}", method="wrfn")
    assert named == tmp_path / "wrfn of a {b}.jpg"


def test_an_end_that_fills_the_name_takes_the_stem_and_no_more(tmp_path):
    assert output_path(tmp_path / "photo.png", template="{name}" + 300 * "x").name == 300 * "x" + ".png"


@pytest.mark.parametrize(
    "template", ["{name}" + 200 * "x", "", "x", "{name}/x", "{name}{name}", "{name}{date}", "{name}\n", "..\\{name}"]
)
def test_a_template_that_will_not_do_is_refused(template):
    with pytest.raises(UserError):
        check_template(template)


def test_no_original_is_replaced_whatever_it_is_called(tmp_path):
    photo, other, link = (tmp_path / name for name in ("a.png", "b.png", "c.png"))
    for path in (photo, other):
        path.write_bytes(b"")
    link.hardlink_to(other)
    with pytest.raises(UserError, match=r"a\.png is the original"):
        check_target(photo, photo, overwrite=True)
    with pytest.raises(UserError, match=r"c\.png is one of the originals"):
        check_target(photo, link, overwrite=True, originals=identities([photo, other, tmp_path / "none.png"]))
    with pytest.raises(UserError, match="exists already"):
        check_target(photo, link, overwrite=False)
    check_target(photo, link, overwrite=True)


@pytest.mark.parametrize(
    ("target", "reason"), [("none/a.png", "no folder"), ("folder", "a folder"), (300 * "x", "too long")]
)
def test_a_place_where_no_file_can_lie_is_refused(tmp_path, target, reason):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=reason):
        check_target(tmp_path / "photo.png", tmp_path / target, overwrite=True)


def test_a_folder_that_may_not_be_written_into_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or path != tmp_path)
    with pytest.raises(UserError, match="permission is denied"):
        check_target(tmp_path / "photo.png", tmp_path / "a.png", overwrite=False)


def test_one_place_has_one_name(tmp_path, monkeypatch):
    assert place(tmp_path / "x" / ".." / "é.png") == place(tmp_path / "e\u0301.png")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert place(tmp_path / "A.png") == place(tmp_path / "a.png")
    monkeypatch.setattr(sys, "platform", "linux")
    assert place(tmp_path / "A.png") != place(tmp_path / "a.png")


@pytest.mark.parametrize("stem", ["p" * 248, "日" * 83, "🙂" * 62])
def test_long_names_that_differ_behind_the_cut_stay_two(tmp_path, stem):
    first, second = (output_path(tmp_path / f"{stem}{end}.jpg") for end in "12")
    assert first.name != second.name
    for path in (first, second):
        assert len(os.fsencode(path.name)) <= 255 and path.name.endswith("-acutance.jpg")
        path.write_bytes(b"")
    assert free_path(first).name != free_path(second).name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("portrait v1.2", "portrait v1.2.jpg"),
        ("St. Peter", "St. Peter.jpg"),
        ("a", "a.jpg"),
        ("a.", "a..jpg"),
        ("a.PNG", "a.PNG"),
        ("a.gif", "a.gif"),  # a suffix; the error lists those that can be written
    ],
)
def test_a_dot_in_a_name_is_no_suffix(tmp_path, name, expected):
    assert with_ending(tmp_path / name, ".jpg") == tmp_path / expected
