"""The window photographs and closes itself for the smoke test; About shows the licences that were packed."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.window import about
from app.window.application import close_with_picture, make_application, make_window
from app.window.theme.theme import Theme


def test_keeps_a_picture_and_closes(qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window(Theme(make_application()), lambda: pytest.fail("no engine is needed"))
    window.show()
    target = tmp_path / "window.png"
    close_with_picture(window, target)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert QImage(str(target)).size() == window.size() * window.devicePixelRatio()


def test_licences_are_offered_where_they_are(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = tmp_path / "licences.txt"
    texts.write_text("Words of a licence", encoding="utf-8")
    monkeypatch.setattr(about, "LICENCES", texts)
    dialog = about.LicencesDialog()
    qtbot.addWidget(dialog)
    assert dialog.findChild(about.QPlainTextEdit).toPlainText() == "Words of a licence"
    offering = about.AboutDialog()
    qtbot.addWidget(offering)
    assert "Licences of all that is inside" in [b.text() for b in offering.findChildren(about.QPushButton)]
