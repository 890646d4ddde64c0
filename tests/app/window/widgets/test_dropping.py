"""Drops: always a copy, so that no file manager deletes an original."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QVBoxLayout, QWidget

import app
from app.window.dialogs import question
from app.window.widgets.basics import ElidedLabel, plain_tip
from app.window.widgets.dropping import FolderDrop, take_no_drops

ALL = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
KEYS = Qt.KeyboardModifier
HELD = [KEYS.NoModifier, KEYS.ShiftModifier, KEYS.ControlModifier, KEYS.ShiftModifier | KEYS.ControlModifier]


def events(folder, keys, possible=ALL):
    """Yield what a drag sends to the widget under it; the data must live as long as the events."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    yield QDragEnterEvent(QPoint(9, 9), possible, mime, Qt.MouseButton.LeftButton, keys)
    yield QDragMoveEvent(QPoint(9, 9), possible, mime, Qt.MouseButton.LeftButton, keys)
    yield QDropEvent(QPointF(9, 9), possible, mime, Qt.MouseButton.LeftButton, keys)


@pytest.mark.parametrize("keys", HELD)
def test_a_page_takes_a_folder_as_a_copy_whatever_is_held(qtbot, tmp_path, keys):
    page, taken = QWidget(), []
    qtbot.addWidget(page)
    FolderDrop(page, taken.append)
    for event in events(tmp_path, keys):
        event.setDropAction(event.proposedAction())
        QApplication.sendEvent(page, event)
        assert event.isAccepted() and event.dropAction() is Qt.DropAction.CopyAction
    assert taken == [tmp_path]


def test_a_drop_that_can_only_move_is_refused(qtbot, tmp_path):
    page, taken = QWidget(), []
    qtbot.addWidget(page)
    FolderDrop(page, taken.append)
    for event in events(tmp_path, KEYS.NoModifier, Qt.DropAction.MoveAction):
        QApplication.sendEvent(page, event)
        assert not event.isAccepted()
    assert taken == []


def test_fields_of_text_leave_files_to_the_page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    for field in (QLineEdit(), QSpinBox()):
        layout.addWidget(field)
    take_no_drops(page)
    assert not any(field.acceptDrops() for field in page.findChildren(QLineEdit))


def test_no_target_accepts_a_proposed_move():
    sources = list(Path(app.__file__).parent.rglob("*.py"))
    assert sources and not [path for path in sources if "acceptProposedAction" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("text", ["<b>bold</b>.jpg", "<img src=x>.jpg", "a & b.jpg", "a<b", "a.jpg", "<i>a</i>\nb"])
def test_a_name_is_no_mark_up(qtbot, text):
    from PySide6.QtGui import QTextDocument

    shown = QTextDocument()
    tip = plain_tip(text)
    shown.setHtml(tip) if "<qt>" in tip else shown.setPlainText(tip)
    assert shown.toPlainText() == text
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(text)
    assert label.text() == text and label.toolTip() == tip


def test_a_question_shows_a_name_as_it_is(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    box = question(parent, "Title", "Save “<b>a</b>.jpg”?", "More")
    assert box.textFormat() is Qt.TextFormat.PlainText
