"""Tooltips have a uniform width and are beside their control."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip

from app.window.widgets.tooltips import Tooltips, _shown, beside, wrapped

SCREEN = QRect(0, 0, 1280, 680)


@pytest.mark.parametrize(
    "control", [QRect(0, 0, 40, 30), QRect(1230, 10, 40, 30), QRect(600, 645, 200, 30), QRect(1270, 660, 30, 30)]
)
def test_a_tooltip_is_on_the_screen_and_not_over_its_control(control):
    placed = QRect(beside(control, QSize(280, 60), SCREEN), QSize(280, 60))
    assert SCREEN.contains(placed) and not placed.intersects(control)


def test_a_tooltip_is_under_its_control_where_there_is_room():
    assert beside(QRect(100, 100, 40, 30), QSize(280, 60), SCREEN) == QPoint(100, 136)


def test_short_words_stay_as_they_are(qapp):
    assert wrapped("Menu", QFontMetrics(qapp.font())) == "Menu"


@pytest.fixture
def tip_over(qtbot, qapp):
    """Hover over a button with a tooltip of these words; return the places of the button and of the tooltip."""
    filtered = Tooltips(qapp)
    button = QPushButton("Deblur")
    qtbot.addWidget(button)

    def hover(words):
        button.setToolTip(words)
        button.move(100, 100)
        button.show()
        middle = button.rect().center()
        QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, middle, button.mapToGlobal(middle)))
        return QRect(button.mapToGlobal(QPoint(0, 0)), button.size()), _shown()

    yield hover
    QToolTip.hideText()
    qapp.removeEventFilter(filtered)
    filtered.deleteLater()


@pytest.mark.parametrize(
    "words", ["It says much. " * 9, f"<qt>one &lt;b&gt; {'word ' * 60}</qt>", "It says much.\n" + "And more. " * 9]
)
def test_long_words_break_at_one_width_and_say_the_same(tip_over, words):
    _, tip = tip_over(words)
    assert 280 <= tip.width() <= 320
    shown, plain = QTextDocument(), QTextDocument()
    shown.setHtml(tip.text())
    plain.setHtml(words)
    assert shown.toPlainText().split() == plain.toPlainText().split()


def test_the_tooltip_of_a_button_does_not_cover_it(tip_over):
    button, tip = tip_over("What it does for the picture. " * 4)
    assert not tip.geometry().intersects(button)
