"""The photos among the files of a folder."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.batch.photos import photos_in
from app.batch.plan import Plan
from engine.request import Request


def photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    "place",
    [
        ".Trash-1000/files/gone.png",
        ".thumbnails/normal/small.png",
        "@eaDir/a.png/SYNOPHOTO_THUMB.png",
        "holiday/@eaDir/x.png",
        "#recycle/gone.png",
        "$RECYCLE.BIN/S-1/gone.png",
        "$Recycle.Bin/gone.png",
        "System Volume Information/x.png",
        "__MACOSX/._a.png",
        "holiday/.hidden.png",
        "lost+found/x.png",
    ],
)
def test_trash_and_previews_are_no_photos(tmp_path, place):
    wanted = [photo(tmp_path / name) for name in ("a.png", "holiday/b.png")]
    photo(tmp_path / place)
    assert photos_in(tmp_path, recursive=True) == wanted
    assert photos_in(tmp_path, recursive=False) == wanted[:1]


def test_a_hidden_folder_that_is_asked_for_is_taken(tmp_path):
    wanted = photo(tmp_path / ".Trash-1000" / "files" / "a.png")
    assert photos_in(wanted.parent, recursive=True) == [wanted]


def test_a_dropped_folder_leaves_them_out_too(tmp_path):
    from app.window.opening.ways_in import _expanded

    wanted = photo(tmp_path / "a.png")
    photo(tmp_path / ".Trash-1000" / "files" / "b.png")
    assert _expanded([tmp_path]) == [wanted]


def test_training_leaves_them_out_too(tmp_path):
    from training.sources import _files

    wanted = photo(tmp_path / "a.png")
    photo(tmp_path / "@eaDir" / "b.png")
    assert _files(tmp_path) == [wanted]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_links_in_a_circle_end(tmp_path):
    wanted = photo(tmp_path / "a" / "b.png")
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
    assert photos_in(tmp_path, recursive=True) == [wanted]


@pytest.mark.parametrize("suffix", [".jpg", ".jxl", ".heic"])
def test_results_of_long_names_differ_and_fit(tmp_path, suffix):
    plan = Plan(Request(method="wrfn"), tmp_path, tmp_path / "out")
    targets = {plan.target(tmp_path / f"{'p' * 245}{number}{suffix}").name for number in range(5)}
    assert len(targets) == 5 and all(len(os.fsencode(name)) <= 255 for name in targets)


def test_a_suffix_that_changes_stays_in_the_name(tmp_path):
    plan = Plan(Request(method="wrfn"), tmp_path, tmp_path / "out")
    assert plan.target(tmp_path / "a.CR3").name == "a-acutance-CR3.tif"
    assert replace(plan, template="{name} v1.2").target(tmp_path / "a.jpg").name == "a v1.2.jpg"
