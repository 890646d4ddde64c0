"""Badges of blur: the same in the strip and in a batch, from what is remembered, and measured in idle time."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from app.triage.cache import Cache
from app.triage.looking import look
from app.triage.triaged import Triaged
from app.window.triage import known
from app.window.triage.badge import BADGE, badge_width, paint_badge
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

SHAKEN = Diagnosis(Kind.SHAKEN, 0.8, Advice.CAN_BE_SAVED, 0.2, extent=12, direction=40, gain=3, confidence=0.9)
FOCUS = Diagnosis(Kind.OUT_OF_FOCUS, 0.8, Advice.CANNOT_BE_SAVED, 0.1, radius=9)


def remember(path, told):
    look(path, Cache(), False, lambda path, data, check: Triaged(path, told, size=(160, 120)))


def badge_of(window, name):
    model = window.strip.model_of_roll
    at = next(at for at, path in enumerate(model.roll.paths) if path.name == name)
    return model.index(at).data(BADGE)


def test_what_is_remembered_is_a_badge_in_the_strip(qtbot, folder, window, drop, settled):
    remember(folder / "1.png", SHAKEN)
    drop(window, folder)
    qtbot.waitUntil(lambda: settled(window))
    before = window.strip.grab().toImage()
    qtbot.waitUntil(lambda: badge_of(window, "1.png") == SHAKEN)
    model = window.strip.model_of_roll
    assert model.index(1).data(Qt.ItemDataRole.ToolTipRole) == "1.png, Shaken, 12 px"
    assert badge_of(window, "2.png") is None
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "2.png"
    assert window.strip.grab().toImage() != before


def test_photos_that_nobody_looked_at_are_measured_in_idle_time(qtbot, folder, window, drop, settled, monkeypatch):
    asked = []

    def look_here(path, faces):
        asked.append((path.name, faces))
        return Triaged(path, FOCUS)

    monkeypatch.setattr(known, "look_here", look_here)
    monkeypatch.setattr(known, "IDLE", 0)
    remember(folder / "1.png", SHAKEN)
    drop(window, folder)
    qtbot.waitUntil(lambda: settled(window))
    window.strip.grab()
    qtbot.waitUntil(lambda: badge_of(window, "0.png") == FOCUS and badge_of(window, "2.png") == FOCUS)
    assert badge_of(window, "1.png") == SHAKEN and ("1.png", False) not in asked
    assert len(asked) == len(set(asked))


def test_nothing_is_measured_while_a_photo_is_restored(qtbot, many, engine, monkeypatch):
    monkeypatch.setattr(known, "look_here", lambda path, faces: pytest.fail("it was measured"))
    engine.hold.clear()
    many.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: many.session.busy)
    blur, path = many.pages.blur, many.session.roll.paths[3]
    blur.of(path)
    qtbot.waitUntil(lambda: not blur._busy)
    blur._idle.stop()
    blur._measure()
    assert blur._idle.isActive() and path in blur._unknown
    blur._idle.stop()
    engine.hold.set()
    qtbot.waitUntil(lambda: many.document.shown.result is not None)


def test_a_triage_puts_badges_everywhere(qtbot, folder, window, monkeypatch):
    from app.window.triage import runner

    monkeypatch.setattr(runner, "look_here", lambda path, faces: Triaged(path, SHAKEN))
    batch = window.show_batch()
    batch.choose(folder)
    qtbot.waitUntil(lambda: len(batch.runner.table.rows) == 7)
    page = window.pages.show_triage()
    page.choose(folder)
    qtbot.waitUntil(lambda: not page.runner.running and page.runner.model.looked_at() == 7)
    index = batch.order.index(0, 0)
    assert index.data(BADGE) == SHAKEN and index.siblingAtColumn(1).data(BADGE) is None
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "0.png, Shaken, 12 px"
    assert index.data(Qt.ItemDataRole.ToolTipRole).endswith("Shaken, 12 px")


def test_a_badge_in_a_batch_leaves_the_name_readable(qtbot, folder, window):
    remember(folder / "0.png", SHAKEN)
    batch = window.show_batch()
    batch.choose(folder)
    qtbot.waitUntil(lambda: len(batch.runner.table.rows) == 7)
    index = batch.order.index(0, 0)
    index.data(BADGE)
    qtbot.waitUntil(lambda: index.data(BADGE) == SHAKEN)
    place = batch.table.visualRect(index)
    row = batch.table.viewport().grab(place).toImage()
    width = round(badge_width(SHAKEN, batch.table.font()))
    badge = row.copy(row.width() - width - 8, 0, width, row.height())
    dark = [badge.pixelColor(x, badge.height() // 2).lightness() for x in range(2, 8)]
    assert min(dark) < 60
    assert index.data() == "0.png"


def painted(told, font):
    picture = QImage(140, 30, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    paint_badge(painter, picture.rect().topLeft(), told, font, 26)
    painter.end()
    return picture


def test_each_kind_and_direction_has_a_sign_of_its_own(window):
    pictures = [
        painted(Diagnosis(kind, 0.9, Advice.KEEP, 0.5, extent=10, direction=turn), window.font())
        for kind in Kind
        for turn in ((0, 90, None) if kind in (Kind.SHAKEN, Kind.MIXED, Kind.SUBJECT_MOVED) else (0,))
    ]
    distinct = [one for at, one in enumerate(pictures) if one not in pictures[:at]]
    assert len(distinct) == len(pictures) == 12
