"""Names of results."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.photos.naming import check_template, free_path, output_path


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
