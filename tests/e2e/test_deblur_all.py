"""Deblur all, Save all and Stop, for the photos that are open."""

import threading

from app.window.photos import roll
from app.window.photos.photo_state import State
from app.window.viewer.pyramid import Pyramid


def unsaved(window):
    return [loss.name for loss in window.saving_all.losses()]


def test_deblur_all_restores_every_open_photo_and_save_all_saves_them(qtbot, many, engine, folder):
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert len(engine.requests) == 7 and len(unsaved(many)) == 7
    assert {request.photo for request in engine.requests} == set(many.session.roll.paths)
    assert many.document.shown.path.name == "0.png" and many.document.shown.result is not None
    many.actions_by_id["deblur-all"].trigger()  # nothing wants it any more
    assert len(engine.requests) == 7
    (folder / "3-acutance.png").write_bytes(b"somebody's")
    many.actions_by_id["save-all"].trigger()
    qtbot.waitUntil(lambda: not unsaved(many))
    assert (folder / "3-acutance.png").read_bytes() == b"somebody's" and (folder / "3-acutance-2.png").exists()
    assert len(list(folder.rglob("*-acutance*.png"))) == 8
    assert not many.actions_by_id["save-all"].isEnabled()


def test_choices_of_a_photo_hold_when_all_are_restored(qtbot, many, engine, go):
    go(many, "2.png")
    many.document.shown.change_request(region="faces")
    many.document.shown.toggle_mark(1)
    go(many, "0.png")
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    asked = {request.photo.name: request for request in engine.requests}
    assert asked["2.png"].region == "faces" and len(asked["2.png"].faces) == 1
    assert asked["1.png"].region == "auto" and asked["1.png"].faces is None


def test_stop_ends_the_run_and_the_others_do_not_begin(qtbot, many, engine):
    engine.hold.clear()
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: bool(engine.requests))
    assert many.top.stop.isVisible() and many.top.stop.text() == "Stop (1 of 7)"
    many.top.stop.click()
    qtbot.waitUntil(lambda: many.document.shown.state is State.READY and not many.many.together.running)
    engine.hold.set()
    assert len(engine.requests) == 1 and not many.top.stop.isVisible()


def test_a_photo_that_is_looked_at_while_all_are_restored_is_an_ordinary_one(qtbot, many, engine, settled):
    engine.hold.clear()
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: bool(engine.requests))
    many.open(many.session.roll.paths[1])
    qtbot.waitUntil(lambda: many.document.shown.photo is not None)
    engine.hold.set()
    qtbot.waitUntil(lambda: not many.many.together.running)
    qtbot.waitUntil(lambda: many.document.shown.result is not None)
    assert len(engine.requests) == 7


def test_full_memory_ends_it_with_a_sentence(qtbot, many, engine, monkeypatch):
    monkeypatch.setattr(roll, "MOST_BYTES", 0)
    many.actions_by_id["deblur-all"].trigger()
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert 1 <= len(engine.requests) < 7 and "save all" in many.message.text.text()


def test_stop_while_a_hidden_photo_is_read_begins_nothing(qtbot, many, engine, monkeypatch):
    go_on, build = threading.Event(), Pyramid.build
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.document.shown.result is not None)
    monkeypatch.setattr(Pyramid, "build", lambda *how: go_on.wait(60) and build(*how))
    many.many.together.add(many.session.roll.paths[4])
    many.actions_by_id["stop-all"].trigger()
    assert not many.many.together.running
    go_on.set()
    many.many.together.add(many.session.roll.paths[5])
    qtbot.waitUntil(lambda: not many.many.together.running)
    assert [request.photo.name for request in engine.requests] == ["0.png", "5.png"]
