"""The history of results: one row for each version, with what made it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from app.language import tr
from app.window.commands.table import Actions
from app.window.panels.section import Section
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon
from app.window.versions.naming import called, described
from app.window.versions.version import Version
from app.window.versions.versions import Versions
from app.window.widgets.basics import button_of, column, label, row, set_property
from app.window.widgets.pressed_row import PressedRow


class VersionRow(PressedRow):
    """A version: a click shows it, the button beside it puts it in the place of Before."""

    def __init__(self, version: Version) -> None:
        super().__init__()
        self.version = version
        self.compare = QToolButton()
        self.compare.setCheckable(True)
        self.compare.setIconSize(QSize(16, 16))
        self.compare.setToolTip(tr("Compare with this version: it takes the place of Before"))
        self.unsaved = label("•", "section")
        self.unsaved.setToolTip(tr("not saved"))
        first = row(gap=1)
        first.addWidget(self.name, 1)
        first.addWidget(self.unsaved)
        told = column(gap=0)
        told.addLayout(first)
        told.addWidget(self.about)
        layout = row(self, gap=2)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addLayout(told, 1)
        layout.addWidget(self.compare)

    def refresh(self, current: bool, against: bool) -> None:
        """Show the version's name and state."""
        name, about = called(self.version), described(self.version)
        self.name.setText(name)
        self.about.setText(about)
        self.unsaved.setHidden(self.version.saved)
        self.compare.setChecked(against)
        self.compare.setAccessibleName(tr("Compare with {name}").format(name=name))
        set_property(self, "chosen", current)
        self.setAccessibleName(", ".join([name, about] + [tr("not saved")] * (not self.version.saved)))


class VersionsSection(Dressed, Section):
    """In sight as soon as there is a result. rename_asked: the user wants to name a version."""

    rename_asked = Signal(object)

    def __init__(self, versions: Versions, actions: Actions) -> None:
        super().__init__(tr("Versions"))
        self._versions = versions
        self.rows: list[VersionRow] = []
        for command, title in (("keep-version", tr("Keep")), ("save-versions", tr("Save all"))):
            self.heading.addWidget(button_of(actions[command], title, "link"))
        versions.changed.connect(self._refresh)
        self._refresh()
        self.put_on()

    def _refresh(self) -> None:
        versions = self._versions.all
        if [line.version for line in self.rows] != list(versions):
            for line in self.rows:
                line.hide()
                line.deleteLater()
            self.rows = [self._row_of(version) for version in versions]
        for line in self.rows:
            line.refresh(line.version is self._versions.current, line.version is self._versions.against)
        self.setVisible(bool(versions))
        self.dress()

    def _row_of(self, version: Version) -> VersionRow:
        made = VersionRow(version)
        made.pressed.connect(partial(self._versions.show, version))
        made.compare.clicked.connect(lambda wanted: self._versions.compare_with(version if wanted else None))
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(lambda at: self.menu(version).popup(made.mapToGlobal(at)))
        self.body.addWidget(made)
        return made

    def menu(self, version: Version) -> QMenu:
        """Return the menu of a version."""
        menu = QMenu(self)
        for text, act in (
            (tr("Rename…"), partial(self.rename_asked.emit, version)),
            (tr("Delete"), partial(self._versions.remove, version)),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        menu.setEnabled(self._versions.free)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def dress(self) -> None:
        """Take the colours of the theme."""
        for line in self.rows:
            line.compare.setIcon(icon("wipe", palette_in_force(), 16))
