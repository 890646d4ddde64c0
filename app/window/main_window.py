"""The window: puts its parts together and lets the commands reach them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.settings import Settings
from app.window import dialogs
from app.window.afterwards import Afterwards
from app.window.bars import BottomBar, TopBar
from app.window.batch.page import BatchPage
from app.window.batch.runner import BatchRunner
from app.window.commands import Actions
from app.window.diagnosis.help import Help
from app.window.document import State
from app.window.empty_page import EmptyPage
from app.window.face_editing import FaceEditing
from app.window.history import History
from app.window.kernels.handling import KernelHandling
from app.window.methods import MethodChoice
from app.window.opening import Opening, local_files
from app.window.panels.side_panel import SidePanel
from app.window.preferences import Preferences
from app.window.presets_dialog import PresetsDialog
from app.window.saving import Saving
from app.window.session import Session
from app.window.settings_dialog import SettingsDialog
from app.window.shortcuts import ShortcutsDialog
from app.window.strip import Strip
from app.window.theme.icons import application_icon
from app.window.theme.theme import Theme
from app.window.viewer.comparison import Mode
from app.window.viewer.viewer import Viewer
from app.window.widgets.basics import column, row
from app.window.widgets.message_bar import MessageBar, Toast


class MainWindow(QWidget):
    """One photo is shown, many may be open."""

    def __init__(self, session: Session, theme: Theme, choices: Sequence[MethodChoice], settings: Settings) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.session, self.document = session, session.document
        self._theme, self._choices = theme, choices
        self._methods = [choice.id for choice in choices if not choice.reason]
        self.preferences = Preferences(settings, session, theme, self._methods)
        self.actions_by_id = Actions(self)
        self.viewer = Viewer()
        self.empty = EmptyPage(self.actions_by_id)
        self.opening = Opening(session, self.preferences, self.open)
        self.top = TopBar(self.document, self.actions_by_id, self.opening.recent)
        self.bottom = BottomBar(self.document, self.viewer, self.actions_by_id)
        self.panel = SidePanel(self.document, choices, self.actions_by_id)
        self.message = MessageBar()
        self.saving = Saving(self, session, settings)
        self.history = History(self.document)
        self.afterwards = Afterwards(session)
        self.strip = Strip(session.roll, session.thumbnails)
        self.batch = BatchRunner(session)
        self._batch_page: BatchPage | None = None
        self.help = Help(self, session, theme, settings, self.actions_by_id, self.message)
        self._lay_out()
        self.toast = Toast(self._stage)
        self._connect_commands()
        self._connect_document()
        theme.changed.connect(self._dress)
        self._dress()
        self._refresh()
        self.setFocus()
        if settings.trouble:
            self.message.say("warning", settings.trouble)
        elif settings["batch"].get("unfinished"):
            self.message.say("info", "A batch is not finished. Batch in the menu goes on where it was.")

    def _lay_out(self) -> None:
        self._stage = QStackedWidget()
        self._stage.addWidget(self.empty)
        self._stage.addWidget(self.viewer)
        middle = column(gap=0)
        middle.addWidget(self.message)
        middle.addWidget(self._stage, 1)
        middle.addWidget(self.strip)
        middle.addWidget(self.bottom)
        body = row(gap=0)
        body.addLayout(middle, 1)
        body.addWidget(self.panel)
        layout = column(self, gap=0)
        layout.addWidget(self.top)
        layout.addLayout(body, 1)

    def _connect_commands(self) -> None:
        commands = {
            "open": self.ask_and_open,
            "open-folder": self.ask_and_open_folder,
            "batch": self.show_batch,
            "next-photo": partial(self._step, 1),
            "previous-photo": partial(self._step, -1),
            "close-photo": self.close_photo,
            "copy": self.opening.copy,
            "paste": self.opening.paste,
            "sample": self.open_sample,
            "save": self.saving.save,
            "save-as": self.saving.save_as,
            "quit": self.close,
            "deblur": self.session.deblur,
            "cancel": self.session.cancel,
            "all-faces": partial(self.document.choose_all, True),
            "no-faces": partial(self.document.choose_all, False),
            "undo": self.history.undo,
            "redo": self.history.redo,
            "fit": self.viewer.fit,
            "actual": partial(self.viewer.zoom_to, 1.0),
            "zoom-in": partial(self.viewer.zoom_step, 1),
            "zoom-out": partial(self.viewer.zoom_step, -1),
            "turn-wipe": self._turn_wipe,
            "compare-methods": self.compare_methods,
            "settings": self.show_settings,
            "presets": lambda: PresetsDialog(self.document, self._methods, self).exec(),
            "shortcuts": lambda: ShortcutsDialog(self).exec(),
        }
        for mode in Mode:
            commands[mode.value] = partial(self._compare, mode)
        for choice in ("system", "light", "dark"):
            commands[f"theme-{choice}"] = partial(self.preferences.choose_theme, choice)
        for command, function in commands.items():
            self.actions_by_id[command].triggered.connect(lambda _=False, function=function: function())
        self.actions_by_id["faces"].setChecked(True)
        self.actions_by_id["faces"].toggled.connect(self.viewer.set_marks_visible)
        self.actions_by_id["panel"].setChecked(True)
        self.actions_by_id["panel"].toggled.connect(self.panel.setVisible)
        self.actions_by_id["full-screen"].toggled.connect(
            lambda full: self.showFullScreen() if full else self.showNormal()
        )

    def _connect_document(self) -> None:
        document, session = self.document, self.session
        document.picture_changed.connect(
            lambda: self.viewer.set_pictures(document.original, document.shown_restored, document.trust_map)
        )
        document.marks_changed.connect(lambda: self.viewer.set_marks(document.marks))
        document.request_changed.connect(self._show_strengths)
        document.marks_changed.connect(self._show_strengths)
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
        self.strip.asked.connect(self.open)
        self.faces = FaceEditing(self.viewer, document, self.actions_by_id)
        self.kernels = KernelHandling(self, session, self.viewer, self.actions_by_id)
        self.panel.method.kernel_asked.connect(self._ask_kernel)
        self.panel.method.drawing_asked.connect(self.kernels.draw)
        self.panel.trust.map_asked.connect(session.show_trust_map)
        self.panel.kernel.save_asked.connect(self.saving.save_kernel)
        session.refused.connect(partial(self.message.say, "error"))
        session.written.connect(self._wrote)

    # commands

    def ask_and_open(self) -> None:
        """Ask for photos and open them."""
        chosen = dialogs.ask_photos(self, self._folder)
        if chosen:
            self.open_all(chosen)

    def ask_and_open_folder(self) -> None:
        """Ask for a folder and open its photos."""
        chosen = dialogs.ask_folder(self, self._folder)
        if chosen:
            self.open_all([chosen])

    @property
    def _folder(self) -> Path | None:
        return self.document.path.parent if self.document.path else None

    def open(self, path: Path) -> None:
        """Show a photo; the others stay open, unless results that are not saved fill the memory."""
        crowding = self.session.roll.crowding
        if crowding is not None and crowding != path:
            self.session.open(crowding)
            if not self.saving.may_leave(partial(self.open, path)):
                return
        self.message.hide()
        self.session.open(path)
        self.viewer.setFocus()

    def open_all(self, paths: Sequence[Path]) -> None:
        """Open photos and folders of photos, and show the first."""
        self.opening.open_all(paths)

    def open_sample(self) -> None:
        """Open the sample."""
        self.message.hide()
        self.session.open_sample()
        self.viewer.setFocus()

    def _step(self, step: int) -> None:
        path = self.session.roll.neighbour(step)
        if path is not None:
            self.open(path)

    def close_photo(self) -> None:
        """Put the photo away and show a neighbour, after asking about an unsaved result."""
        roll = self.session.roll
        neighbour = roll.neighbour(1) or roll.neighbour(-1)
        if self.saving.may_leave(self.close_photo):
            self.session.close_photo()
            if neighbour is not None:
                self.open(neighbour)

    def _may_close(self) -> bool:
        """Ask about every result that is not saved, showing each."""
        if not self.saving.may_leave(self.close):
            return False
        for path in self.session.roll.unsaved:
            self.session.open(path)
            if not self.saving.may_leave(self.close):
                return False
        return True

    def _ask_kernel(self) -> None:
        chosen = dialogs.ask_kernel(self, self._folder)
        if chosen:
            self.document.change_request(kernel=chosen)

    def show_batch(self) -> BatchPage:
        """Show the batch; it stays as it is while its window is closed."""
        if self._batch_page is None:
            self._batch_page = BatchPage(self.batch, self.document, self.preferences.settings, self)
            self._batch_page.dress(self._theme.palette)
        self._batch_page.show()
        self._batch_page.raise_()
        return self._batch_page

    def show_settings(self) -> None:
        """Show the settings; what is changed holds at once."""
        dialog = SettingsDialog(self.preferences.settings, self)
        dialog.changed.connect(self.preferences.apply)
        dialog.exec()
        dialog.deleteLater()

    def compare_methods(self) -> None:
        """Let every method try the photo, and pick one."""
        from app.window.comparing.dialog import CompareDialog

        dialog = CompareDialog(self.session, self._choices, self._theme.palette, self)
        dialog.sheet_asked.connect(lambda: self.saving.save_sheet(dialog, dialog.save_sheet))
        dialog.unexpected.connect(self.help.show_unexpected)
        dialog.open()

    def _compare(self, mode: Mode) -> None:
        self.viewer.compare(mode=mode)
        self.top.modes.choose(mode.value)

    def _turn_wipe(self) -> None:
        comparison = self.viewer.comparison
        self.viewer.compare(upright=not comparison.upright if comparison else True)
        self._compare(Mode.WIPE)

    def _wrote(self, target: Path) -> None:
        if not self.isVisible():
            return
        folder = QUrl.fromLocalFile(str(target.parent))
        self.toast.say(f"Saved {target.name}", "Show in folder", partial(QDesktopServices.openUrl, folder))

    # state

    def _refresh(self) -> None:
        document = self.document
        actions = self.actions_by_id
        has_photo = document.photo is not None
        ready = document.state is State.READY
        self._stage.setCurrentWidget(self.empty if document.state is State.EMPTY else self.viewer)
        self.bottom.setVisible(document.state is not State.EMPTY)
        self.panel.setVisible(document.state is not State.EMPTY and actions["panel"].isChecked())
        actions["deblur"].setEnabled(ready)
        actions["compare-methods"].setEnabled(ready)
        actions["cancel"].setEnabled(document.state is State.WORKING)
        actions["undo"].setEnabled(self.history.can_undo)
        actions["redo"].setEnabled(self.history.can_redo)
        for command in ("save", "save-as"):
            actions[command].setEnabled(ready and document.result is not None)
        for command in ("all-faces", "no-faces", "faces", "delete-face"):
            actions[command].setEnabled(bool(document.marks))
        for command in ("fit", "actual", "zoom-in", "zoom-out", "add-face"):
            actions[command].setEnabled(has_photo)
        for command in (*(mode.value for mode in Mode), "turn-wipe"):
            actions[command].setEnabled(document.comparable)
        roll = self.session.roll
        actions["next-photo"].setEnabled(roll.neighbour(1) is not None)
        actions["previous-photo"].setEnabled(roll.neighbour(-1) is not None)
        for command in ("close-photo", "copy"):
            actions[command].setEnabled(has_photo)
        self._show_title()

    def _show_strengths(self) -> None:
        self.viewer.compare(strength=self.document.request.strength, faces=self.document.own_strengths)

    def _show_title(self) -> None:
        document = self.document
        name = document.path.name if document.path else ""
        self.setWindowTitle(f"{name}{'' if document.saved else '*'} – Acutance" if name else "Acutance")

    def _dress(self) -> None:
        palette = self._theme.palette
        self.viewer.set_canvas(palette.canvas)
        self.actions_by_id.dress(palette)
        for part in (self.empty, self.top, self.panel, self.message, self.toast, self.strip):
            part.dress(palette)
        if self._batch_page is not None:
            self._batch_page.dress(palette)
        for choice in ("system", "light", "dark"):
            self.actions_by_id[f"theme-{choice}"].setChecked(self._theme.choice == choice)
        mode = self.viewer.comparison.mode if self.viewer.comparison else Mode.WIPE
        self.top.modes.choose(mode.value)

    # events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Welcome files."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self.empty.show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """Forget the files."""
        del event
        self.empty.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what is dropped."""
        self.empty.show_over(False)
        event.acceptProposedAction()
        self.open_all(local_files(event.mimeData()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Blink for as long as B is held."""
        if event.key() == Qt.Key.Key_B and not event.isAutoRepeat():
            self.viewer.blink(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """End the blink."""
        if event.key() == Qt.Key.Key_B and not event.isAutoRepeat():
            self.viewer.blink(False)
        else:
            super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about an unsaved result; then end every thread."""
        if not self._may_close():
            event.ignore()
            return
        self.preferences.leave(self)
        self.batch.cancel()
        self.session.close()
        event.accept()
