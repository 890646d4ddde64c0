"""The questions the window asks, each in so many words."""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QPlainTextEdit, QPushButton, QWidget

from app.window.widgets.basics import column, label, row

_KERNELS_TO_READ = "Kernels (*.png *.tif *.npy *.csv *.txt);;All files (*)"
KERNELS = "Picture (*.png);;Numbers for NumPy (*.npy)"
SHEETS = "Picture (*.png *.jpg *.webp)"
_PHOTOS = "Photos (*.jpg *.jpeg *.png *.tif *.tiff *.webp *.bmp);;All files (*)"


def ask_photos(parent: QWidget, folder: Path | None) -> list[Path]:
    """Ask which photos to open."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Open photos", str(folder or Path.home()), _PHOTOS)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget, folder: Path | None, title: str = "Open folder") -> Path | None:
    """Ask for a folder."""
    name = QFileDialog.getExistingDirectory(parent, title, str(folder or Path.home()))
    return Path(name) if name else None


def ask_kernel(parent: QWidget, folder: Path | None) -> Path | None:
    """Ask for the file of a blur kernel."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open kernel", str(folder or Path.home()), _KERNELS_TO_READ)
    return Path(name) if name else None


def ask_target(parent: QWidget, suggestion: Path, title: str = "Save as", kinds: str = _PHOTOS) -> Path | None:
    """Ask where to save; whether an existing file may go is asked by `ask_replace`."""
    option = QFileDialog.Option.DontConfirmOverwrite
    name, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), kinds, options=option)
    return Path(name) if name else None


def ask_replace(parent: QWidget, target: Path, alternative: Path) -> Path | None:
    """Ask what to do about an existing file; return where to write, None for nowhere."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("The file exists already")
    box.setText(f"“{target.name}” exists already in {target.parent}.")
    box.setInformativeText("Replacing it destroys what it holds now.")
    keep = box.addButton(f"Keep both (save as {alternative.name})", QMessageBox.ButtonRole.AcceptRole)
    replace = box.addButton("Replace it", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.exec()
    if box.clickedButton() is keep:
        return alternative
    return target if box.clickedButton() is replace else None


def ask_unsaved(parent: QWidget, name: str) -> str:
    """Ask before a result is lost; return "save", "discard" or "cancel"."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("The result is not saved")
    box.setText(f"Save the restored “{name}” first?")
    box.setInformativeText("The original is untouched either way.")
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.exec()
    if box.clickedButton() is save:
        return "save"
    return "discard" if box.clickedButton() is discard else "cancel"


def report_of(error: BaseException) -> str:
    """Return all that a developer needs to know of an error, and nothing of the user's pictures."""
    lines = [
        f"Python {sys.version.split()[0]}, Qt {qVersion()}, {platform.platform()}",
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(line.rstrip() for line in lines)


class ErrorDialog(QDialog):
    """An error that nobody foresaw: says that the work is safe, and holds a report to copy."""

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        self.report = QPlainTextEdit(report_of(error))
        self.report.setReadOnly(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setAccessibleName("Report")
        copy, close = QPushButton("Copy report"), QPushButton("Go on")
        close.setProperty("role", "primary")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        close.clicked.connect(self.accept)
        close.setDefault(True)
        buttons = row(gap=2)
        buttons.addStretch()
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label("Something went wrong", "title"))
        text = (
            "Your photo and your result are still here, and no file was changed. The report below helps to mend it."
        )
        layout.addWidget(label(text, "muted", wrap=True))
        layout.addWidget(self.report, 1)
        layout.addLayout(buttons)
