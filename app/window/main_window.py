"""The main window: it assembles its parts and connects the commands to them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QWidget

from app.language import tr, translated
from app.settings import Settings
from app.window.areas.handling import AreaHandling
from app.window.batch.looking import BatchLook
from app.window.batch.page import BatchPage
from app.window.commands.context_menus import Menus
from app.window.commands.group import NO_FACE, CommandGroup, why_not
from app.window.commands.main_menu import menu_bar
from app.window.commands.photo_commands import PhotoCommands
from app.window.commands.table import Actions
from app.window.comparing.rival import RivalFile
from app.window.exporting.handling import Exporting
from app.window.faces.editing import FaceEditing
from app.window.faces.strip import FaceStrip
from app.window.help.handling import Help
from app.window.kernels.handling import KernelHandling
from app.window.many.desktop import Desktop
from app.window.many.handling import Many
from app.window.many.long_work import LongWork
from app.window.masking.handling import MaskHandling
from app.window.methods import MethodChoice, method_choices
from app.window.opening.browsing import Browsing
from app.window.opening.empty_page import EmptyPage
from app.window.pages import Pages
from app.window.panels.bars import BottomBar, TopBar
from app.window.panels.notices import Notices
from app.window.panels.outcome_line import OutcomeLine
from app.window.panels.side_panel import SidePanel
from app.window.panels.strip import Strip
from app.window.photos.history import History
from app.window.photos.photo_state import State
from app.window.saving.dragging import DragOut
from app.window.saving.saving import Saving
from app.window.saving.unsaved import SavingAll
from app.window.session import Session
from app.window.session.afterwards import Afterwards
from app.window.settings.preferences import Preferences
from app.window.theme.dressed import palette_in_force
from app.window.theme.icons import application_icon
from app.window.theme.theme import Theme
from app.window.training.entrance import Training
from app.window.versions.handling import VersionHandling
from app.window.versions.versions import Versions
from app.window.viewer.first_sight import FirstSight
from app.window.viewer.loading import Loading
from app.window.viewer.viewer import Viewer
from app.window.viewer.viewing import Viewing
from app.window.widgets.basics import Stack, column, row
from app.window.widgets.dropping import accept_copy, local_files
from app.window.widgets.message_bar import MessageBar, Toast


class MainWindow(QWidget):
    """Shows one photo; many may be open."""

    def __init__(self, session: Session, theme: Theme, choices: Sequence[MethodChoice], settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.session, self.document, self._theme = session, session.document, theme
        self.actions_by_id = Actions(self)
        self._commands = CommandGroup(self.actions_by_id)
        self.viewer = Viewer()
        self._make_work(choices, settings)
        self._make_tools()
        self._make_parts(choices)
        self.training = Training(self, session, settings)
        self.help = Help(self, session, settings, self._commands, self.message)
        self._lay_out()
        self._make_reports(settings)
        self.viewing = Viewing(self, self.document, self.viewer, self.top, self.actions_by_id, self._commands)
        self._connect_commands()
        self._connect_document()
        theme.changed.connect(self._dress)
        self._dress()
        self._refresh()
        self.setFocus()
        self._say_first(settings)

    def _make_work(self, choices: Sequence[MethodChoice], settings: Settings) -> None:
        """Make what works on the open photos: it saves, browses, undoes, and opens pages."""
        session, theme = self.session, self._theme
        methods = [choice.id for choice in choices if not choice.reason]
        self.preferences = Preferences(settings, session, theme, methods)
        self.saving = Saving(self, session, settings)
        self.versions = Versions(self.document)
        self.history = History(self.document)
        self.saving_all = SavingAll(session, self.saving, self.versions)
        self.browsing = Browsing(self, session, self.saving, self.saving_all, self.preferences)
        self.pages = Pages(self, session, self.saving, self.preferences, choices, self._commands)
        self.afterwards = Afterwards(session)

    def _make_tools(self) -> None:
        """Make what is done over the photo: masks, areas, versions."""
        session, saving, viewer, actions = self.session, self.saving, self.viewer, self.actions_by_id
        self.masks = MaskHandling(self, session, saving, viewer, actions)
        self.areas = AreaHandling(self, session, viewer, actions)
        self.version_handling = VersionHandling(self, session, saving, viewer, actions, self.versions)

    def _make_parts(self, choices: Sequence[MethodChoice]) -> None:
        """Make what is seen."""
        document, actions = self.document, self.actions_by_id
        self.empty = EmptyPage(actions)
        self.top = TopBar(document, actions, self.browsing.ways.recent)
        self.bottom = BottomBar(document, self.viewer, actions)
        self.panel = SidePanel(document, choices, actions, self.areas, self.masks.painting, self.versions)
        self.panel.versions.rename_asked.connect(self.version_handling.rename)
        self.message = MessageBar()
        self.outcome = OutcomeLine(document, actions)
        self.loading = Loading(document, self.viewer)
        self.first_sight = FirstSight(document, self.viewer)
        self.strip = Strip(self.session.roll, self.session.thumbnails, self.pages.blur)
        self.face_strip = FaceStrip(document, self.viewer)
        if sys.platform == "darwin":
            self.menu_bar = menu_bar(actions, self.browsing.ways.recent)

    def _make_reports(self, settings: Settings) -> None:
        """Make what reports on the work and acts on many photos, over the parts that are laid out."""
        session, browsing, actions = self.session, self.browsing, self.actions_by_id
        self.toast = Toast(self._stage)
        self.notices = Notices(self, session, self.message, self.toast)
        self.exporting = Exporting(self, session, self.saving, settings, self._commands)
        self.many = Many(session, browsing, self.saving_all, self.top, self.toast, actions)
        self.desktop = Desktop(self)
        self.long_work = LongWork(session, self.many.together, self.pages.batch, self.desktop)
        self.menus = Menus(self, session, self.viewer, self.strip, browsing, self.saving_all, self.many, actions)
        self.drag_out = DragOut(self, session, self.saving, self.strip, self.top.name)

    def _say_first(self, settings: Settings) -> None:
        """Say what the user must know before all else."""
        if settings.trouble:
            self.message.say("warning", translated(settings.trouble))
        elif settings["batch"].get("unfinished"):
            self.message.say("info", tr("A batch is not finished. Batch in the menu continues it."))

    def _lay_out(self) -> None:
        self._stage = Stack(self.empty, self.viewer)
        middle = column(gap=0)
        middle.addWidget(self.message)
        middle.addWidget(self.outcome)
        middle.addWidget(self._stage, 1)
        middle.addWidget(self.face_strip)
        middle.addWidget(self.strip)
        middle.addWidget(self.bottom)
        body = row(gap=0)
        body.addLayout(middle, 1)
        body.addWidget(self.panel)
        layout = column(self, gap=0)
        layout.addWidget(self.top)
        layout.addLayout(body, 1)

    def _connect_commands(self) -> None:
        commands = self._commands
        PhotoCommands(commands, self.session, self.browsing, self.saving, self.history)
        commands.add({"train": self.training.show, "quit": self.close})
        for choice in ("system", "light", "dark"):
            commands.add({f"theme-{choice}": partial(self.preferences.choose_theme, choice)})
        self.actions_by_id["pin-choices"].setChecked(self.document.defaults.pinned is not None)
        self.actions_by_id["panel"].setChecked(True)
        commands.add_switches({"pin-choices": self.document.pin, "panel": self.panel.setVisible})
        commands.add_switches({"face-strip": self.face_strip.want}, lambda: bool(self.document.shown.marks), NO_FACE)

    def _connect_document(self) -> None:
        document, session = self.document, self.session
        for signal in (
            document.photo_changed,
            document.state_changed,
            document.result_changed,
            document.marks_changed,
        ):
            signal.connect(self._refresh)
        document.request_changed.connect(self._show_title)
        self.history.changed.connect(self._refresh)
        session.roll.changed.connect(self._refresh)
        self.strip.asked.connect(self.browsing.open)
        self.empty.asked.connect(self.browsing.open)
        self.preferences.recent_changed.connect(lambda: self.empty.show_recent(self.preferences.recent))
        self.empty.show_recent(self.preferences.recent)
        self.browsing.shown.connect(self._welcome)
        self.faces = FaceEditing(self.viewer, document, self.actions_by_id, self._commands)
        self.rival = RivalFile(self, session, self.viewer, self.actions_by_id["compare-file"])
        self._commands.add({"compare-file": self.rival.ask}, lambda: document.shown.photo is not None)
        self.kernels = KernelHandling(self, session, self.viewer, self.actions_by_id)
        self.kernels.said.connect(self.toast.say)
        self.panel.method.kernel_asked.connect(lambda: self.kernels.ask(self.browsing.folder))
        self.panel.method.drawing_asked.connect(self.kernels.draw)
        self.panel.trust.map_asked.connect(session.show_trust_map)
        self.panel.trust.sources_asked.connect(session.show_source_map)
        self.panel.kernel.edit_asked.connect(self.kernels.draw)
        self.panel.kernel.save_asked.connect(self.saving.save_kernel)
        self.batch_look = BatchLook(session, self.pages, self.browsing, self.rival, self.top)
        self.outcome.another_asked.connect(self._ask_method)
        self.outcome.back_asked.connect(lambda: document.shown.choose_as_made())
        self.browsing.ways.copied.connect(lambda: self.toast.say(tr("Copied")))
        self.training.adopted.connect(self._renew_methods)

    # commands

    def open(self, path: Path) -> None:
        """Show a photo."""
        self.browsing.open(path)

    def open_all(self, paths: Sequence[Path]) -> None:
        """Open photos and folders of photos, and show the first."""
        self.browsing.open_all(paths)

    def open_sample(self) -> None:
        """Open the sample."""
        self.browsing.open_sample()

    def show_batch(self) -> BatchPage:
        """Show the batch page; closing its window keeps its state."""
        return self.pages.show_batch()

    def say_beside(self, text: str) -> None:
        """Say in passing what goes on without being asked for."""
        self.empty.note.setText(text)
        self.bottom.beside.setText(text)

    def _welcome(self) -> None:
        self.message.hide()
        self.viewer.setFocus()

    def _ask_method(self) -> None:
        self.actions_by_id["panel"].setChecked(True)
        self.panel.method.card.open()

    def _renew_methods(self) -> None:
        """Offer the weights that exist now. If the chosen ones are gone, choose Automatic."""
        choices = method_choices()
        methods = self.session.choices.methods = [choice.id for choice in choices if not choice.reason]
        if self.document.shown.request.method not in methods:
            self.document.shown.change_request(method="auto")
        self.pages.choices = choices
        self.panel.renew(choices)

    # state

    def _refresh(self) -> None:
        document = self.document
        shown = document.shown.state is not State.EMPTY
        self._stage.setCurrentWidget(self.viewer if shown else self.empty)
        if not shown:
            self.viewer.forget_zoom()
        full = self.isFullScreen() and shown
        self.top.setVisible(not full)
        self.bottom.setVisible(shown and not full)
        self.panel.setVisible(shown and not full and self.actions_by_id["panel"].isChecked())
        self._commands.refresh()
        self._show_title()

    def _show_title(self) -> None:
        shown = self.document.shown
        name = shown.path.name if shown.path else ""
        self.setWindowTitle(f"{name}{'' if shown.saved else '*'} – Acutance" if name else "Acutance")

    def _dress(self) -> None:
        self.viewer.set_canvas(palette_in_force().canvas)
        self.actions_by_id.dress()
        for choice in ("system", "light", "dark"):
            self.actions_by_id[f"theme-{choice}"].setChecked(self._theme.choice == choice)
        self.viewing.show_mode()

    # events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files."""
        if event.source() is None and local_files(event.mimeData()) and accept_copy(event):
            self.empty.show_over(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Keep accepting files; refuse to turn the copy into a move if a key is pressed."""
        accept_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Forget the files."""
        del event
        self.empty.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open the dropped files."""
        self.empty.show_over(False)
        if accept_copy(event):
            self.open_all(local_files(event.mimeData()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Update the full-screen command, whatever changed the state of the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.desktop.settle()
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_by_id["full-screen"].setChecked(self.isFullScreen())
            self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Show the original while B is held. Esc leaves the full screen, or cancels a run."""
        if event.key() == Qt.Key.Key_B and not event.isAutoRepeat():
            self.viewer.blink(True)
        elif event.key() == Qt.Key.Key_Escape:
            self.viewing.fill_screen(False)
        elif reason := why_not(QKeySequence(event.keyCombination()), self.actions_by_id, self.document.shown):
            self.toast.say(reason)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Stop showing the original."""
        if event.key() == Qt.Key.Key_B and not event.isAutoRepeat():
            self.viewer.blink(False)
        else:
            super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved results, then end every thread."""
        if not self.browsing.may_close(self.close):
            event.ignore()
            return
        self.preferences.leave(self)
        self.pages.close()
        self.training.close()
        self.session.close()
        event.accept()
