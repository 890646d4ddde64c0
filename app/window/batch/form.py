"""What a batch shall do, as fields: from which folder, into which, under which names, by which preset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from app import presets
from app.batch.plan import Plan
from app.language import marked, tr
from app.settings import Settings
from app.window import dialogs
from app.window.document import Document
from app.window.widgets.basics import label, push_button
from engine.photos.naming import check_template

_NOW = marked("As chosen in the window now")
_FACES = (
    ("", marked("As the preset says")),
    ("auto", marked("Whole photo, and its faces with the best method")),
    ("faces", marked("Faces only")),
    ("whole", marked("Whole photo, faces like everything else")),
)


class BatchForm(QWidget):
    """`changed` after each choice of the user's."""

    changed = Signal()

    def __init__(self, document: Document, settings: Settings) -> None:
        super().__init__()
        self._document, self._settings = document, settings
        self.folder, self.output, self.template = QLineEdit(), QLineEdit(), QLineEdit()
        self.recursive = QCheckBox(tr("Subfolders too"))
        self.preset, self.faces = QComboBox(), QComboBox()
        self._fill()
        self._explain()
        self._lay_out()
        for field in (self.folder, self.output, self.template):
            field.editingFinished.connect(self.changed)
        self.recursive.toggled.connect(self.changed)
        for combo in (self.preset, self.faces):
            combo.activated.connect(self.changed)

    def _fill(self) -> None:
        for region, title in _FACES:
            self.faces.addItem(tr(title), region)
        self.template.setText(self._settings["output_name"])
        self.recursive.setChecked(True)
        self.list_presets()

    def _explain(self) -> None:
        self.folder.setToolTip(tr("The folder whose photos are restored; they stay as they are"))
        self.recursive.setToolTip(tr("Results keep the subfolders that their photos lie in"))
        self.output.setToolTip(tr("The folder that gets a file for each restored photo"))
        self.template.setToolTip(tr("{name} stands for the photo's name, {method} for the method's"))
        self.preset.setToolTip(tr("Method, strength and smallest face of every photo"))
        self.faces.setToolTip(tr("What of every photo is restored"))
        for field in (self.folder, self.output):
            field.setPlaceholderText(tr("A folder; choose it, type it, or drop it here"))

    def _lay_out(self) -> None:
        form = QGridLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        self._line(
            form,
            tr("Photos in"),
            self.folder,
            push_button(tr("Choose…"), self._ask_folder, tr("The folder to restore")),
        )
        self._line(form, "", self.recursive)
        self._line(
            form,
            tr("Results into"),
            self.output,
            push_button(tr("Choose…"), self._ask_output, tr("Where results go")),
        )
        self._line(form, tr("Names"), self.template)
        self._line(form, tr("Preset"), self.preset)
        self._line(form, tr("Restore"), self.faces)

    def _line(self, form: QGridLayout, title: str, field: QWidget, beside: QWidget | None = None) -> None:
        at = form.rowCount()
        form.addWidget(label(title, "muted"), at, 0)
        form.addWidget(field, at, 1)
        field.setAccessibleName(title or tr("Subfolders too"))
        if beside is not None:
            form.addWidget(beside, at, 2)

    def list_presets(self) -> None:
        """Offer the presets that there are now; the choice stays, where it still can."""
        chosen = self.preset.currentText() if self.preset.currentIndex() > 0 else ""
        self.preset.clear()
        self.preset.addItems([tr(_NOW), *presets.preset_names()])
        self._choose_preset(chosen)

    def _choose_preset(self, name: str) -> None:
        self.preset.setCurrentIndex(max(0, self.preset.findText(name)) if name else 0)

    # folders

    def _ask_folder(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text()) if self.folder.text() else None)
        if chosen:
            self.choose(chosen)

    def choose(self, folder: Path) -> None:
        """Take a folder of photos; results go into one beside it unless another was chosen."""
        if self.output.text() in ("", _beside(Path(self.folder.text()))):
            self.output.setText(_beside(folder))
        self.folder.setText(str(folder))
        self.changed.emit()

    def _ask_output(self) -> None:
        before = Path(self.output.text()) if self.output.text() else None
        chosen = dialogs.ask_folder(self, before, tr("Results into"))
        if chosen:
            self.output.setText(str(chosen))
            self.changed.emit()

    # what is asked for

    @property
    def complete(self) -> bool:
        """Whether both folders are named."""
        return bool(self.folder.text() and self.output.text())

    def plan(self) -> Plan:
        """Return what is asked for; raise UserError for a preset or names that will not do."""
        named = self.preset.currentText()
        request = self._document.request if self.preset.currentIndex() == 0 else presets.load_preset(named)
        request = replace(request, photo=None, faces=None, **self._document.place)
        if self.faces.currentData():
            request = replace(request, region=self.faces.currentData())
        template = check_template(self.template.text())
        quality, gps = self._settings["quality"] or None, self._settings["gps"] == "keep"
        folders = Path(self.folder.text()), Path(self.output.text())
        return Plan(request, *folders, self.recursive.isChecked(), template, quality, gps)

    def kept(self) -> dict[str, Any]:
        """Return the choices as the settings keep them."""
        texts = {"folder": self.folder.text(), "output": self.output.text(), "template": self.template.text()}
        preset = self.preset.currentText() if self.preset.currentIndex() else ""
        return {**texts, "recursive": self.recursive.isChecked(), "preset": preset, "faces": self.faces.currentData()}

    def recall(self, kept: dict[str, Any]) -> None:
        """Make the choices that the settings kept."""
        for key, field in (("folder", self.folder), ("output", self.output), ("template", self.template)):
            if isinstance(kept.get(key), str):
                field.setText(kept[key])
        self.recursive.setChecked(bool(kept.get("recursive", True)))
        self._choose_preset(str(kept.get("preset", "")))
        self.faces.setCurrentIndex(max(0, self.faces.findData(kept.get("faces", ""))))


def _beside(folder: Path) -> str:
    """Return where results go unless another folder is chosen."""
    return str(folder.parent / f"{folder.name} acutance")
