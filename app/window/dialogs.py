"""The questions the window asks, each in so many words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

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
