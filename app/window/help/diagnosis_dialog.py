"""The diagnosis page: it shows and copies what `acutance doctor` reports (versions, devices, weights, folders)."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.diagnosis import Finding, Part, check_weights, diagnose, report
from app.language import tr
from app.window.help.report_page import ReportPage
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.widgets.basics import column, label
from engine.user_folders import log_folder

_NAME_WIDTH = 184
_PICTURES = {"good": "check", "note": "info", "bad": "error"}

InBackground = Callable[[Callable[..., object], Callable[..., object]], None]
"""Does work on a thread and calls back in the GUI thread, as `Session.in_background`."""


class DiagnosisDialog(Dressed, ReportPage):
    """Starts the diagnosis on a thread when it is made; `parts` holds the findings."""

    def __init__(self, in_background: InBackground, parent: QWidget | None = None) -> None:
        super().__init__(tr("Diagnosis"), log_folder(), parent)
        self.resize(700, 700)
        self.again.setText(tr("Check weights again"))
        self.again.setToolTip(tr("Read every weights file and compare it with its checksum"))
        self.copy.setText(tr("Copy report"))
        self.copy.setToolTip(tr("Copy all of this, in English; it names neither you nor your folders"))
        self._aside = in_background
        self.parts: list[Part] = []
        self.state = label("", "muted", wrap=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Diagnosis"), "title"))
        layout.addWidget(self.state)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self.buttons())
        self._wait()
        self.put_on()
        in_background(lambda wait, _: wait(lambda engine: engine.call(diagnose), threading.Event()), self._found)

    def _wait(self) -> None:
        self.state.setText(tr("Checking this computer…"))
        self.again.setEnabled(False)
        self.copy.setEnabled(False)

    def read_again(self) -> None:
        """Check the weights again, on a thread."""
        self._wait()
        self._aside(lambda *_: check_weights(), self._checked)

    def _checked(self, weights: Part) -> None:
        self._found([weights if part.title == weights.title else part for part in self.parts])

    def _found(self, parts: list[Part]) -> None:
        self.parts = parts
        wrong = sum(finding.tone == "bad" for part in parts for finding in part.findings)
        self.state.setText(tr("Something here is not as it should be.") if wrong else tr("All is well."))
        self.again.setEnabled(True)
        self.copy.setEnabled(True)
        self.copy.setText(tr("Copy report"))
        self._fill()

    def _fill(self) -> None:
        content = QWidget()
        inner = column(content, gap=5)
        inner.setContentsMargins(0, 0, 12, 0)
        for part in self.parts:
            inner.addLayout(self._part(part))
        inner.addStretch()
        at = self._scroll.verticalScrollBar().value()
        self._scroll.setWidget(content)
        self._scroll.verticalScrollBar().setValue(at)

    def _part(self, part: Part) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label(tr(part.title), "section"), 0, 0, 1, 3)
        for at, finding in enumerate(part.findings, start=1):
            name = label(tr(finding.name), "muted", wrap=True)
            name.setFixedWidth(_NAME_WIDTH)
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(name, at, 0)
            grid.addWidget(self._picture(finding), at, 1, Qt.AlignmentFlag.AlignTop)
            text = label(finding.shown, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(text, at, 2)
        return grid

    def _picture(self, finding: Finding) -> QLabel:
        made = QLabel()
        made.setFixedWidth(16)
        name = _PICTURES.get(finding.tone)
        if name:
            palette = palette_in_force()
            colours = {"good": palette.accent, "note": palette.muted, "bad": palette.danger}
            made.setPixmap(pixmap(name, colours[finding.tone], 16, self.devicePixelRatioF()))
        return made

    def copy_all(self) -> None:
        """Copy the report in English."""
        QGuiApplication.clipboard().setText(report(self.parts))
        self.copy.setText(tr("Copied"))

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._fill()
