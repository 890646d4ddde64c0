"""All training runs of the user: start, stop, resume, use and remove them. One trains at a time."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.language import tr, translated
from app.window.training.history import History
from app.window.training.plan import PHOTOS, Plan, new_folder, read_plan, runs, runs_folder
from app.window.training.process import Process, last_words
from engine import own_weights
from engine.errors import UserError
from engine.locking import is_held
from engine.program import program
from engine.weights import Card, WeightsError, find_weights, installed, user_folder
from training.progress import LOCK

LOG = "log.txt"


class RunStatus(Enum):
    """The status of a run. ELSEWHERE: it belongs to another window, or still ends after its window closed."""

    TRAINING = "training"
    STOPPING = "stopping"
    ELSEWHERE = "elsewhere"
    STOPPED = "stopped"
    FAILED = "failed"
    FINISHED = "finished"


class Trainings(QObject):
    """changed: a run appeared, disappeared, or wrote something.

    measured: the speed, None if it could not be measured.

    adopted: the set of weights changed. command: the start of the program's command line.
    """

    changed = Signal()
    measured = Signal(object)
    adopted = Signal()
    refused = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        folder: Path | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = runs_folder() if folder is None else folder
        self.command = list(command or program())
        self._histories: dict[Path, History] = {}
        self._failures: dict[Path, str] = {}
        self._stopping = False
        self._told = 0
        self.active: Path | None = None
        self._process = Process(self)
        self._process.polled.connect(self._polled)
        self._process.ended.connect(self._ended)
        self._trial = Process(self)
        self._trial.ended.connect(self._tried)
        self._trial_folder: tempfile.TemporaryDirectory[str] | None = None

    # queries

    @property
    def runs(self) -> list[Path]:
        """The folders of all runs, the newest first."""
        return runs(self.folder)

    def plan(self, folder: Path) -> Plan | None:
        """Return the plan of a run."""
        return read_plan(folder)

    def history(self, folder: Path) -> History:
        """Return what a run has written so far."""
        history = self._histories.setdefault(folder, History(folder))
        history.read()
        return history

    def status(self, folder: Path) -> RunStatus:
        """Return the status of a run."""
        if folder == self.active:
            return RunStatus.STOPPING if self._stopping else RunStatus.TRAINING
        if is_held(folder / LOCK):
            return RunStatus.ELSEWHERE
        if folder in self._failures:
            return RunStatus.FAILED
        return RunStatus.FINISHED if self.history(folder).finished else RunStatus.STOPPED

    def failure(self, folder: Path) -> str:
        """Return why a run failed, "" if it did not."""
        return self._failures.get(folder, "")

    def card(self, folder: Path) -> Card | None:
        """Return the card of a run's weights, None if it has no readable one."""
        path = self.history(folder).card
        try:
            found = find_weights(path.stem, [folder]) if path is not None else None
        except WeightsError:
            return None
        return found.card if found is not None else None

    def used_as(self, folder: Path) -> str | None:
        """Return the id under which a run's weights are installed for the user, None if they are not."""
        card = self.card(folder)
        if card is None:
            return None
        return next((w.card.id for w in installed([user_folder()]) if w.card.sha256 == card.sha256), None)

    # actions

    def start(self, plan: Plan, places: Sequence[str]) -> Path | None:
        """Start a run on the photos at `places`; return its folder, None if it was refused."""
        from training.sources import write_list

        try:
            folder = new_folder(plan, self.folder)
            write_list(folder / PHOTOS, places)
        except UserError as error:
            self.refused.emit(translated(error))
            return None
        self.go_on(folder)
        return folder

    def go_on(self, folder: Path) -> None:
        """Train in a run's folder, from its checkpoint if it has one."""
        plan = self.plan(folder)
        if plan is None or self.active is not None:
            return
        self.cancel_measuring()
        self._failures.pop(folder, None)
        log = folder / LOG
        try:
            self._process.start([*self.command, *plan.arguments(folder)], log, log)
        except OSError as error:
            self.break_off(folder, tr("It cannot be started: {reason}.").format(reason=error.strerror))
        else:
            self.active, self._stopping = folder, False
            self.changed.emit()

    def stop(self) -> None:
        """Ask the run to save its state and end; it can be resumed."""
        if self.active is not None:
            self._stopping = True
            self._process.stop()
            self.changed.emit()

    def use(self, folder: Path) -> str | None:
        """Install a run's weights for the user; return their id."""
        card, plan = self.history(folder).card, self.plan(folder)
        if card is None or plan is None:
            return None
        try:
            weights_id = own_weights.adopt(card, plan.name)
        except UserError as error:
            self.refused.emit(translated(error))
            return None
        self.adopted.emit()
        self.changed.emit()
        return weights_id

    def use_no_more(self, folder: Path) -> None:
        """Uninstall a run's weights; the run keeps its own copy."""
        weights_id = self.used_as(folder)
        if weights_id is not None:
            try:
                own_weights.remove(weights_id)
            except UserError as error:
                self.refused.emit(translated(error))
            self.adopted.emit()
            self.changed.emit()

    def remove(self, folder: Path) -> None:
        """Remove a run and everything it learned; installed weights stay."""
        if folder == self.active:
            return
        try:
            shutil.rmtree(folder)
        except OSError as error:
            self.refused.emit(
                tr("{folder} cannot be removed: {reason}.").format(folder=folder, reason=error.strerror)
            )
        self._histories.pop(folder, None)
        self._failures.pop(folder, None)
        self.changed.emit()

    # speed of this machine

    def measure(self, plan: Plan, places: Sequence[str]) -> None:
        """Measure the speed of a few steps and emit `measured`. Not during a run, which would falsify it."""
        from training.sources import write_list

        self.cancel_measuring()
        if self.active is not None:
            return
        self._trial_folder = tempfile.TemporaryDirectory(prefix="acutance-trial-")
        folder = Path(self._trial_folder.name)
        write_list(folder / PHOTOS, places)
        command = [*self.command, *plan.trial_arguments(folder / PHOTOS)]
        try:
            self._trial.start(command, folder / "trial.json", folder / LOG)
        except OSError:
            self._tried(1)

    @property
    def measuring(self) -> bool:
        """Whether the speed is being measured."""
        return self._trial.running

    def cancel_measuring(self) -> None:
        """Stop measuring without a result."""
        self._trial.kill()
        self._forget_trial()

    def _tried(self, code: int) -> None:
        found = None
        if self._trial_folder is not None and code == 0:
            try:
                found = json.loads((Path(self._trial_folder.name) / "trial.json").read_text(encoding="utf-8"))
            except (OSError, ValueError):
                found = None
        self._forget_trial()
        self.measured.emit(found)

    def _forget_trial(self) -> None:
        if self._trial_folder is not None:
            self._trial_folder.cleanup()
            self._trial_folder = None

    # the process

    def _polled(self) -> None:
        if self.active is None:
            return
        entries = self.history(self.active).entries
        if entries != self._told:
            self._told = entries
            self.changed.emit()

    def _ended(self, code: int) -> None:
        folder, self.active, self._stopping = self.active, None, False
        if folder is not None and code != 0:
            self.break_off(folder, _why(code, folder / LOG))
        else:
            self.changed.emit()

    def break_off(self, folder: Path, reason: str) -> None:
        """Note why a run could not continue."""
        self._failures[folder] = reason
        self.changed.emit()

    def close(self) -> None:
        """Let the run save its state and end; do not wait for it."""
        self.cancel_measuring()
        self._process.let_go()
        self.active = None


def _why(code: int, log: Path) -> str:
    if code == -9:
        return tr("The system ended it, most likely because the memory was full. Fewer photos need less.")
    return last_words(log) or tr("It ended with code {code} and said nothing.").format(code=code)
