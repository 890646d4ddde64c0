"""The commands for all open photos at once: deblur all, stop, save all."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.language import tr, trn
from app.window.bars import TopBar
from app.window.browsing import Browsing
from app.window.commands import Actions
from app.window.session import Session
from app.window.together import DeblurAll
from app.window.unsaved import SavingAll
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
        self._session, self._saving_all, self._top, self._toast = session, saving_all, top, toast
        self._actions = actions
        self.offered = True
        actions["deblur-all"].triggered.connect(lambda _=False: self._start())
        actions["stop-all"].triggered.connect(lambda _=False: self.together.stop())
        actions["save-all"].triggered.connect(lambda _=False: browsing.save_all())
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

    def _show(self) -> None:
        running = self.together.running
        self._actions["deblur-all"].setEnabled(self.offered and bool(self._session.roll.paths) and not running)
        self._actions["stop-all"].setEnabled(running)
        self._actions["save-all"].setEnabled(bool(self._saving_all.losses()))
        now = min(self.together.done + 1, self.together.total)
        self._top.show_together(now, self.together.total, running)

    def _ended(self, restored: int) -> None:
        if not restored:
            return
        self._toast.say(
            trn("{count} photo is restored", "{count} photos are restored", restored).format(count=restored)
        )

    def _saved(self, count: int) -> None:
        self._toast.say(trn("Saved {count} result", "Saved {count} results", count).format(count=count))
        self._show()
