"""The fields of a batch: source folder, target folder, names of the results, preset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QSizePolicy, QWidget

from app import presets
from app.batch.plan import Plan
from app.language import marked, percent, tr, trn
from app.settings import Settings
from app.window import dialogs
from app.window.methods import MethodChoice
from app.window.photos.document import Document
from app.window.widgets.basics import label, push_button
from app.window.widgets.calm import ComboBox, SpinBox
from engine.choices import Choices
from engine.errors import UserError
from engine.photos.naming import check_template
from engine.request import Request

_BY_ITSELF, _NOW = marked("None: as set here"), marked("As chosen in the window now")
_FACES = (
    ("auto", marked("Whole photo, and its faces with the best method"), marked("whole photo and faces")),
    ("faces", marked("Faces only"), marked("faces only")),
    ("whole", marked("Whole photo, faces like everything else"), marked("whole photo")),
)
_PRESET_NONE, _PRESET_NOW = 0, 1
_TYPED = 400
"""Milliseconds after the last key until a typed folder is used."""


class BatchForm(QWidget):
    """Asks for what a batch needs. Emits `changed` after each choice of the user."""

    changed = Signal()

    def __init__(self, document: Document, settings: Settings, choices: Sequence[MethodChoice]) -> None:
        super().__init__()
        self._document, self._settings = document, settings
        self.folder, self.output, self.template = QLineEdit(), QLineEdit(), QLineEdit()
        self.recursive = QCheckBox(tr("Subfolders too"))
        self.masks = QCheckBox(tr("Use painted masks"))
        self.preset, self.method, self.faces, self.strength = ComboBox(), ComboBox(), ComboBox(), SpinBox()
        self._choices = [choice for choice in choices if not choice.reason]
        self.sentence = label("", "muted", wrap=True)
        self._only: tuple[Path, tuple[Path, ...]] = (Path(), ())
        self.only = push_button("", self._take_all, tr("Restore all photos of the folder"))
        self.only.setProperty("role", "link")
        self._typing = QTimer(self, singleShot=True, interval=_TYPED)
        self._typing.timeout.connect(self.changed)
        self._fill()
        self._explain()
        self._lay_out()
        for field in (self.folder, self.output, self.template):
            field.textEdited.connect(self._typing.start)
            field.editingFinished.connect(self._typed)
        self.recursive.toggled.connect(self.changed)
        self.masks.toggled.connect(self.changed)
        self.preset.activated.connect(self._take_preset)
        for combo in (self.method, self.faces):
            combo.activated.connect(self.changed)
        self.strength.valueChanged.connect(self.changed)
        self.changed.connect(self._tell)
        self._tell()

    def _fill(self) -> None:
        for region, title, _ in _FACES:
            self.faces.addItem(tr(title), region)
        for choice in self._choices:
            self.method.addItem(tr(choice.title), choice.id)
        self.strength.setRange(0, 100)
        self.strength.setValue(100)
        self.strength.setSuffix(tr(" %"))
        self.template.setText(self._settings["output_name"])
        self.recursive.setChecked(True)
        self.list_presets()

    def _explain(self) -> None:
        self.folder.setToolTip(tr("The folder whose photos are restored; they stay as they are"))
        self.recursive.setToolTip(tr("Results keep the subfolders of their photos"))
        self.masks.setToolTip(tr("Restore each photo only where its mask was painted in the window, if it has one"))
        self.output.setToolTip(tr("The folder that gets a file for each restored photo"))
        self.template.setToolTip(tr("{name} stands for the photo's name, {method} for the method's"))
        self.preset.setToolTip(tr("Fills in the choices below; they can be changed afterwards"))
        self.method.setToolTip(tr("What restores every photo; Automatic decides for each by itself"))
        self.strength.setToolTip(tr("How much of the result covers the photo"))
        self.faces.setToolTip(tr("Which part of every photo is restored"))
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
        form.addWidget(self.masks, form.rowCount() - 1, 1, Qt.AlignmentFlag.AlignRight)
        form.addWidget(self.only, form.rowCount() - 1, 2)
        self._line(
            form,
            tr("Results into"),
            self.output,
            push_button(tr("Choose…"), self._ask_output, tr("Where results go")),
        )
        self._line(form, tr("Names"), self.template)
        pairs = QGridLayout()
        pairs.setHorizontalSpacing(12)
        pairs.setVerticalSpacing(8)
        pairs.setColumnStretch(0, 2)
        pairs.setColumnStretch(2, 3)
        below = form.rowCount()
        form.addLayout(pairs, below, 1, 2, 2)
        self._pair(form, pairs, below, tr("Preset"), self.preset, tr("Strength"), self.strength)
        for field in (self.method, self.faces, self.preset):
            field.setMinimumContentsLength(12)
        self._pair(form, pairs, below + 1, tr("Method"), self.method, tr("Restore"), self.faces)
        form.addWidget(self.sentence, below + 2, 1, 1, 2)

    def _line(self, form: QGridLayout, title: str, field: QWidget, beside: QWidget | None = None) -> None:
        at = form.rowCount()
        form.addWidget(label(title, "muted"), at, 0)
        form.addWidget(field, at, 1)
        field.setAccessibleName(title or tr("Subfolders too"))
        if beside is not None:
            form.addWidget(beside, at, 2)

    def _pair(
        self, form: QGridLayout, pairs: QGridLayout, at: int, title: str, field: QWidget, second: str, beside: QWidget
    ) -> None:
        """Put two fields into one line, so that the table below keeps its room on a small screen."""
        line = pairs.rowCount()
        form.addWidget(label(title, "muted"), at, 0)
        for column, part in enumerate((field, label(second, "muted"), beside)):
            pairs.addWidget(part, line, column)
        for part in (field, beside):
            # all columns have the same width
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        field.setAccessibleName(title)
        beside.setAccessibleName(second)

    def list_presets(self) -> None:
        """List the current presets, and keep the chosen one if it still exists."""
        chosen = self.preset.currentText() if self.preset.currentIndex() > 0 else ""
        self.preset.clear()
        self.preset.addItems([tr(_BY_ITSELF), tr(_NOW), *presets.preset_names()])
        self._choose_preset(chosen)

    def _choose_preset(self, name: str) -> None:
        self.preset.setCurrentIndex(max(0, self.preset.findText(name)) if name else 0)

    def _take_preset(self) -> None:
        """Fill in the preset's choices. If the preset cannot be read, `plan` reports it."""
        try:
            chosen = self._base()
        except UserError:
            chosen = Choices()
        with QSignalBlocker(self.strength):
            self.method.setCurrentIndex(max(0, self.method.findData(chosen.method)))
            self.faces.setCurrentIndex(max(0, self.faces.findData(chosen.region)))
            self.strength.setValue(round(chosen.strength * 100))
        self.changed.emit()

    def _base(self) -> Choices:
        """Return what the fields do not ask about: smallest face, grain, fine detail, refining, a known kernel."""
        if self.preset.currentIndex() == _PRESET_NONE:
            return Choices()
        if self.preset.currentIndex() == _PRESET_NOW:
            return self._document.shown.request
        return presets.load_preset(self.preset.currentText())

    def _typed(self) -> None:
        self._typing.stop()
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop waiting for further keys when the form is hidden."""
        super().hideEvent(event)
        self._typing.stop()

    def _tell(self) -> None:
        """Say in one sentence what the batch will do."""
        text = trn("One chosen photo ×", "{count} chosen photos ×", len(self.chosen))
        self.only.setText(text.format(count=len(self.chosen)))
        self.only.setVisible(bool(self.chosen))
        region = next(words for key, _, words in _FACES if key == self.faces.currentData())
        kernel = self._kernel()
        means = tr("with the kernel {name}").format(name=kernel.name) if kernel else self.method.currentText()
        text = tr("Every photo: {method}, {region}, at {strength}.")
        self.sentence.setText(
            text.format(method=means, region=tr(region), strength=percent(self.strength.value() / 100))
        )

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The photos that were chosen elsewhere, none for all of the folder."""
        folder, only = self._only
        return only if str(folder) == self.folder.text() else ()

    def _take_all(self) -> None:
        self._only = (Path(), ())
        self.changed.emit()

    def _kernel(self) -> Path | None:
        try:
            return self._base().kernel
        except UserError:
            return None

    # folders

    def _ask_folder(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text()) if self.folder.text() else None)
        if chosen:
            self.choose(chosen)

    def choose(self, folder: Path, only: tuple[Path, ...] = ()) -> None:
        """Use a folder of photos, or only some. Results go into a folder beside it unless the user chose another."""
        self._only = (folder, only)
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

    # the user's choices

    @property
    def complete(self) -> bool:
        """Whether both folders are given."""
        return bool(self.folder.text() and self.output.text())

    def plan(self) -> Plan:
        """Return what the user asked for; raise UserError for an unusable preset or name pattern."""
        asked = {"method": self.method.currentData(), "region": self.faces.currentData()}
        strength = self.strength.value() / 100
        choices = replace(self._base(), faces=None, areas=(), strength=strength, **asked)
        request = Request.of(choices, self._settings.place)
        template = check_template(self.template.text())
        quality, gps = self._settings["quality"] or None, self._settings["gps"] == "keep"
        folders = Path(self.folder.text()), Path(self.output.text())
        return Plan(
            request,
            *folders,
            self.recursive.isChecked(),
            template,
            quality,
            gps,
            painted_masks=self.masks.isChecked(),
            only=self.chosen,
        )

    def kept(self) -> dict[str, Any]:
        """Return the choices in the form that the settings store."""
        texts = {"folder": self.folder.text(), "output": self.output.text(), "template": self.template.text()}
        preset = self.preset.currentText() if self.preset.currentIndex() else ""
        chosen = {"method": self.method.currentData(), "faces": self.faces.currentData()}
        strength = self.strength.value()
        asked = {"recursive": self.recursive.isChecked(), "painted_masks": self.masks.isChecked()}
        return {**texts, **asked, "preset": preset, "strength": strength, **chosen}

    def recall(self, kept: dict[str, Any]) -> None:
        """Restore the choices that the settings stored."""
        for key, field in (("folder", self.folder), ("output", self.output), ("template", self.template)):
            if isinstance(kept.get(key), str):
                field.setText(kept[key])
        self.recursive.setChecked(bool(kept.get("recursive", True)))
        self.masks.setChecked(bool(kept.get("painted_masks", False)))
        self._choose_preset(str(kept.get("preset", "")))
        self._take_preset()
        for combo, key in ((self.method, "method"), (self.faces, "faces")):
            if combo.findData(kept.get(key)) >= 0:
                combo.setCurrentIndex(combo.findData(kept[key]))
        if isinstance(kept.get("strength"), int):
            self.strength.setValue(kept["strength"])
        self._tell()


def _beside(folder: Path) -> str:
    """Return the default folder of the results."""
    return str(folder.parent / f"{folder.name} acutance")
