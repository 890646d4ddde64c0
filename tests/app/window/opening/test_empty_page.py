"""The names of recent photos keep their ends, which distinguish them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from app.window.commands.table import Actions
from app.window.opening.empty_page import EmptyPage
from app.window.theme.theme import Theme

NAMES = ["DSC_20261130_a_very_long_name_0017.jpeg", "ok.png", "Wide WWWWWWWWWWWWWWWW & more.tif"]


@pytest.fixture
def page(qtbot, qapp):
    Theme(qapp, "light")
    commands = QWidget()
    made = EmptyPage(Actions(commands))
    qtbot.addWidget(commands)
    qtbot.addWidget(made)
    made.resize(made.minimumSizeHint())
    made.show()
    made.show_recent([Path("/photos") / name for name in NAMES])
    qapp.processEvents()
    return made


def links(page):
    found = {link.toolTip(): link for link in page.findChildren(QPushButton)}
    return [found[str(Path("/photos") / name)] for name in NAMES]


def test_a_long_name_is_shortened_on_one_side_and_then_shown_whole(page):
    for name, link in zip(NAMES, links(page), strict=True):
        shown = link.text().replace("&&", "&")
        assert name.endswith(shown.removeprefix("…"))
        assert link.width() >= link.sizeHint().width() > link.fontMetrics().horizontalAdvance(shown)


def test_a_long_name_is_shortened_at_its_beginning(page):
    long, short, _ = links(page)
    assert short.text() == "ok.png" and long.text().startswith("…") and long.text().endswith("17.jpeg")


def test_a_name_is_never_under_another_control(page):
    rectangles = [link.geometry() for link in links(page)]
    for at, one in enumerate(rectangles):
        assert not any(one.intersects(other) for other in rectangles[at + 1 :])
