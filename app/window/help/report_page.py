"""What the pages of diagnosis and log share: something to read, and buttons to read it again, copy it and close."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.language import tr
from app.window.widgets.basics import row
from app.window.widgets.page import Page


class ReportPage(Page):
    """Has the buttons `again` and `copy`, which do what a page says by `read_again` and `copy_all`."""

    def __init__(self, title: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._folder = folder
        self.again, self.copy = QPushButton(), QPushButton()
        self.again.clicked.connect(self.read_again)
        self.copy.clicked.connect(self.copy_all)

    def read_again(self) -> None:
        """Read again what the page shows."""
        raise NotImplementedError

    def copy_all(self) -> None:
        """Copy what the page shows."""
        raise NotImplementedError

    def buttons(self) -> QHBoxLayout:
        """Return the row of buttons at the bottom of the page."""
        folder, close = QPushButton(tr("Open log folder")), QPushButton(tr("Close"))
        folder.setToolTip(tr("Show the folder of the log in the file manager"))
        folder.clicked.connect(lambda: open_folder(self._folder))
        close.clicked.connect(self.accept)
        close.setProperty("role", "primary")
        close.setDefault(True)
        buttons = row(gap=2)
        buttons.addWidget(self.again)
        buttons.addWidget(folder)
        buttons.addStretch()
        buttons.addWidget(self.copy)
        buttons.addWidget(close)
        return buttons


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file manager; make it first if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
