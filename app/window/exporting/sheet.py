"""The sheet of an export: everything about the file in one place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPushButton, QWidget

from app.language import number, tr, translated
from app.settings import Settings
from app.window import dialogs
from app.window.exporting.choice import FORMATS, MOST_PX, SHIPPED, ExportChoice
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.calm import ComboBox, SpinBox
from app.window.widgets.page import Page
from engine.errors import UserError
from engine.photos.exporting import Preparation
from engine.photos.naming import check_template, output_path

_WIDTH = 560
_NAMES = 120


class ExportSheet(Page):
    """Shows the last choice again. Emits `export_asked` with the file and the choice."""

    export_asked = Signal(object, object)

    def __init__(
        self, parent: QWidget, settings: Settings, photo: Path, size: tuple[int, int], folder: Path, method: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self._settings, self._photo, self._size = settings, photo, size
        self._folder, self._method = folder, method
        self._grid = QGridLayout()
        self._make_fields()
        self._lay_out()
        self._show(ExportChoice.of(settings["export"]))
        self._connect()
        self._refresh()

    def _make_fields(self) -> None:
        self.preset = ComboBox()
        self._fill_presets()
        self.format = _combo([("", tr("As the photo")), *FORMATS.items()])
        self.bits = _combo([(0, tr("As the photo")), (8, tr("8 bits")), (16, tr("16 bits"))])
        self.quality = _number(100, tr("As the photo"))
        self.longest = _number(MOST_PX, tr("As the photo"), " px")
        self.colours = _combo([("same", tr("As the photo")), ("srgb", tr("sRGB, for screens and the web"))])
        self.folder, self.name = QLineEdit(), QLineEdit()
        self.folder.setPlaceholderText(tr("Beside the photo"))
        self.folder.setClearButtonEnabled(True)
        for field in (self.folder, self.name):
            field.setAcceptDrops(False)  # see `widgets.dropping`
        self.said, self.target, self.trouble = (
            label("", "muted", wrap=True),
            label("", wrap=True),
            label("", "trouble"),
        )
        self.trouble.setWordWrap(True)
        self.save = QPushButton(tr("Export"))
        self.save.setToolTip(tr("Write the file; the original stays as it is"))

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(3 * SPACE)
        self._grid.setVerticalSpacing(2 * SPACE)
        self._grid.setColumnMinimumWidth(0, _NAMES)
        self._grid.setColumnStretch(1, 1)
        keep = push_button(tr("Keep…"), self.keep, tr("Keep these choices under a name"))
        self.forget = push_button(tr("Remove"), self.remove, tr("Remove this preset"))
        choose = push_button(tr("Choose…"), self._choose, tr("Choose the folder of the export"))
        for name, tip, field, *beside in (
            (tr("Preset"), tr("Choices that are kept under a name"), self.preset, keep, self.forget),
            (tr("Format"), tr("The kind of file"), self.format),
            (tr("Depth"), tr("Bits for each colour of a pixel; JPEG, WebP and AVIF have 8"), self.bits),
            (tr("Quality"), tr("For JPEG, WebP and AVIF; higher is larger"), self.quality),
            (tr("Longest side"), tr("A photo is made smaller, never larger"), self.longest),
            (tr("Colours"), tr("The colour profile; a conversion to sRGB has 8 bits"), self.colours),
            (tr("Folder"), tr("Where the file goes"), self.folder, choose),
            (tr("Name"), tr("{name} stands for the photo's name, {method} for the method's"), self.name),
        ):
            self._add_line(name, tip, field, beside)
        close = push_button(tr("Cancel"), self.reject, "")
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        buttons = row(gap=2)
        buttons.addStretch()
        buttons.addWidget(close)
        buttons.addWidget(self.save)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Export"), "title"))
        layout.addWidget(self.said)
        layout.addLayout(self._grid)
        for part in (self.target, self.trouble):
            layout.addWidget(part)
        layout.addStretch()
        layout.addLayout(buttons)
        self.resize(_WIDTH, self.sizeHint().height())

    def _add_line(self, name: str, tip: str, field: QWidget, beside: list[QPushButton]) -> None:
        at = self._grid.rowCount()
        field.setAccessibleName(name)
        field.setToolTip(tip)
        line = row(gap=2)
        line.addWidget(field, 1)
        for button in beside:
            line.addWidget(button)
        self._grid.addWidget(label(name), at, 0)
        self._grid.addLayout(line, at, 1)

    def _connect(self) -> None:
        self.preset.activated.connect(self._take_preset)
        for combo in (self.format, self.bits, self.colours):
            combo.currentIndexChanged.connect(self._refresh)
        for spin in (self.quality, self.longest):
            spin.valueChanged.connect(self._refresh)
        for line in (self.folder, self.name):
            line.textChanged.connect(self._refresh)
        self.save.clicked.connect(self._ask)

    # what is chosen

    @property
    def choice(self) -> ExportChoice:
        """The choices as the fields show them; those that the format does not have are left out."""
        suffix = self.format.currentData()
        kind = ExportChoice(suffix)
        depth = self.bits.currentData() if kind.has_depths(self._photo) else 0
        quality = self.quality.value() if kind.has_quality(self._photo) else 0
        folder, name = self.folder.text().strip(), self.name.text()
        return ExportChoice(suffix, depth, quality, self.longest.value(), self.colours.currentData(), folder, name)

    def _show(self, choice: ExportChoice) -> None:
        for combo, value in (
            (self.format, choice.suffix),
            (self.bits, choice.depth),
            (self.colours, choice.colours),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.quality.setValue(choice.quality)
        self.longest.setValue(choice.longest)
        self.folder.setText(choice.folder)
        self.name.setText(choice.name)

    def _refresh(self) -> None:
        choice = self.choice
        self.bits.setEnabled(choice.has_depths(self._photo))
        self.quality.setEnabled(choice.has_quality(self._photo))
        self.forget.setEnabled(self.preset.currentText() in self._settings["exports"])
        last = ExportChoice.of(self._settings["export"])
        again = bool(self._settings["export"]) and choice == last
        self.said.setText(tr("The choices of your last export.") if again else choice.sentence())
        self.said.setAccessibleName(self.said.text())
        try:
            target = self._target(choice)
        except UserError as error:
            self._tell("", translated(error))
            return
        width, height = Preparation(longest=choice.longest or None).size_of(*self._size)
        self._tell(f"{target}\n{number(width)} × {number(height)} px", "")

    def _tell(self, target: str, trouble: str) -> None:
        self.target.setText(target)
        self.trouble.setText(trouble)
        self.save.setEnabled(not trouble)

    def _target(self, choice: ExportChoice) -> Path:
        check_template(choice.name)
        folder = Path(choice.folder).expanduser() if choice.folder else self._folder
        if not folder.is_dir():
            raise UserError("There is no folder {folder}.", folder=folder)
        suffix = choice.suffix_for(self._photo)
        return folder / output_path(self._photo, suffix=suffix, template=choice.name, method=self._method).name

    # what the buttons do

    def _ask(self) -> None:
        choice = self.choice
        self._settings.change(export=choice.plain())
        self.export_asked.emit(self._target(choice), choice)
        self.accept()

    def _choose(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text() or self._folder), tr("Folder of the export"))
        if chosen is not None:
            self.folder.setText(str(chosen))

    def keep(self) -> None:
        """Keep the choices under a name that the user gives."""
        name = dialogs.ask_text(self, tr("Keep as a preset"), tr("Name of the preset"), "")
        if name is not None and name.strip():
            self._settings.change(exports={**self._settings["exports"], name.strip(): self.choice.plain()})
            self._fill_presets(name.strip())
            self._refresh()

    def remove(self) -> None:
        """Remove the preset that is shown."""
        kept = {name: plain for name, plain in self._settings["exports"].items() if name != self.preset.currentText()}
        self._settings.change(exports=kept)
        self._fill_presets()
        self._refresh()

    def _take_preset(self) -> None:
        choice = self.preset.currentData()
        if choice is not None:
            self._show(ExportChoice.of(choice))
        self._refresh()

    def _fill_presets(self, shown: str = "") -> None:
        self.preset.clear()
        self.preset.addItem(tr("Own choices"), None)
        for name, choice in SHIPPED.items():
            self.preset.addItem(tr(name), choice.plain())
        for name, plain in sorted(self._settings["exports"].items()):
            self.preset.addItem(name, plain)
        self.preset.setCurrentIndex(max(0, self.preset.findText(shown)) if shown else 0)


def _combo(entries: list[tuple[object, str]]) -> QComboBox:
    made = ComboBox()
    for value, title in entries:
        made.addItem(title, value)
    return made


def _number(most: int, unset: str, unit: str = "") -> SpinBox:
    made = SpinBox()
    made.setRange(0, most)
    made.setSpecialValueText(unset)
    made.setSuffix(unit)
    made.setSingleStep(1 if most == 100 else 100)
    return made
