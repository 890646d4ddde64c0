"""The dialog for an unexpected error: it says that the work is safe, and shows a report to copy."""

from __future__ import annotations

import platform
import traceback

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from app.language import tr
from app.private import private
from app.window.widgets.basics import column, label, row
from app.window.widgets.page import Page
from engine.program import own_version

_MOST = 20


def report_of(error: BaseException) -> str:
    """Return what a developer needs to know about an error, without the user's pictures, folders or name."""
    number = own_version() or "(not installed)"
    lines = [
        f"Acutance {number}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        "",
        *traceback.format_exception(error),
    ]
    return private("\n".join(line.rstrip() for line in lines))


class ErrorDialog(Page):
    """Shows all errors that come while it is open. Errors after the twentieth go to the log only."""

    log_asked = Signal()

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 460)
        self._count = 1
        self.report = QPlainTextEdit(report_of(error))
        self.report.setReadOnly(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setAccessibleName(tr("Report"))
        self.report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        show, close = QPushButton(tr("Show log")), QPushButton(tr("Go on"))
        self.copy = QPushButton(tr("Copy report"))
        show.setToolTip(tr("See what the program did before"))
        self.copy.setToolTip(tr("Copy all of this, in English; it names neither you nor your folders"))
        close.setToolTip(tr("Go back to the photo as it is"))
        show.clicked.connect(self.log_asked)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        self.copy.clicked.connect(lambda: self.copy.setText(tr("Copied")))
        close.setProperty("role", "primary")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        buttons = row(gap=2)
        buttons.addWidget(show)
        buttons.addStretch()
        buttons.addWidget(self.copy)
        buttons.addWidget(close)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Something went wrong"), "title"))
        words = tr(
            "Your photo and your result are still here, your choices are kept, and no file was changed. "
            "The report below helps to fix the error; it names neither you nor your folders."
        )
        layout.addWidget(label(words, "muted", wrap=True))
        layout.addWidget(self.report, 1)
        layout.addLayout(buttons)

    def add(self, error: BaseException) -> None:
        """Show a further error below the first."""
        self._count += 1
        if self._count <= _MOST:
            self.report.appendPlainText(f"\n{report_of(error)}")
            self.copy.setText(tr("Copy report"))
