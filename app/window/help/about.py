"""The About dialog: versions, licences, methods with their cards, and the check for a newer version."""

from __future__ import annotations

import platform
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.language import number, tr, translated
from app.licences import OWN, WEIGHTS
from app.updates import release_page
from app.window.help.card_dialog import CardDialog
from app.window.help.licences_dialog import LicencesDialog
from app.window.help.updates import UpdateCheck
from app.window.theme.icons import application_icon
from app.window.widgets.basics import column, label, push_button, row, rule, scrolling
from app.window.widgets.page import Page
from engine.networks.registry import methods
from engine.program import own_version
from engine.weights import WeightsError, WeightsFile, find_weights, installed

_PARTS = ("torch", "PySide6-Essentials", "numpy", "Pillow", "facenet-pytorch")
_WIDTH, _MOST_HEIGHT = 600, 660  # px


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return tr("not installed")


def _own_version() -> str:
    return own_version() or tr("not installed")


def versions() -> str:
    """Return the versions of Python, Qt and the main packages, in one line."""
    parts = [f"Python {platform.python_version()}", f"Qt {qVersion()}"]
    return ", ".join([*parts, *(f"{part} {_version(part)}" for part in _PARTS)])


class AboutDialog(Page):
    """Shows what the program is, its methods with their cards, and its licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Acutance"))
        self._updates = UpdateCheck(self)
        self._updates.answered.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        content = QWidget()
        inner = column(content, gap=4)
        inner.setContentsMargins(0, 0, 12, 0)
        inner.addWidget(label(tr("Methods"), "section"))
        for method in methods().values():
            inner.addWidget(self._entry(tr(method.title), method.paper, *_weights_of(method.id)))
        for weights in _beside_the_methods():
            use = tr("Compares each face before and after")
            inner.addWidget(self._entry(tr(weights.card.title), use, weights, _seen_by(weights)))
        inner.addWidget(rule())
        inner.addWidget(label(tr("Licence"), "section"))
        inner.addWidget(label(f"{tr(OWN)} {tr(WEIGHTS)}", wrap=True))
        inner.addWidget(rule())
        inner.addWidget(label(tr("Built with"), "section"))
        inner.addWidget(label(versions(), "caption", wrap=True))
        licences = tr("Qt and PySide6 under the LGPL 3. Faces are found by MTCNN (facenet-pytorch, MIT).")
        inner.addWidget(label(licences, "caption", wrap=True))
        whose = tr("The licence of Acutance, of its weights and of every package that it uses")
        button = push_button(tr("All licences"), lambda: LicencesDialog(self).exec(), whose)
        inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        scroll = scrolling(content)
        layout = column(self, margin=6, gap=4)
        layout.addLayout(self._heading())
        words = tr("Makes blurred photographs sharp again, faces first. Nothing leaves this computer.")
        layout.addWidget(label(words, wrap=True))
        layout.addWidget(scroll, 1)
        self.resize(_WIDTH, _MOST_HEIGHT)
        self._fit(layout, scroll, content)

    def _fit(self, layout: QVBoxLayout, scroll: QScrollArea, content: QWidget) -> None:
        """Make the dialog as high as its text; a text longer than a page scrolls."""
        self.ensurePolished()
        layout.activate()
        content.ensurePolished()
        spare = scroll.viewport().height() - content.heightForWidth(scroll.viewport().width())
        self.resize(_WIDTH, self.height() - max(0, spare))

    def _heading(self) -> QHBoxLayout:
        logo = QLabel()
        logo.setPixmap(application_icon().pixmap(56, 56))
        words = column(gap=1)
        words.addWidget(label("Acutance", "display"))
        self.state = label(tr("Version {version}").format(version=_own_version()), "muted", wrap=True)
        words.addWidget(self.state)
        tip = tr("Asks the release page for the newest version number; sends nothing about you or this computer")
        self.look = push_button(tr("Look for a newer version"), self._ask, tip)
        self.look.setVisible(bool(release_page()))
        heading = row(gap=4)
        heading.addWidget(logo)
        heading.addLayout(words, 1)
        heading.addWidget(self.look, 0, Qt.AlignmentFlag.AlignTop)
        return heading

    def _ask(self) -> None:
        self.look.setEnabled(False)
        self.state.setText(tr("Asking the release page…"))
        self._updates.ask(release_page())

    def _tell(self, newer: str | None) -> None:
        self.look.setEnabled(True)
        if newer:
            self.state.setText(tr("Acutance {version} is available.").format(version=newer))
            self.look.setText(tr("Open the release page"))
            self.look.clicked.disconnect()
            self.look.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(release_page())))
        elif newer is None:
            self.state.setText(tr("The release page could not be reached."))
        else:
            self.state.setText(tr("Version {version} is the newest.").format(version=_own_version()))

    def _entry(self, title: str, source: str, weights: WeightsFile | None, sentence: str) -> QWidget:
        made = QWidget()
        words = column(gap=1)
        words.addWidget(label(title))
        below = label(source, "caption", wrap=True)
        below.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(below)
        words.addWidget(label(sentence, "caption", wrap=True))
        line = row(made, gap=4)
        line.addLayout(words, 1)
        if weights is not None:
            tip = tr("What these weights learned from, and how good they are")
            card = push_button(tr("Model card"), partial(self._show_card, weights), tip, "link")
            card.setAccessibleName(tr("Model card of {method}").format(method=title))
            line.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _show_card(self, weights: WeightsFile) -> None:
        CardDialog(weights.card, self).exec()


def _weights_of(method: str) -> tuple[WeightsFile | None, str]:
    """Return a method's weights, None if there are none, and one line about them from their card."""
    try:
        weights = find_weights(method)
    except WeightsError as error:
        return None, translated(error)
    if weights is None:
        return None, tr("No weights installed.")
    return weights, _seen_by(weights)


def _beside_the_methods() -> list[WeightsFile]:
    """Return the weights of the face embedding, which restore nothing themselves."""
    return [weights for weights in installed() if weights.card.method not in methods()]


def _seen_by(weights: WeightsFile) -> str:
    card = weights.card
    if not card.parameters:
        return tr("Nothing is learned: it needs no weights.")
    values = {
        "parameters": number(card.parameters),
        "samples": number(card.samples_seen),
        "minutes": number(card.minutes),
    }
    words = tr("{parameters} parameters, trained on {samples} samples in {minutes} minutes").format(**values)
    return f"{words}; {tr('experimental')}." if card.experimental else f"{words}."
