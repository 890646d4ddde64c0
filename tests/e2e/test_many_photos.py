"""Many photos: the strip, what is kept of each, choices that come back."""

import gc
import json
import threading
import weakref

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.window import dialogs
from app.window.photos import roll
from app.window.photos.photo_state import State
from app.window.photos.roll import Badge
from app.window.session import reading
from app.window.viewer.pyramid import Pyramid
from engine.errors import UserError


def test_a_dropped_folder_fills_the_strip_subfolders_too(many):
    assert [path.name for path in many.session.roll.paths] == [f"{index}.png" for index in range(7)]
    assert many.strip.isVisible() and many.document.shown.path.name == "0.png"


def test_one_photo_alone_needs_no_strip(ready):
    assert not ready.strip.isVisible()


def test_thumbnails_appear_for_visible_rows(qtbot, many):
    paths = many.session.roll.paths
    many.strip.grab()
    qtbot.waitUntil(lambda: many.session.roll.thumbnail(paths[3]) is not None)
    assert many.session.roll.thumbnail(paths[3]).pixelColor(9, 9).red() == 110


def test_a_click_in_the_strip_and_the_keyboard_go_to_another_photo(qtbot, many, settled, go):
    place = many.strip.visualRect(many.strip.model_of_roll.index(2)).center()
    qtbot.mouseClick(many.strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: many.document.shown.path.name == "2.png" and settled(many))
    many.actions_by_id["next-photo"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.path.name == "3.png" and settled(many))
    many.actions_by_id["previous-photo"].trigger()
    assert many.document.shown.path.name == "2.png" and many.document.shown.state is State.READY
    go(many, "6.png")
    assert not many.actions_by_id["next-photo"].isEnabled()


def test_the_next_photo_is_seen_at_the_same_zoom_and_place(qtbot, many, folder, tmp_path, go):
    larger = tmp_path / "larger.png"
    Image.fromarray(np.zeros((240, 320, 3), np.uint8)).save(larger)
    many.viewer.zoom_to(20)
    many.viewer.centre_on(40, 30)
    go(many, "1.png")
    viewport = many.viewer.viewport
    assert (viewport.scale, viewport.x, viewport.y) == (20, 40, 30)
    many.open(larger)
    qtbot.waitUntil(lambda: many.document.shown.path == larger and many.document.shown.photo is not None)
    viewport = many.viewer.viewport
    assert (viewport.photo, viewport.scale, viewport.x, viewport.y) == ((320, 240), 20, 80, 60)
    many.actions_by_id["fit"].trigger()
    go(many, "2.png")
    assert many.viewer.viewport.fitted


def test_every_photo_keeps_its_own_choices_and_result(qtbot, many, go):
    many.document.shown.toggle_mark(0)
    many.panel.strength.slider.setValue(40)
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.result is not None)
    result, first = many.document.shown.result, many.document.shown.path
    go(many, "1.png")
    assert many.document.shown.result is None
    assert many.session.roll.badge(first) is Badge.RESTORED
    many.panel.strength.slider.setValue(90)
    go(many, "0.png")
    assert many.document.shown.result is result and not many.document.shown.saved
    assert many.panel.strength.slider.value() == 40
    assert [mark.chosen for mark in many.document.shown.marks] == [False, True]


def test_every_photo_keeps_its_own_steps_of_undo(many, go):
    undo, redo = many.actions_by_id["undo"], many.actions_by_id["redo"]
    many.document.shown.toggle_mark(0)
    go(many, "1.png")
    assert not undo.isEnabled()
    many.document.shown.change_request(strength=0.4)
    go(many, "0.png")
    undo.trigger()
    assert all(mark.chosen for mark in many.document.shown.marks)
    assert redo.isEnabled() and not undo.isEnabled()
    go(many, "1.png")
    assert many.document.shown.request.strength == 0.4 and undo.isEnabled() and not redo.isEnabled()


def test_a_photo_is_restored_while_another_one_is_looked_at(qtbot, many, engine, go):
    engine.hold.clear()
    first = many.document.shown.path
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.progress[0] == 0.25)
    many.open(many.session.roll.paths[1])
    qtbot.waitUntil(lambda: many.document.shown.state is State.READY)
    assert many.session.roll.badge(first) is Badge.WORKING
    engine.hold.set()
    qtbot.waitUntil(lambda: many.session.roll.badge(first) is Badge.RESTORED)
    assert many.document.shown.result is None
    go(many, "0.png")
    assert many.document.shown.result is not None and many.versions.current is not None
    assert not many.actions_by_id["undo"].isEnabled()  # a result that came meanwhile is no step


@pytest.mark.parametrize("back", ["before it is whole", "after"])
def test_a_large_photo_left_at_its_preview_becomes_whole_and_its_faces_are_found(
    qtbot, window, folder, monkeypatch, back, settled
):
    monkeypatch.setattr(reading, "_AT_ONCE_PIXELS", 0)
    go_on, build, first = threading.Event(), Pyramid.build, folder / "0.png"
    monkeypatch.setattr(Pyramid, "build", lambda *how: go_on.wait(60) and build(*how))
    window.open(first)
    qtbot.waitUntil(lambda: window.document.shown.photo is not None)
    preview = window.document.shown.original
    assert window.panel.region.faces.text() == "Faces are found automatically."
    window.open(folder / "1.png")
    if back == "after":
        go_on.set()
        qtbot.waitUntil(lambda: window.session.roll.photo(first).original is not preview)
    window.open(first)
    go_on.set()
    qtbot.waitUntil(lambda: window.document.shown.original is not preview and settled(window))
    assert window.document.shown.path == first


@pytest.mark.parametrize("end", ["cancelled", "failed"])
@pytest.mark.parametrize("shown", [True, False])
def test_a_second_run_that_comes_to_nothing_brings_the_unsaved_result_back(qtbot, many, engine, end, shown, go):
    document, path = many.document, many.document.shown.path
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: document.shown.result is not None)
    result, picture = document.shown.result, document.shown.restored
    engine.hold.clear()
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: document.shown.progress[0] == 0.25)
    assert document.shown.result is None and not document.shown.saved
    if not shown:
        many.open(many.session.roll.paths[1])
    if end == "cancelled":
        many.session._restoring._stops[path].set()
        many.session._access.cancel(many.session._restoring._stops[path])
    else:
        engine.late_error = UserError("There is not enough memory.")
        engine.hold.set()
    if not shown:
        qtbot.waitUntil(lambda: many.session.roll.badge(path) is Badge.RESTORED)
        go(many, path.name)
    qtbot.waitUntil(lambda: document.shown.state is State.READY)
    assert document.shown.result is result and document.shown.restored is picture and not document.shown.saved


def test_the_result_of_before_is_saved_while_another_one_is_made(qtbot, deblurred, engine, photo_file, monkeypatch):
    engine.hold.clear()
    deblurred.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.progress[0] == 0.25)
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: "save")
    deblurred.close()
    qtbot.waitUntil(lambda: not deblurred.isVisible())
    assert photo_file.with_name("holiday é 🙂-acutance.png").exists()


def test_only_near_photos_and_unsaved_results_stay_decoded(qtbot, many, go):
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.result is not None)
    for index in range(1, 7):
        go(many, f"{index}.png")
    held = {photo.path.name for photo in many.session.roll.hidden if photo.photo is not None}
    assert held == {"0.png", "4.png", "5.png"}
    assert [loss.path.name for loss in many.saving_all.losses()] == ["0.png"]


def test_results_that_fill_the_memory_are_asked_about_first(qtbot, many, monkeypatch, go):
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.result is not None)
    go(many, "1.png")
    monkeypatch.setattr(roll, "MOST_BYTES", 1000)
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _, name, *__: asked.append(name) or "cancel")
    many.open(many.session.roll.paths[2])
    assert asked == ["0.png"] and many.document.shown.path.name == "0.png"


@pytest.fixture
def two_unsaved(qtbot, many, go):
    for name in ("0.png", "1.png"):
        go(many, name)
        many.actions_by_id["deblur"].trigger()
        qtbot.waitUntil(lambda: many.document.shown.result is not None)
    return many


@pytest.mark.parametrize(("answer", "saved"), [("discard", 0), ("save", 2)])
def test_closing_the_window_asks_once_with_a_list(qtbot, two_unsaved, folder, monkeypatch, answer, saved):
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved_list", lambda parent, names: asked.append(names) or answer)
    two_unsaved.close()
    qtbot.waitUntil(lambda: not two_unsaved.isVisible())
    assert asked == [["1.png", "0.png"]] and len(list(folder.glob("*-acutance.png"))) == saved


def test_a_close_that_was_called_off_gives_nothing_up(two_unsaved, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_unsaved_list", lambda *_: "cancel")
    two_unsaved.close()
    assert two_unsaved.isVisible()
    assert {two_unsaved.session.roll.badge(path) for path in two_unsaved.session.roll.paths[:2]} == {Badge.RESTORED}


def test_a_photo_opened_twice_while_it_is_read_is_shown_once(qtbot, window, folder, settled):
    first, second = folder / "0.png", folder / "1.png"
    shown = []
    window.session.opened.connect(shown.append)
    for path in (first, second, first):
        window.open(path)
    qtbot.waitUntil(lambda: settled(window))
    photo = window.document.shown.photo
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.result is not None)
    assert window.document.shown.photo is photo and shown == [first]


def test_closing_a_photo_shows_its_neighbour(qtbot, many, settled):
    many.actions_by_id["close-photo"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.path.name == "1.png" and settled(many))
    assert len(many.session.roll.paths) == 6


def test_closing_the_only_photo_leaves_the_empty_window(ready):
    ready.actions_by_id["close-photo"].trigger()
    assert ready.empty.isVisible() and ready.document.shown.state is State.EMPTY


def test_stepping_onto_a_deleted_photo_stays_where_one_was(qtbot, many, folder, settled):
    (folder / "1.png").unlink()
    many.actions_by_id["next-photo"].trigger()
    qtbot.waitUntil(lambda: many.message.isVisible())
    qtbot.waitUntil(lambda: settled(many))
    assert many.document.shown.path.name == "0.png" and len(many.session.roll.paths) == 6


def test_photos_that_are_open_stay_within_reach_while_none_is_shown(many):
    many.document.show(None)
    assert many.empty.isVisible() and many.strip.isVisible()


def test_a_photo_that_is_closed_takes_no_memory_any_more(qtbot, deblurred):
    document = deblurred.document
    qtbot.waitUntil(lambda: document.shown.identities is not None)
    held = [
        weakref.ref(thing)
        for thing in (document.shown.photo, document.shown.result, document.shown.original, document.shown.restored)
    ]
    document.shown.mark_saved()
    deblurred.browsing.close_photo()

    def is_free():
        gc.collect()
        return not any(reference() for reference in held)

    qtbot.waitUntil(is_free)


def test_the_choices_of_a_photo_come_back_without_a_new_search(qtbot, ready, photo_file):
    ready.document.shown.toggle_mark(1)
    ready.document.shown.add_mark((5, 5, 30, 30))
    ready.document.shown.change_request(region="faces", strength=0.3)
    ready.browsing.close_photo()
    sidecar = json.loads(photo_file.with_name(f"{photo_file.name}.acutance.json").read_text())
    assert sidecar["request"]["strength"] == 0.3
    ready.document.shown.change_request(strength=1.0, region="auto")
    ready.open(photo_file)
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY)
    assert [mark.chosen for mark in ready.document.shown.marks] == [True, False, True]
    assert ready.document.shown.marks[0].face is not None and ready.document.shown.marks[2].face is None
    assert (ready.document.shown.request.region, ready.document.shown.request.strength) == ("faces", 0.3)
    assert not ready.actions_by_id["undo"].isEnabled()


def test_a_crash_costs_no_choice(qtbot, ready, photo_file):
    kept = photo_file.with_name(f"{photo_file.name}.acutance.json")
    ready.document.shown.change_request(strength=0.4)
    ready.document.shown.toggle_mark(1)
    qtbot.waitUntil(kept.exists)
    written = json.loads(kept.read_text())
    assert written["request"]["strength"] == 0.4
    assert [mark["chosen"] for mark in written["marks"]] == [True, False]
    ready.document.shown.toggle_mark(1)
    qtbot.waitUntil(lambda: json.loads(kept.read_text())["marks"][1]["chosen"])


def test_a_strength_set_while_faces_are_looked_for_is_kept(qtbot, window, photo_file, engine):
    engine.hold.clear()
    engine._pool.submit(engine.hold.wait)
    window.open(photo_file)
    qtbot.waitUntil(lambda: window.document.shown.finding_faces)
    window.document.shown.change_request(strength=0.6)
    engine.hold.set()
    kept = photo_file.with_name(f"{photo_file.name}.acutance.json")
    qtbot.waitUntil(kept.exists)
    assert json.loads(kept.read_text())["request"]["strength"] == 0.6


def test_a_photo_that_was_only_looked_at_gets_no_sidecar(ready, tmp_path):
    ready.browsing.close_photo()
    assert not list(tmp_path.glob("*.json"))


def test_a_photo_that_takes_long_to_read_says_so_until_it_is_there(qtbot, window, folder, settled, monkeypatch):
    go_on, build = threading.Event(), Pyramid.build
    monkeypatch.setattr(Pyramid, "build", lambda *how: go_on.wait(60) and build(*how))
    window.open(folder / "0.png")
    qtbot.waitUntil(window.loading.isVisible)
    assert window.loading.words.text() == "Opening 0.png…"
    go_on.set()
    qtbot.waitUntil(lambda: settled(window))
    assert not window.loading.isVisible()
