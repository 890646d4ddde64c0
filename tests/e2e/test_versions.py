"""Several results of one photo: kept, named, compared, saved one by one or all."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.window import dialogs
from app.window.versions import versions as module
from app.window.versions.naming import called
from app.window.viewer.comparison import Mode
from engine.masks.mask import Mask
from engine.photos.reading import read_photo


@pytest.fixture
def run(qtbot, deblurred):
    """Return a function that deblurs again, with another strength."""

    def ran(**choices):
        before = deblurred.document.shown.version
        deblurred.document.shown.change_request(**choices)
        deblurred.actions_by_id["deblur"].trigger()
        qtbot.waitUntil(lambda: deblurred.document.shown.version is not before)

    return ran


def names(window):
    return [row.name.text() for row in window.panel.versions.rows]


def test_every_run_is_listed_and_a_click_shows_it(deblurred, run):
    first = deblurred.document.shown.result
    run(region="faces")
    assert names(deblurred) == ["Version 1", "Version 2"]
    second = deblurred.document.shown.result
    deblurred.panel.versions.rows[0].pressed.emit()
    assert deblurred.document.shown.result is first and deblurred.document.shown.request.region == "auto"
    deblurred.actions_by_id["next-version"].trigger()
    assert deblurred.document.shown.result is second and deblurred.document.shown.request.region == "faces"


def test_each_version_keeps_its_strength_faces_and_mask(deblurred, run):
    mask = Mask.of(np.tile(np.arange(160, dtype=np.uint8), (120, 1)))
    deblurred.document.shown.change_request(strength=0.4)
    deblurred.document.shown.set_mask(mask)
    deblurred.document.shown.change_mark(0, strength=0.7)
    run(region="faces")
    deblurred.document.shown.change_request(strength=1.0)
    deblurred.document.shown.set_mask(None)
    deblurred.actions_by_id["previous-version"].trigger()
    shown = deblurred.document.shown
    assert shown.request.strength == 0.4 and shown.mask is mask and shown.marks[0].strength == 0.7
    deblurred.actions_by_id["previous-version"].trigger()
    assert shown.request.strength == 1.0 and shown.mask is None


def test_a_copy_keeps_what_was_seen(deblurred):
    deblurred.document.shown.change_request(strength=0.8)
    deblurred.actions_by_id["keep-version"].trigger()
    deblurred.document.shown.change_request(strength=0.3)
    assert names(deblurred) == ["Version 1", "Version 2"]
    deblurred.panel.versions.rows[0].pressed.emit()
    assert deblurred.document.shown.request.strength == 0.8


def test_undo_goes_back_to_the_version_before(deblurred, run):
    first = deblurred.document.shown.version
    run(region="faces")
    second = deblurred.document.shown.version
    deblurred.panel.versions.rows[0].pressed.emit()
    deblurred.actions_by_id["undo"].trigger()
    assert deblurred.document.shown.version is second and deblurred.document.shown.request.region == "faces"
    deblurred.actions_by_id["redo"].trigger()
    assert deblurred.document.shown.version is first and deblurred.document.shown.result is first.outcome.result


def test_a_version_gets_a_name(deblurred, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_name", lambda *_: "  for print ")
    deblurred.actions_by_id["rename-version"].trigger()
    assert names(deblurred) == ["for print"]
    monkeypatch.setattr(dialogs, "ask_name", lambda *_: None)
    deblurred.actions_by_id["rename-version"].trigger()
    assert names(deblurred) == ["for print"]


@pytest.mark.parametrize("mode", list(Mode), ids=str)
def test_a_against_b_in_every_view(qtbot, deblurred, run, mode):
    deblurred.document.shown.change_request(strength=0.2)
    run(region="faces")
    deblurred.document.shown.change_request(strength=1.0)
    deblurred.actions_by_id["faces"].setChecked(False)
    viewer = deblurred.viewer
    viewer.compare(divider=0.5, doublings=0)
    deblurred.actions_by_id[mode.value].trigger()
    before = viewer.grab().toImage()
    deblurred.actions_by_id["compare-version"].trigger()
    assert deblurred.versions.against is deblurred.document.shown.versions[0]
    after = viewer.grab().toImage()
    if mode is Mode.RESULT:
        middle = viewer.rect().center()
        assert before.pixelColor(middle) == after.pixelColor(middle)
    else:
        assert before != after
    deblurred.actions_by_id["compare-version"].trigger()
    assert deblurred.versions.against is None and viewer.grab().toImage() == before


def test_a_version_goes_and_another_is_shown(deblurred, run):
    run(region="faces")
    first = deblurred.document.shown.versions[0]
    deblurred.actions_by_id["delete-version"].trigger()
    assert deblurred.document.shown.versions == (first,) and deblurred.document.shown.result is first.outcome.result
    assert not deblurred.actions_by_id["delete-version"].isEnabled()
    deblurred.versions.remove(first)
    assert deblurred.document.shown.versions == (first,)


def test_all_are_saved_under_names_of_their_own(qtbot, deblurred, run, photo_file, monkeypatch):
    deblurred.document.shown.change_request(strength=0.2)
    monkeypatch.setattr(dialogs, "ask_name", lambda *_: "a/b: faint")
    deblurred.actions_by_id["rename-version"].trigger()
    run(region="faces")
    deblurred.document.shown.change_request(strength=1.0)
    deblurred.actions_by_id["save-versions"].trigger()
    folder, stem = photo_file.parent, "holiday é 🙂-acutance"
    targets = [folder / f"{stem}-a-b- faint.png", folder / f"{stem}-v2.png"]
    qtbot.waitUntil(lambda: all(version.saved for version in deblurred.document.shown.versions))
    faint, full = (read_photo(target).pixels for target in targets)
    original = read_photo(photo_file).pixels
    assert abs(faint - original).mean() < 0.3 * abs(full - original).mean()
    assert deblurred.document.shown.saved and not deblurred.actions_by_id["save-versions"].isEnabled()


def test_one_is_saved_and_the_others_stay_unsaved(qtbot, deblurred, run):
    run(region="faces")
    deblurred.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    assert [version.saved for version in deblurred.document.shown.versions] == [False, True]
    rows = deblurred.panel.versions.rows
    assert [row.unsaved.isVisibleTo(row) for row in rows] == [True, False]
    assert "not saved" in rows[0].accessibleName() and "not saved" not in rows[1].accessibleName()


def test_versions_stay_with_their_photo(qtbot, deblurred, run, folder, go):
    run(region="faces")
    kept, path = deblurred.document.shown.versions, deblurred.document.shown.path
    deblurred.session.roll.add([folder / "0.png"])
    go(deblurred, "0.png")
    assert not deblurred.document.shown.versions and not deblurred.panel.versions.isVisibleTo(deblurred)
    go(deblurred, path.name)
    assert deblurred.document.shown.versions == kept and len(deblurred.panel.versions.rows) == 2


def test_the_oldest_without_a_name_goes_where_there_is_no_room(deblurred, run, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    deblurred.versions.rename(deblurred.document.shown.version, "first")
    for region in ("faces", "whole", "faces"):
        run(region=region)
    assert [called(version) for version in deblurred.document.shown.versions] == ["first", "Version 3", "Version 4"]


def test_versions_by_keyboard(qtbot, deblurred, run):
    run(region="faces")
    row = deblurred.panel.versions.rows[0]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert deblurred.document.shown.version is row.version
    qtbot.keyClick(deblurred.viewer, Qt.Key.Key_J)
    assert deblurred.document.shown.version is deblurred.document.shown.versions[1]
    qtbot.keyClick(deblurred.viewer, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert deblurred.document.shown.version is row.version


def test_a_version_cannot_change_while_the_photo_is_restored(qtbot, deblurred, run, engine):
    run(region="faces")
    engine.hold.clear()
    deblurred.actions_by_id["deblur"].trigger()
    version = deblurred.document.shown.version
    deblurred.panel.versions.rows[0].pressed.emit()
    assert deblurred.document.shown.version is version and not deblurred.actions_by_id["keep-version"].isEnabled()
    deblurred.actions_by_id["cancel"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.result is not None)
    assert deblurred.document.shown.result is version.outcome.result
    engine.hold.set()


@pytest.mark.parametrize("answer", ["save", "discard", "cancel"])
@pytest.mark.parametrize("how", ["close the window", "close the photo"])
def test_versions_are_asked_about_once_with_the_list(qtbot, deblurred, run, photo_file, monkeypatch, answer, how):
    run(region="faces")
    deblurred.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    run(region="whole")
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved_list", lambda _, names: asked.append(names) or answer)
    name, files = photo_file.name, len(list(photo_file.parent.glob("*-acutance*")))
    if how == "close the window":
        deblurred.close()
    else:
        deblurred.browsing.close_photo()
    gone = lambda: not deblurred.isVisible() or deblurred.document.shown.path is None  # noqa: E731
    qtbot.waitUntil(lambda: gone() or answer == "cancel")
    assert asked == [[name, f"{name}  ·  Version 1"]] and gone() is (answer != "cancel")
    assert len(list(photo_file.parent.glob("*-acutance*"))) == files + (2 if answer == "save" else 0)


def test_a_version_is_not_lost_when_its_photo_is_restored_unseen(qtbot, deblurred, folder, go, photo_file):
    deblurred.document.shown.change_request(region="faces")  # the next run is due
    deblurred.session.roll.add([folder / "0.png"])
    go(deblurred, "0.png")
    deblurred.many.together.add(photo_file)
    qtbot.waitUntil(lambda: not deblurred.many.together.running)
    name = photo_file.name
    assert [loss.name for loss in deblurred.saving_all.losses()] == [name, f"{name}  ·  Version 1"]
    go(deblurred, name)
    assert len(deblurred.document.shown.versions) == 2 and deblurred.document.shown.request.region == "faces"
