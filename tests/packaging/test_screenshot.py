"""The window photographs and closes itself for the smoke test."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.window.application import close_with_picture, make_application, make_window
from app.window.theme.theme import Theme


def test_keeps_a_picture_and_closes(qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window(Theme(make_application()), lambda: pytest.fail("no engine is needed"))
    window.show()
    target = tmp_path / "window.png"
    close_with_picture(window, target)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert QImage(str(target)).size() == window.size() * window.devicePixelRatio()
