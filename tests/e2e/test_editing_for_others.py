"""The window as another program's external editor: photos come, are restored, and go back in place."""

import numpy as np
import pytest
import tifffile
from PIL import Image
from PySide6.QtWidgets import QMessageBox

from app.handover import Handover
from app.window import dialogs, editing
from app.window.editing import Editing
from app.window.photos.photo_state import State
from engine.photos import writing
from engine.photos.reading import read_photo
from engine.request import Request
from engine.user_folders import cache_folder


@pytest.fixture
def begin(window):
    """Return a function that hands photos over to the window and opens them."""
    open_handovers = []

    def begun(*photos, **asked):
        handover = Handover(photos).__enter__()
        open_handovers.append(handover)
        made = Editing(window, handover, Request(**asked))
        if handover.originals:
            window.open_all(list(handover.originals))
        return made

    yield begun
    for handover in open_handovers:
        handover.__exit__()


@pytest.fixture
def tiff(tmp_path):
    """A TIFF of 16 bits."""
    samples = np.random.default_rng(0).integers(9000, 60000, (120, 160, 3), np.uint16)
    tifffile.imwrite(tmp_path / "sent.tif", samples, photometric="rgb")
    return tmp_path / "sent.tif"


def restored(window):
    return lambda: window.document.shown.state is State.READY and window.document.shown.result is not None


def test_the_photo_is_restored_at_once_and_done_writes_it_back(qtbot, window, begin, tiff, engine):
    before = read_photo(tiff)
    made = begin(tiff, strength=0.5)
    qtbot.waitUntil(restored(window))
    assert window.message.isVisible() and "Another program" in window.message.text.text()
    assert window.top.save is made.button and made.button.isVisible()
    assert engine.requests[0].strength == 0.5 and engine.requests[0].method == "auto"
    assert read_photo(tiff).pixels.tobytes() == before.pixels.tobytes()
    made.button.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    after = read_photo(tiff)
    assert (after.size, after.bit_depth) == (before.size, 16)
    assert after.pixels.mean() == pytest.approx((before.pixels * 0.75 + 0.2).mean(), abs=0.01)
    assert made.code == 0
    assert [path.name for path in tiff.parent.iterdir() if path.name.startswith("sent")] == ["sent.tif"]


def test_closing_without_done_leaves_the_photo_and_says_so(qtbot, window, begin, tiff, monkeypatch):
    before = tiff.read_bytes()
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _, name, in_place: asked.append((name, in_place)) or "discard")
    made = begin(tiff)
    qtbot.waitUntil(restored(window))
    window.close()
    assert asked == [("sent.tif", True)]
    assert tiff.read_bytes() == before and made.code == 130


def test_saving_instead_of_done_writes_back_too(qtbot, window, begin, tiff):
    before = tiff.read_bytes()
    made = begin(tiff)
    qtbot.waitUntil(restored(window))
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.saved)
    assert tiff.read_bytes() != before and window.isVisible() and made.code == 0
    first = tiff.read_bytes()
    window.document.shown.change_request(strength=0.3)  # the copy is restored, not what was written
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: tiff.read_bytes() != first)


def test_several_photos_make_a_strip_and_those_not_seen_are_asked_about(qtbot, window, begin, folder, monkeypatch):
    photos = [folder / f"{index}.png" for index in range(3)]
    before = [path.read_bytes() for path in photos]
    asked = []
    monkeypatch.setattr(dialogs, "ask_leave_out", lambda _, names: asked.append(names) or len(asked) > 1)
    made = begin(*photos)
    qtbot.waitUntil(restored(window))
    assert window.strip.isVisible()
    window.actions_by_id["next-photo"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.path.name == "1.png" and restored(window)())
    made.done()
    assert asked == [["2.png"]] and window.isVisible() and made.code == 130
    made.done()
    qtbot.waitUntil(lambda: not window.isVisible())
    changed = [path.read_bytes() != old for path, old in zip(photos, before, strict=True)]
    assert changed == [True, True, False] and made.code == 0


def test_a_photo_whose_layers_would_be_lost_is_not_written_back(qtbot, window, begin, tmp_path):
    pages = tmp_path / "pages.tif"
    tifffile.imwrite(pages, np.zeros((2, 120, 160, 3), np.uint8) + 99, photometric="rgb")
    made = begin(pages)
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert "cannot be written back" in window.message.text.text()
    assert made.code == 1


def test_a_file_that_cannot_be_edited_is_said_in_the_window(window, begin, tmp_path):
    made = begin(tmp_path / "none.tif")
    assert window.message.isVisible() and "none.tif" in window.message.text.text()
    window.close()
    assert made.code == 1


def test_a_full_disk_keeps_the_window_open(qtbot, window, begin, tiff, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "")

    before = tiff.read_bytes()
    made = begin(tiff)
    qtbot.waitUntil(restored(window))
    with monkeypatch.context() as patch:
        patch.setattr(writing, "write_whole", full)
        made.done()
        qtbot.waitUntil(lambda: "the disk is full" in window.message.text.text())
    assert window.isVisible() and tiff.read_bytes() == before and made.code == 1
    made.done()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert tiff.read_bytes() != before and made.code == 0


def test_nothing_of_it_is_among_the_photos_opened_last(qtbot, window, begin, tiff):
    begin(tiff)
    qtbot.waitUntil(restored(window))
    assert window.preferences.recent == []
    assert [path for path in tiff.parent.iterdir() if path.suffix == ".json"] == []


def test_the_question_about_photos_left_out_names_them(qtbot, window, monkeypatch):
    shown = []

    def press(box):
        shown.append(box.informativeText())
        box.buttons()[0].click()

    monkeypatch.setattr(QMessageBox, "exec", press)
    assert dialogs.ask_leave_out(window, ["a.tif", "b.tif"]) in (True, False)
    assert "a.tif" in shown[0] and "b.tif" in shown[0]


def test_the_program_ends_with_the_windows_code_and_without_copies(monkeypatch, tmp_path):
    from app.__main__ import main

    Image.new("RGB", (30, 40)).save(tmp_path / "photo.png")
    begun = []

    class Double:
        code = 130

    monkeypatch.setattr(editing, "run_window", lambda photos, attend: begun.append(photos) or attend(None))
    monkeypatch.setattr(editing, "Editing", lambda *_: Double)
    assert main(["edit", str(tmp_path / "photo.png")]) == 130
    assert [path.name for path in begun[0]] == ["photo.png"]
    assert list((cache_folder() / "handed-over").iterdir()) == []
