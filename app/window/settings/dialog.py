"""The settings dialog, built from the table of settings. Changes apply at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.language import tr, translated
from app.settings import TABLE, Setting, Settings
from app.updates import release_page
from app.window.theme.dressed import palette_in_force
from app.window.theme.icons import icon
from app.window.widgets.basics import column, label, push_button, row, rule, scrolling, set_property
from app.window.widgets.calm import ComboBox, SpinBox
from app.window.widgets.page import Page
from engine.errors import UserError

_FIELD_WIDTH = 264


class SettingsDialog(Page):
    """Shows a line for every setting that has a group; emits `changed` after each change."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.resize(640, 660)
        self._settings = settings
        self.fields: dict[str, QWidget] = {}
        self._show: dict[str, Callable[[], None]] = {}
        content = QWidget()
        self._list = column(content, gap=4)
        self._list.setContentsMargins(0, 0, 12, 0)
        self._fill()
        self._list.addStretch()
        scroll = scrolling(content)
        first = tr("Set everything on this page as it was at the first start")
        self.reset, close = push_button(tr("Restore defaults"), self._reset, first), QPushButton(tr("Close"))
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = row(gap=2)
        buttons.addWidget(self.reset)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Settings"), "title"))
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def _fill(self) -> None:
        group = ""
        for setting in TABLE:
            if not setting.group or (setting.key == "updates" and not release_page()):
                continue
            if setting.group != group:
                if group:
                    self._list.addWidget(rule())
                self._list.addWidget(label(tr(setting.group), "muted"))
                group = setting.group
            self._list.addWidget(self._line(setting))

    def _line(self, setting: Setting) -> QWidget:
        line = QWidget()
        help_ = label(tr(setting.help), "caption", wrap=True)
        field = self._field(setting, help_)
        field.setFixedWidth(_FIELD_WIDTH)
        field.setAccessibleName(tr(setting.label))
        field.setAccessibleDescription(tr(setting.help))
        self.fields[setting.key] = field
        self._show[setting.key]()
        words = column(gap=1)
        words.addWidget(label(tr(setting.label), "section"))
        words.addWidget(help_)
        layout = row(line, gap=6)
        layout.addLayout(words, 1)
        layout.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _field(self, setting: Setting, help_: QLabel) -> QWidget:
        if setting.choices:
            return self._combo(setting)
        return self._number(setting) if isinstance(setting.default, int) else self._text(setting, help_)

    def _combo(self, setting: Setting) -> QComboBox:
        field = ComboBox()
        for value, title in setting.choices:
            field.addItem(tr(title), value)
        self._show[setting.key] = lambda: field.setCurrentIndex(field.findData(self._settings[setting.key]))
        field.activated.connect(lambda _: self._take(setting.key, field.currentData()))
        return field

    def _number(self, setting: Setting) -> QSpinBox:
        field = SpinBox()
        field.setRange(setting.least, setting.most)
        field.setSuffix(setting.unit)
        field.setSpecialValueText(tr(setting.unset))
        field.setSingleStep(max(1, setting.most // 1000))
        field.setKeyboardTracking(False)
        field.lineEdit().setAcceptDrops(False)  # see `widgets.dropping`
        self._show[setting.key] = lambda: field.setValue(self._settings[setting.key])
        field.valueChanged.connect(partial(self._take, setting.key))
        return field

    def _text(self, setting: Setting, help_: QLabel) -> QLineEdit:
        field = QLineEdit()
        field.setAcceptDrops(False)  # see `widgets.dropping`
        field.setPlaceholderText(tr(setting.unset))
        field.setClearButtonEnabled(bool(setting.unset))
        self._show[setting.key] = lambda: field.setText(self._settings[setting.key])
        field.textChanged.connect(partial(self._take_text, setting, help_))
        if setting.files:
            # the icon must be visible in both themes
            picture = icon("folder", palette_in_force(), 16, palette_in_force().faint)
            choose = field.addAction(picture, QLineEdit.ActionPosition.TrailingPosition)
            choose.setToolTip(tr("Choose the file"))
            choose.triggered.connect(lambda _=False: self._choose_file(setting, field))
        return field

    def _choose_file(self, setting: Setting, field: QLineEdit) -> None:
        before = Path(field.text()).parent if field.text() else Path.home()
        chosen, _ = QFileDialog.getOpenFileName(self, tr(setting.label), str(before), tr(setting.files))
        if chosen:
            field.setText(chosen)

    def _take_text(self, setting: Setting, help_: QLabel, text: str) -> None:
        """Store a valid text; for an invalid one, show the reason in place of the help."""
        trouble = ""
        try:
            if setting.check:
                setting.check(text)
        except UserError as error:
            trouble = translated(error)
        else:
            self._take(setting.key, text)
        help_.setText(trouble or tr(setting.help))
        set_property(help_, "role", "trouble" if trouble else "caption")

    def _take(self, key: str, value: object) -> None:
        self._settings.change(**{key: value})
        self.changed.emit()

    def _reset(self) -> None:
        self._settings.change(**{setting.key: setting.default for setting in TABLE if setting.group})
        for show in self._show.values():
            show()
        self.changed.emit()
