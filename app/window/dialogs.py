"""The questions that the window asks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from app.language import marked, tr, trn
from engine.photos.formats import READABLE, WRITERS

_KERNELS_TO_READ = marked("Kernels (*.png *.tif *.npy *.csv *.txt);;All files (*)")
_MASKS_TO_READ = marked("Masks (*.png *.tif *.tiff *.jpg *.webp)")
KERNELS = marked("Picture (*.png);;Numbers for NumPy (*.npy)")
MASKS = marked("Picture (*.png)")
SHEETS = marked("Picture (*.png *.jpg *.webp)")

_MARGINS = (24, 20, 24, 20)
"""Around a question, in px."""


def _photos(suffixes: Iterable[str]) -> str:
    return f"{tr('Photos')} ({' '.join(f'*{suffix}' for suffix in sorted(suffixes))})"


def ask_photos(parent: QWidget, folder: Path | None, title: str = "") -> list[Path]:
    """Ask which photos to open."""
    kinds = f"{_photos(READABLE)};;{tr('All files')} (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, title or tr("Open photos"), str(folder or Path.home()), kinds)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget, folder: Path | None, title: str = "") -> Path | None:
    """Ask for a folder."""
    name = QFileDialog.getExistingDirectory(parent, title or tr("Open folder"), str(folder or Path.home()))
    return Path(name) if name else None


def ask_kernel(parent: QWidget, folder: Path | None) -> Path | None:
    """Ask for the file of a blur kernel."""
    name, _ = QFileDialog.getOpenFileName(parent, tr("Open kernel"), str(folder or Path.home()), tr(_KERNELS_TO_READ))
    return Path(name) if name else None


def ask_name(parent: QWidget, name: str) -> str | None:
    """Ask for the name of a version; None where the user thinks better of it."""
    return ask_text(parent, tr("Rename version"), tr("Name of this version"), name)


def ask_text(parent: QWidget, title: str, text: str, given: str) -> str | None:
    """Ask for a line of text; None where the user thinks better of it."""
    said, taken = QInputDialog.getText(parent, title, text, QLineEdit.EchoMode.Normal, given)
    return said if taken else None


def ask_mask(parent: QWidget, folder: Path | None) -> Path | None:
    """Ask for the picture of a mask."""
    kinds = f"{tr(_MASKS_TO_READ)};;{tr('All files')} (*)"
    name, _ = QFileDialog.getOpenFileName(parent, tr("Load mask"), str(folder or Path.home()), kinds)
    return Path(name) if name else None


def ask_target(parent: QWidget, suggestion: Path, title: str = "", kinds: str = "") -> Path | None:
    """Ask where to save a photo, or a file of other `kinds`. `ask_replace` asks about an existing file."""
    option = QFileDialog.Option.DontConfirmOverwrite
    kinds = tr(kinds) if kinds else _photos(WRITERS)
    name, _ = QFileDialog.getSaveFileName(parent, title or tr("Save as"), str(suggestion), kinds, options=option)
    return Path(name) if name else None


def question(parent: QWidget, title: str, text: str, more: str) -> QMessageBox:
    """Return a box with the question `text` and its consequences `more`; the caller adds the buttons."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setTextFormat(Qt.TextFormat.PlainText)  # a file's name is not markup
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(more)
    if layout := box.layout():
        layout.setContentsMargins(*_MARGINS)
    return box


def ask_replace(parent: QWidget, target: Path, alternative: Path) -> Path | None:
    """Ask what to do about an existing file; return where to write, None to cancel."""
    text = tr("“{name}” exists already in {folder}.").format(name=target.name, folder=target.parent)
    box = question(parent, tr("The file exists already"), text, tr("Replacing it destroys what it holds now."))
    keep = box.addButton(
        tr("Keep both (save as {name})").format(name=alternative.name.replace("&", "&&")),
        QMessageBox.ButtonRole.AcceptRole,
    )
    replace = box.addButton(tr("Replace it"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.exec()
    if box.clickedButton() is keep:
        return alternative
    return target if box.clickedButton() is replace else None


_MOST_NAMES = 8


def ask_unsaved_list(parent: QWidget, names: list[str]) -> str:
    """Ask once before several results are lost; return "save", "discard" or "cancel"."""
    text = trn("{count} result is not saved", "{count} results are not saved", len(names)).format(count=len(names))
    listed = "\n".join([f"•  {name}" for name in names[:_MOST_NAMES]] + ["…"] * (len(names) > _MOST_NAMES))
    box = question(parent, tr("Results are not saved"), text, listed)
    return _save_or_not(box, tr("Save all"))


def ask_unsaved(parent: QWidget, name: str, in_place: bool = False) -> str:
    """Ask before a result is lost; return "save", "discard" or "cancel". in_place: saving it replaces the photo."""
    text = tr("Save the restored “{name}” first?").format(name=name)
    more = tr("It replaces the photo.") if in_place else tr("The original is untouched either way.")
    box = question(parent, tr("The result is not saved"), text, more)
    return _save_or_not(box, tr("Save"))


def ask_leave_out(parent: QWidget, names: list[str]) -> bool:
    """Ask whether photos that another program handed over shall go back as they are."""
    text = trn("{count} photo is not restored yet.", "{count} photos are not restored yet.", len(names))
    listed = "\n".join([f"•  {name}" for name in names[:_MOST_NAMES]] + ["…"] * (len(names) > _MOST_NAMES))
    box = question(parent, tr("Not restored yet"), text.format(count=len(names)), listed)
    leave_out = box.addButton(tr("Leave as they are"), QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.exec()
    return box.clickedButton() is leave_out


def _save_or_not(box: QMessageBox, title: str) -> str:
    """Ask with three buttons, the first called `title`; return "save", "discard" or "cancel"."""
    save = box.addButton(title, QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(tr("Don't save"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.exec()
    if box.clickedButton() is save:
        return "save"
    return "discard" if box.clickedButton() is discard else "cancel"
