import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import dask_workers
from app.__main__ import main
from app.batch import work
from app.batch.journal import Entry, Journal
from app.sidecar import StoredChoices, keep_choices
from engine.errors import UserError
from engine.masks.mask import Mask
from engine.request import Request

SMALL = {"blocks": 1, "channels": 8, "skip": False}


@pytest.fixture
def folder(tmp_path, monkeypatch, install):
    install("wrfn", settings=SMALL)
    monkeypatch.chdir(tmp_path)
    photos = tmp_path / "photos"
    (photos / "sub").mkdir(parents=True)
    for name in ("a.png", "b.png", "sub/c.png"):
        Image.fromarray(np.random.default_rng(1).integers(0, 255, (30, 40, 3), dtype=np.uint8)).save(photos / name)
    (photos / "bad.png").write_bytes(b"bad")
    (photos / "notes.txt").write_text("no photo")
    return photos


def batch(*arguments) -> int:
    return main(["batch", "photos", "-o", "out", "--method", "wrfn", "--region", "aligned", *map(str, arguments)])


def results() -> list[str]:
    return sorted(path.relative_to("out").as_posix() for path in Path("out").rglob("*.png"))


def test_a_bad_file_is_named_and_the_rest_continues(folder, capsys):
    assert batch("--recursive", "--json") == 1
    assert results() == ["a-acutance.png", "b-acutance.png", "sub/c-acutance.png"]
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert (report["done"], report["failed"]) == (3, 1)
    (failed,) = [entry for entry in report["photos"] if entry["state"] == "failed"]
    assert failed["photo"] == "bad.png" and "bad.png" in failed["reason"]
    assert captured.err.splitlines()[-1] == failed["reason"]


def test_without_recursive_subfolders_are_left_out(folder):
    batch()
    assert results() == ["a-acutance.png", "b-acutance.png"]


def test_resume_does_only_the_remaining_photos(folder, monkeypatch, capsys):
    done, power_cuts = [], ["b.png"]
    original = work._restored

    def counted(given, restore):
        name = given.photo.name
        if name in power_cuts:
            power_cuts.remove(name)
            raise KeyboardInterrupt
        done.append(name)
        return original(given, restore)

    monkeypatch.setattr(work, "_restored", counted)
    assert batch("--recursive") == 130
    assert done == ["a.png"]
    done.clear()
    (folder / "bad.png").unlink()
    assert batch("--recursive", "--resume") == 0
    assert done == ["b.png", "c.png"]
    assert results() == ["a-acutance.png", "b-acutance.png", "sub/c-acutance.png"]
    done.clear()
    assert batch("--recursive", "--resume") == 0
    assert done == []


def test_a_changed_photo_or_request_is_done_again(folder, capsys):
    (folder / "bad.png").unlink()
    batch()
    Image.new("RGB", (10, 10)).save(folder / "a.png")
    assert batch("--resume", "--json") == 0
    capsys.readouterr()
    with Image.open("out/a-acutance.png") as again:
        assert again.size == (10, 10)
    assert batch("--resume", "--strength", "0.5") == 0
    assert "a.png -> " in capsys.readouterr().err


def test_results_are_not_overwritten_by_a_second_call(folder):
    (folder / "bad.png").unlink()
    assert batch() == 0
    before = Path("out/a-acutance.png").read_bytes()
    assert batch("--strength", "0.5") == 1
    assert Path("out/a-acutance.png").read_bytes() == before
    assert batch("--strength", "0.5", "--overwrite") == 0
    assert Path("out/a-acutance.png").read_bytes() != before


def test_reports(folder):
    batch("--report", "report.csv")
    with Path("report.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["done", "done", "failed"]
    batch("--report", "report.json", "--overwrite")
    assert json.loads(Path("report.json").read_text())["failed"] == 1


def test_results_inside_the_folder_are_no_photos(folder):
    (folder / "bad.png").unlink()
    for _ in range(2):
        main(["batch", "photos", "-o", "photos/out", "--recursive", "--resume", "--region", "aligned"])
    assert sorted(p.name for p in (folder / "out").glob("*.png")) == ["a-acutance.png", "b-acutance.png"]


def test_a_preset(folder, tmp_path, capsys):
    (folder / "bad.png").unlink()
    preset = tmp_path / "mild.json"
    preset.write_text(json.dumps({"method": "wrfn", "region": "aligned", "strength": 0.0}))
    assert batch("--preset", preset) == 0
    assert np.array_equal(np.asarray(Image.open("out/a-acutance.png")), np.asarray(Image.open("photos/a.png")))
    assert batch("--preset", "nosuch") == 1
    assert "There is no preset 'nosuch'" in capsys.readouterr().err


def test_names_are_made_by_the_template(folder, capsys):
    (folder / "bad.png").unlink()
    assert batch("--recursive", "--name", "{method} {name}") == 0
    assert results() == ["sub/wrfn c.png", "wrfn a.png", "wrfn b.png"]
    assert batch("--name", "result") == 2
    assert "needs {name} in it" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_is_a_sentence(folder, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_workers, "_ANSWER", 0.1)
    assert batch("--scheduler", "tcp://127.0.0.1:1") == 1
    assert capsys.readouterr().err == "No Dask scheduler answers at tcp://127.0.0.1:1.\n"


def test_a_folder_that_is_none_is_a_sentence(folder, capsys):
    assert main(["batch", "nosuch", "-o", "out"]) == 1
    assert capsys.readouterr().err == "nosuch is no folder.\n"


def test_a_torn_line_of_the_journal_counts_for_nothing(tmp_path):
    journal = Journal(tmp_path)
    assert journal.entries() == {}
    journal.add(Entry("a", "done", output="x"))
    with journal.path.open("a") as file:
        file.write('{"photo": "b", "sta')
    journal.add(Entry("c", "failed", reason="why"))
    journal.add(Entry("a", "failed", reason="now"))
    assert journal.entries() == {"a": Entry("a", "failed", reason="now"), "c": Entry("c", "failed", reason="why")}


def test_a_result_of_which_a_crash_left_no_note_is_done_again_and_half_a_file_goes(folder, monkeypatch):
    (folder / "bad.png").unlink()
    original = work._restored

    def killed(given, restore):
        original(given, restore)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(work, "_restored", killed)
        assert batch() == 130
    assert results() == ["a-acutance.png"]
    left = Path("out/.acutance-0123456789abcdef.tmp")
    left.write_bytes(b"half")
    assert batch("--resume") == 0
    assert results() == ["a-acutance.png", "b-acutance.png"] and not left.exists()


def test_resume_does_not_overwrite_other_files(folder):
    Path("out").mkdir()
    Path("out/a-acutance.png").write_bytes(b"precious")
    for arguments in ((), ("--resume",), ("--resume",)):
        assert batch(*arguments) == 1
    assert Path("out/a-acutance.png").read_bytes() == b"precious"


def test_a_report_replaces_no_file_unasked_and_its_folder_is_looked_for_before_the_work(folder, capsys):
    Path("list.json").write_text("mine")
    assert batch("--report", "list.json") == 1
    assert Path("list.json").read_text() == "mine"
    assert batch("--report", "none/list.json") == 1
    assert batch("--report", "preset.json", "--preset", "preset.json", "--overwrite") == 1
    assert results() == []
    output = capsys.readouterr().err
    assert "list.json exists already" in output and "there is no folder none" in output
    assert batch("--report", "out/list.json") == 1
    assert batch("--report", "out/list.json", "--resume") == 1
    assert json.loads(Path("out/list.json").read_text())["done"] == 2


def test_the_json_is_printed_though_the_report_cannot_be_written(folder, capsys, monkeypatch):
    def full(*_):
        raise UserError("full")

    monkeypatch.setattr("app.cli.batch.write_report", full)
    assert batch("--report", "report.csv", "--json") == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["done"] == 2 and captured.err.endswith("full\n")


def test_the_number_of_photos_done_before_is_reported(folder, capsys):
    batch()
    assert "2 done, 1 failed." in capsys.readouterr().err
    batch("--resume", "--recursive")
    assert "3 done (2 of them before), 1 failed." in capsys.readouterr().err


def test_a_folder_without_photos_is_a_sentence(folder, capsys):
    Path("none/sub").mkdir(parents=True)
    assert main(["batch", "none", "-o", "out"]) == 1
    assert capsys.readouterr().err == "There are no photos in none; --recursive looks into subfolders.\n"
    assert main(["batch", "none", "-o", "out", "--recursive"]) == 1
    assert capsys.readouterr().err == "There are no photos in none.\n"
    assert not Path("out").exists()


def mask_of(photo: Path) -> np.ndarray:
    """Keep a mask beside a photo, as the window does, and return it."""
    values = np.zeros((30, 40), np.uint8)
    values[5:15, 10:30] = 255
    keep_choices(photo, StoredChoices(Request(), (), (40, 30), Mask.of(values)), "beside")
    return values


def test_painted_masks_are_used_where_that_is_asked_for(folder):
    values = mask_of(folder / "a.png")
    photo = np.asarray(Image.open(folder / "a.png"))
    batch()
    assert (np.asarray(Image.open("out/a-acutance.png"))[values == 0] != photo[values == 0]).any()
    batch("--painted-masks", "--overwrite")
    masked, other = (np.asarray(Image.open(f"out/{name}-acutance.png")) for name in "ab")
    assert (masked[values == 0] == photo[values == 0]).all() and (masked[values == 255] != photo[values == 255]).any()
    assert (other != np.asarray(Image.open(folder / "b.png"))).any()


def test_one_mask_for_all_photos(folder):
    values = mask_of(folder / "a.png")
    Image.fromarray(255 - values).save("mask.png")
    batch("--mask", "mask.png")
    for name in "ab":
        before, after = (
            np.asarray(Image.open(path)) for path in (folder / f"{name}.png", f"out/{name}-acutance.png")
        )
        assert (before[values == 255] == after[values == 255]).all() and (before != after).any()
