"""Presets in the window: save the current choices, use, export, import, delete."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QPushButton, QWidget

from app import presets
from app.language import marked, tr, translated
from app.window.photos.document import Document
from app.window.photos.open_photo import OpenPhoto
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.page import Page
from engine.areas.area import left_out
from engine.choices import Choices
from engine.errors import UserError

_FILES = marked("Presets (*.json)")


def use_preset(shown: OpenPhoto, preset: Choices, methods: Collection[str]) -> None:
    """Apply a preset's choices; raise UserError if its method is not in `methods`."""
    if preset.method not in methods:
        raise UserError("The preset's method {method!r} is not installed.", method=preset.method)
    shown.change_request(**preset.of_any_photo, areas=left_out(shown.request.areas))


class PresetsDialog(Page):
    """Lists the presets, and the actions on the chosen one."""

    def __init__(self, document: Document, methods: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Presets"))
        self.resize(480, 460)
        self._document = document
        self._methods = methods
        self.name = QLineEdit()
        self.name.setAcceptDrops(False)  # see `widgets.dropping`
        self.name.setPlaceholderText(tr("Name for the choices made now"))
        self.name.setAccessibleName(tr("Name of the preset"))
        self.name.setToolTip(tr("Under which method, region, strength, grain and smallest face are kept"))
        self.save = self._button(
            tr("Save"), self._save, tr("Keep method, region, strength, grain and smallest face under this name")
        )
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Presets"))
        self.nothing = label(
            tr("No preset yet. Make your choices for a photo, then save them here."), "muted", wrap=True
        )
        self.trouble = label("", "trouble", wrap=True)
        self.use = self._button(tr("Use"), self._use, tr("Use these choices for the photo"))
        self.export = self._button(
            tr("Export…"), self._export, tr("Write the preset to a file, for another computer")
        )
        self.delete = self._button(tr("Delete"), self._delete, tr("Forget the preset"))
        self.import_ = self._button(tr("Import…"), self._import, tr("Take presets from files"))
        self.use.setProperty("role", "primary")
        self.list.itemSelectionChanged.connect(self._refresh)
        self.list.itemActivated.connect(lambda _: self._use())
        self.name.textChanged.connect(self._refresh)
        self.name.returnPressed.connect(self.save.click)
        self._lay_out()
        self._fill()

    def _lay_out(self) -> None:
        naming = row(gap=2)
        naming.addWidget(self.name, 1)
        naming.addWidget(self.save)
        buttons: QHBoxLayout = row(gap=2)
        for button in (self.import_, self.export, self.delete):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.use)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Presets"), "title"))
        layout.addLayout(naming)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 100)
        layout.addStretch(1)
        layout.addWidget(self.trouble)
        layout.addLayout(buttons)

    def _button(self, text: str, act: Callable[[], object], tip: str) -> QPushButton:
        return push_button(text, lambda: self._attempt(act), tip)

    def _attempt(self, act: Callable[[], object]) -> None:
        self.trouble.setText("")
        try:
            act()
        except UserError as error:
            self.trouble.setText(translated(error))
        self._refresh()

    def _fill(self, chosen: str = "") -> None:
        self.list.clear()
        self.list.addItems(presets.preset_names())
        for index in range(self.list.count()):
            if self.list.item(index).text() == chosen:
                self.list.setCurrentRow(index)
        self._refresh()

    @property
    def _chosen(self) -> str:
        return self.list.selectedItems()[0].text() if self.list.selectedItems() else ""

    def _refresh(self) -> None:
        self.nothing.setVisible(self.list.count() == 0)
        self.list.setVisible(self.list.count() > 0)
        self.trouble.setVisible(bool(self.trouble.text()))
        self.save.setEnabled(bool(self.name.text().strip()))
        self.save.setText(tr("Replace") if self.name.text().strip() in presets.preset_names() else tr("Save"))
        for button in (self.use, self.export, self.delete):
            button.setEnabled(bool(self._chosen))

    def _save(self) -> None:
        name = self.name.text().strip()
        presets.save_preset(name, self._document.shown.request)
        self.name.clear()
        self._fill(name)

    def _use(self) -> None:
        use_preset(self._document.shown, presets.load_preset(self._chosen), self._methods)
        self.accept()

    def _delete(self) -> None:
        presets.delete_preset(self._chosen)
        self._fill()

    def _export(self) -> None:
        name = self._chosen
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export preset"), str(Path.home() / f"{name}.json"), tr(_FILES)
        )
        if chosen:
            presets.write_preset(Path(chosen), presets.load_preset(name))

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Import presets"), str(Path.home()), tr(_FILES))
        try:
            names = list(map(presets.import_preset, map(Path, chosen)))
        finally:
            self._fill()
        if names:
            self._fill(names[-1])
