"""The licences of the program and its packages: names on the left, texts on the right."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QWidget

from app.language import tr
from app.licences import OWN, WEIGHTS, Notice, notices
from app.window.widgets.basics import column, label, row
from app.window.widgets.page import Page

_LIST_WIDTH = 264


class LicencesDialog(Page):
    """Shows the licence of the chosen package."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Licences"))
        self.resize(900, 620)
        self._notices: list[Notice] = notices()
        self.search = QLineEdit()
        self.search.setAcceptDrops(False)  # see `widgets.dropping`
        self.search.setPlaceholderText(tr("Search packages"))
        self.search.setAccessibleName(tr("Search packages"))
        self.search.setToolTip(tr("Show only the packages with these letters"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.packages = QListWidget()
        self.packages.setAccessibleName(tr("Packages"))
        self.packages.setSpacing(2)
        self.packages.addItems([notice.title for notice in self._notices])
        self.packages.currentRowChanged.connect(self._show)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("Licence"))
        for part in (self.search, self.packages):
            part.setFixedWidth(_LIST_WIDTH)
        left = column(gap=2)
        left.addWidget(self.search)
        left.addWidget(self.packages, 1)
        both = row(gap=3)
        both.addLayout(left)
        both.addWidget(self.text, 1)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Licences"), "title"))
        layout.addWidget(label(f"{tr(OWN)} {tr(WEIGHTS)}", "muted", wrap=True))
        layout.addLayout(both, 1)
        self.packages.setCurrentRow(0)

    def _narrow(self, text: str) -> None:
        for at, notice in enumerate(self._notices):
            self.packages.item(at).setHidden(text.casefold() not in notice.title.casefold())

    def _show(self, at: int) -> None:
        words = self._notices[at].text() if at >= 0 else ""
        self.text.setPlainText(words or tr("This package contains no licence text."))
