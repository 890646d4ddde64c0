"""`acutance triage` on folders of small photos, with the forests that ship."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from app.__main__ import main
from engine.kernels.families import linear_kernel


def scene(seed=0, width=620, height=430):
    rng = np.random.default_rng(seed)
    plane = np.full((height, width), 0.5, np.float32)
    for _ in range(300):
        angles = rng.uniform(0, 6.3) + np.arange(rng.integers(3, 7)) * 1.3
        points = rng.uniform(0, 1, 2) * (width, height) + rng.uniform(4, 60) * np.stack(
            [np.cos(angles), np.sin(angles)], 1
        )
        cv2.fillPoly(plane, [points.round().astype(np.int32)], float(rng.uniform(0.05, 0.95)), cv2.LINE_AA)
    return plane


def write(path, plane, **exif):
    made = Image.Exif()
    for tag, value in exif.items():
        made[{"camera": 0x0110}[tag]] = value
    Image.fromarray((plane.clip(0, 1) * 255).astype(np.uint8)).convert("RGB").save(path, quality=92, exif=made)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a sharp photo, a shaken one, a broken one, and one in a folder below."""
    made = tmp_path / "photos"
    (made / "sub").mkdir(parents=True)
    write(made / "sharp.jpg", scene())
    values = linear_kernel(15, 30)[::-1, ::-1]
    write(made / "shaken.jpg", cv2.filter2D(scene(1), -1, values, borderType=cv2.BORDER_REFLECT))
    (made / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    write(made / "sub" / "below.jpg", scene(2))
    monkeypatch.chdir(tmp_path)
    return made


def report(capsys, *arguments):
    code = main(["triage", "photos", "--json", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, json.loads(captured.out), captured.err


def test_photos_are_told_apart_and_a_broken_one_is_named(folder, capsys):
    code, found, said = report(capsys)
    kinds = {photo["photo"].rpartition("/")[2]: photo["kind"] for photo in found["photos"]}
    assert kinds == {"broken.jpg": None, "shaken.jpg": "shaken", "sharp.jpg": "sharp"}
    shaken = next(photo for photo in found["photos"] if photo["kind"] == "shaken")
    assert abs(shaken["direction_degrees"] - 30) < 12 and 5 < shaken["extent_px"] < 30
    assert code == 1 and "broken.jpg" in said and "1 could not be read" in said


def test_what_is_known_is_not_looked_at_again(folder, capsys, monkeypatch):
    _, before, _ = report(capsys, "--recursive")
    monkeypatch.setattr("engine.diagnosis.diagnosing.diagnosed", None)
    _, again, said = report(capsys, "--recursive")
    assert "3 known from before" in said and len(again["photos"]) == 4
    strip = [{**photo, "seconds": 0} for photo in before["photos"]]
    assert [{**photo, "seconds": 0} for photo in again["photos"]] == strip


def test_reports_and_sidecars(folder, capsys, tmp_path):
    originals = {path: path.read_bytes() for path in folder.rglob("*.jpg")}
    code = main(["triage", "photos", "--report", "out.html", "--write-xmp", "--xmp-fields", "rating"])
    assert code == 1 and "<img" in (tmp_path / "out.html").read_text()
    assert b"<xmp:Rating>3</xmp:Rating>" in (folder / "sharp.jpg.xmp").read_bytes()
    assert not (folder / "broken.jpg.xmp").exists()
    assert {path: path.read_bytes() for path in folder.rglob("*.jpg")} == originals
    assert "photos/sharp.jpg: sharp; keep" in capsys.readouterr().out


def test_a_report_replaces_no_file_unasked(folder, tmp_path, capsys):
    (tmp_path / "out.csv").write_text("mine")
    assert main(["triage", "photos", "--report", "out.csv"]) == 1
    assert (tmp_path / "out.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["triage", "nowhere"], 1, "nowhere is no folder"),
        (["triage", "photos", "--report", "out.txt"], 2, "not out.txt"),
        (["triage", "photos", "--workers", "0"], 2, "at least 1"),
        (["triage", "photos", "--workers", "2", "--scheduler", "tcp://x:1"], 2, "workers of its own"),
        (["triage", "photos", "--xmp-fields", "label"], 2, "needs --write-xmp"),
        (["triage", "photos", "--write-xmp", "--xmp-fields", "colour"], 2, "not 'colour'"),
        (["triage", "empty"], 1, "--recursive looks into subfolders"),
    ],
)
def test_wrong_usage_is_told_in_one_sentence(folder, tmp_path, capsys, arguments, code, said):
    (tmp_path / "empty").mkdir()
    assert main(arguments) == code
    assert said in capsys.readouterr().err


def test_a_cluster_looks_as_this_computer_does(folder, capsys):
    distributed = pytest.importorskip("distributed", reason="needs the extra acutance[cluster]")
    with distributed.LocalCluster(n_workers=1, processes=False, threads_per_worker=1, dashboard_address=None) as made:
        code, afar, said = report(capsys, "--scheduler", made.scheduler_address)
    assert code == 1 and "broken.jpg" in said
    _, nearby, _ = report(capsys, "--no-cache")
    plain = [[{**photo, "seconds": 0} for photo in found["photos"]] for found in (afar, nearby)]
    assert plain[0] == plain[1] and len(plain[0]) == 3
    _, _, said = report(capsys)
    assert "2 known from before" in said


def test_a_photo_can_be_named_itself(folder, capsys):
    assert main(["triage", "photos/sharp.jpg"]) == 0
    assert capsys.readouterr().out.startswith("1/1 photos/sharp.jpg: sharp")
