"""The commands for all open photos at once: deblur all, stop, save all."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.language import marked, tr, trn
from app.window.commands.group import CommandGroup
from app.window.commands.table import Actions
from app.window.many.together import DeblurAll
from app.window.opening.browsing import Browsing
from app.window.panels.bars import TopBar
from app.window.saving.unsaved import SavingAll
from app.window.session import Session
from app.window.widgets.message_bar import Toast


class Many(QObject):
    """Carries the commands out, shows which can be used, and tells what came of them.

    offered: whether photos may be restored unseen; those of another program are looked through one by one.
    """

    def __init__(
        self, session: Session, browsing: Browsing, saving_all: SavingAll, top: TopBar, toast: Toast, actions: Actions
    ) -> None:
        super().__init__(session)
        self.together = DeblurAll(session)
        self._session, self._top, self._toast = session, top, toast
        self.offered = True
        self._commands = CommandGroup(actions)
        self._commands.add({"deblur-all": self._start}, self._may_start)
        running = marked("Not all photos are being restored.")
        self._commands.add({"stop-all": self.together.stop}, lambda: self.together.running, running)
        unsaved = marked("There is nothing to save.")
        self._commands.add({"save-all": browsing.save_all}, lambda: bool(saving_all.losses()), unsaved)
        top.stop.clicked.connect(actions["stop-all"].trigger)
        self.together.changed.connect(self._show)
        self.together.ended.connect(self._ended)
        saving_all.ended.connect(self._saved)
        document = session.document
        for signal in (session.roll.changed, session.roll.badge_changed, document.result_changed):
            signal.connect(self._show)
        self._show()

    def _start(self) -> None:
        if self.together.wanted():
            self.together.start()
        else:
            self._toast.say(tr("Every open photo is restored already."))

    def _may_start(self) -> bool:
        return self.offered and bool(self._session.roll.paths) and not self.together.running

    def _show(self) -> None:
        self._commands.refresh()
        now = min(self.together.done + 1, self.together.total)
        self._top.show_together(now, self.together.total, self.together.running)

    def _ended(self, restored: int) -> None:
        if not restored:
            return
        self._toast.say(
            trn("{count} photo is restored", "{count} photos are restored", restored).format(count=restored)
        )

    def _saved(self, count: int) -> None:
        self._toast.say(trn("Saved {count} result", "Saved {count} results", count).format(count=count))
        self._show()
