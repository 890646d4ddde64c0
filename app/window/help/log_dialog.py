"""The log page: it shows the last entries, filters them, and copies them without private paths."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QGuiApplication,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.language import tr
from app.log import Entry, read_log
from app.private import private
from app.window.help.report_page import ReportPage
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.widgets.basics import column, label, row
from app.window.widgets.segments import Segments

_LEAST = {"all": logging.DEBUG, "warnings": logging.WARNING, "errors": logging.ERROR}


class LogDialog(Dressed, ReportPage):
    """Reads the log in `folder` when it is made and on `read_again`."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("Log"), folder, parent)
        self.resize(860, 600)
        self.again.setText(tr("Read again"))
        self.again.setToolTip(tr("Read the newest entries"))
        self.copy.setText(tr("Copy"))
        self.copy.setToolTip(tr("Copy what is shown here; it names neither you nor your folders"))
        self._entries: list[Entry] = []
        self._least = "all"
        choices = (
            ("all", tr("Everything"), tr("All that the program did")),
            ("warnings", tr("Warnings"), tr("What did not go as it should, and errors")),
            ("errors", tr("Errors"), tr("What went wrong")),
        )
        self.levels = Segments([(name, title, tip, "") for name, title, tip in choices], tr("Show"))
        self.levels.choose("all")
        self.levels.chosen.connect(self._narrow)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("Log"))
        self._colours = _Colours(self.text.document())
        self.state = label("", "caption")
        head = row(gap=4)
        head.addWidget(label(tr("Log"), "title"))
        head.addStretch()
        head.addWidget(self.levels)
        layout = column(self, margin=6, gap=4)
        layout.addLayout(head)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.state)
        layout.addLayout(self.buttons())
        self.read_again()
        self.put_on()

    def read_again(self) -> None:
        """Read the log again and show its end."""
        try:
            self._entries = read_log(self._folder)
        except OSError as error:
            self._entries = []
            self.state.setText(tr("The log cannot be read: {reason}.").format(reason=error.strerror))
            self.text.clear()
        else:
            self._show()

    def copy_all(self) -> None:
        """Copy the entries that are shown."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _narrow(self, level: str) -> None:
        self._least = level
        self._show()

    def _show(self) -> None:
        shown = [entry for entry in self._entries if entry.severity >= _LEAST[self._least]]
        self.text.setPlainText(private("\n".join(map(str, shown))))
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.text.horizontalScrollBar().setValue(0)
        self.copy.setEnabled(bool(shown))
        counted = tr("{shown} of {all} entries").format(shown=len(shown), all=len(self._entries))
        self.state.setText(counted if self._entries else tr("Nothing has been logged yet."))

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._colours.rehighlight()


class _Colours(QSyntaxHighlighter):
    """Shows times faintly, and highlights warnings and errors."""

    def highlightBlock(self, text: str) -> None:  # noqa: N802
        """Colour one line; the further lines of an entry keep the text's colour."""
        words = text.split(" ", 3)
        if len(words) < 4 or not words[0][:1].isdigit():
            return
        palette = palette_in_force()
        level = {"WARNING": palette.warning, "ERROR": palette.danger, "CRITICAL": palette.danger}
        begins = len(words[0]) + len(words[1]) + 2
        self.setFormat(0, begins, _coloured(palette.muted))
        if words[2] in level:
            self.setFormat(begins, len(text), _coloured(level[words[2]]))


def _coloured(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
