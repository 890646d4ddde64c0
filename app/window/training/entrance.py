"""Opens the training page, and imports it only when it is needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.settings import Settings
from app.window.session import Session

if TYPE_CHECKING:
    from app.window.training.page import TrainingPage
    from app.window.training.surveyor import Surveyor
    from app.window.training.trainings import Trainings

_PAGE, _PLOTS = "app.window.training.page", "app.window.training.curves"


class Training(QObject):
    """Makes the page when it is first needed. adopted: the set of weights changed."""

    adopted = Signal()

    def __init__(self, window: QWidget, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings
        self.trainings: Trainings | None = None
        self.page: TrainingPage | None = None
        self._surveyor: Surveyor | None = None

    def show(self) -> None:
        """Show the page; closing its window keeps its state."""
        if self.page is not None:
            self.page.show()
            self.page.raise_()
        else:  # import on a thread, so that the window does not freeze
            self._session.in_background(lambda *_: importlib.import_module(_PAGE), lambda _: self._open())

    def _open(self) -> None:
        if self.page is None:
            self.page = self.make()
        self.show()
        self._session.in_background(
            lambda *_: importlib.import_module(_PLOTS), lambda _: None
        )  # before a run wants them

    def make(self) -> TrainingPage:
        """Make the page."""
        from app.window.training.page import TrainingPage
        from app.window.training.surveyor import Surveyor
        from app.window.training.trainings import Trainings

        self.trainings, self._surveyor = Trainings(self), Surveyor(self._session)
        self.trainings.adopted.connect(self.adopted)
        return TrainingPage(self.trainings, self._surveyor, self._settings["device"], self._window)

    def close(self) -> None:
        """Stop the survey of photos; let a run save its state and end by itself."""
        if self._surveyor is not None:
            self._surveyor.cancel()
        if self.trainings is not None:
            self.trainings.close()
