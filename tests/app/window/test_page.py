"""A page is never larger than the screen, and never outside it."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QScreen

from app.window.widgets.page import FRAME, Page, inside

SCREEN = QRect(0, 0, 1280, 672)


@pytest.mark.parametrize("wanted", [QRect(100, 100, 900, 760), QRect(-50, -80, 400, 300), QRect(1200, 600, 500, 400)])
def test_a_page_fits_on_the_screen_with_its_frame(wanted):
    placed = inside(wanted, SCREEN)
    assert SCREEN.contains(placed.adjusted(-4, -36, 4, 4))
    assert placed.size() == wanted.size().boundedTo(SCREEN.size() - FRAME)


def test_a_page_that_fits_stays_where_it_is():
    wanted = QRect(200, 120, 600, 400)
    assert inside(wanted, SCREEN) == wanted


def test_a_page_is_clamped_when_it_is_shown(qtbot, monkeypatch):
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _: QRect(0, 0, 700, 500))
    page = Page()
    qtbot.addWidget(page)
    page.resize(900, 760)
    page.show()
    assert page.size() == QSize(692, 460)
