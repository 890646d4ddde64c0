"""Versions, licences, and the methods with their cards."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPlainTextEdit, QPushButton, QScrollArea, QWidget

from app.window.theme.icons import application_icon
from app.window.widgets.basics import column, label, row, rule
from engine.networks.registry import methods
from resources import resource

_PARTS = ("torch", "PySide6-Essentials", "numpy", "Pillow", "facenet-pytorch")


LICENCES = resource("licences.txt")  # written into a packaged program by packaging/


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def versions() -> str:
    """Return the versions of what the program stands on, in one line."""
    parts = [f"Python {platform.python_version()}", f"Qt {qVersion()}"]
    return ", ".join([*parts, *(f"{part} {_version(part)}" for part in _PARTS)])


class AboutDialog(QDialog):
    """What this is, and on whose work it stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Acutance")
        self.resize(560, 600)
        logo = QLabel()
        logo.setPixmap(application_icon().pixmap(56, 56))
        words = column(gap=1)
        words.addWidget(label("Acutance", "display"))
        words.addWidget(label(f"Version {_version('acutance')}", "muted"))
        heading = row(gap=4)
        heading.addWidget(logo)
        heading.addLayout(words, 1)
        content = QWidget()
        inner = column(content, gap=3)
        inner.setContentsMargins(0, 0, 12, 0)
        for made in self._methods():
            inner.addWidget(made)
        inner.addWidget(rule())
        inner.addWidget(label("Stands on", "section"))
        inner.addWidget(label(versions(), "caption", wrap=True))
        licences = "Qt and PySide6 under the LGPL 3. Faces are found by MTCNN (facenet-pytorch, MIT)."
        inner.addWidget(label(licences, "caption", wrap=True))
        if LICENCES.is_file():
            button = QPushButton("Licences of all that is inside")
            button.clicked.connect(lambda: LicencesDialog(self).exec())
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        layout = column(self, margin=6, gap=4)
        layout.addLayout(heading)
        layout.addWidget(
            label("Makes blurred photographs sharp again, faces first. Nothing leaves this computer.", wrap=True)
        )
        layout.addWidget(scroll, 1)

    def _methods(self) -> list[QWidget]:
        made: list[QWidget] = [label("Methods", "section")]
        for method in methods().values():
            entry = QWidget()
            inner = column(entry, gap=1)
            inner.addWidget(label(method.title))
            paper = label(method.paper, "caption", wrap=True)
            paper.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            inner.addWidget(paper)
            inner.addWidget(label(card_sentence(method.id), "caption", wrap=True))
            made.append(entry)
        return made


class LicencesDialog(QDialog):
    """The licences of all that a packaged program brings with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        self.resize(760, 600)
        text = QPlainTextEdit(LICENCES.read_text(encoding="utf-8"))
        text.setReadOnly(True)
        text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        text.setAccessibleName("Licences")
        column(self, margin=6).addWidget(text)


def card_sentence(method: str) -> str:
    """Say what the card of a method's weights says, in one line."""
    from engine.weights import WeightsError, find_weights

    try:
        weights = find_weights(method)
    except WeightsError as error:
        return str(error)
    if weights is None:
        return "No weights installed."
    card = weights.card
    seen = f"{card.samples_seen:,} samples in {card.minutes:.0f} minutes"
    return f"{card.parameters:,} parameters, trained on {seen}{'; experimental' if card.experimental else ''}."
