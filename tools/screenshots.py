"""Pictures of every page and dialog, in both themes and two sizes, with the real engine (`make screenshots`).

`python -m tools.screenshots [FOLDER] [--language en|de] [--size 1280x720]` writes them into build/screenshots.
Without weights, deconvolution with the sample's known kernel replaces a method.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.batch.control import Control
from app.batch.journal import Entry
from app.language import languages, tr, translated
from app.log import log_file
from app.settings import ThemeChoice
from app.window import dialogs
from app.window.application import make_application, make_engine, make_window
from app.window.commands.shortcuts import ShortcutsDialog
from app.window.comparing.dialog import CompareDialog
from app.window.comparing.running import MethodResult
from app.window.comparing.runs import Run, RunStage
from app.window.faces.identities import Identities
from app.window.help.about import AboutDialog
from app.window.help.card_dialog import CardDialog
from app.window.help.licences_dialog import LicencesDialog
from app.window.help.log_dialog import LogDialog
from app.window.help.unexpected import ErrorDialog
from app.window.kernels.editor import KernelEditor
from app.window.main_window import MainWindow
from app.window.methods import method_choices
from app.window.opening.sample import sample_kernel
from app.window.photos.photo_state import State
from app.window.settings.dialog import SettingsDialog
from app.window.settings.presets_dialog import PresetsDialog
from app.window.settings.speaking import speak
from app.window.theme.theme import Theme
from engine.errors import Sentence
from engine.kernels.kernel_field import KernelField
from engine.weights import installed

SIZES = ((1280, 720), (1920, 1080))
THEMES: tuple[ThemeChoice, ...] = ("light", "dark")
_PATIENCE = 900  # s: Automatic takes minutes on a machine that does other work
_CANNOT_BE_READ, _CUT_SHORT = "Cannot read {path}: {reason}.", "it is cut short"
_LOG = """2026-11-21 08:30:12 INFO engine.weights: wrfn was loaded
2026-11-21 08:30:15 WARNING engine.restoration.runner: out of memory: the tiles are halved
2026-11-21 08:31:02 ERROR app.window.session.session: unexpected
Traceback (most recent call last):
  File "app/window/session/reading.py", line 71, in _read
ValueError: an example
"""


def wait_until(reached: Callable[[], bool]) -> None:
    """Process events until the condition holds."""
    end = time.monotonic() + _PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents()
        time.sleep(0.005)
    settle()


def settle() -> None:
    """Process events until layouts and paints are finished."""
    for _ in range(4):
        QCoreApplication.processEvents()


class Photographer:
    """Opens the window's pages and stores a picture of each."""

    def __init__(self, window: MainWindow, theme: Theme, folder: Path, suffix: str) -> None:
        self._window = window
        self._theme = theme
        self._folder = folder
        self._suffix = suffix

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Store a picture of the window, or of another widget."""
        settle()
        (widget or self._window).grab().save(str(self._folder / f"{name}-{self._suffix}.png"))

    def take_all(self) -> None:
        """Photograph every page."""
        window, document, actions = self._window, self._window.document, self._window.actions_by_id
        self.take("empty")
        window.open_sample()
        wait_until(
            lambda: (
                document.shown.state is State.READY
                and not document.shown.finding_faces
                and bool(document.shown.marks)
            )
        )
        self.take("opened")
        _use_known_kernel_without_weights(window)
        actions["deblur"].trigger()
        wait_until(lambda: document.shown.progress[0] > 0 or document.shown.state is State.READY)
        self.take("working")
        wait_until(lambda: document.shown.state is State.READY)
        if document.shown.result is None:
            raise RuntimeError(window.message.text.text())
        wait_until(lambda: document.shown.identities is not None)
        for mode in ("wipe", "side-by-side", "difference", "original", "result"):
            actions[mode].trigger()
            self.take(mode)
        actions["wipe"].trigger()
        if document.shown.result.kernel is not None:
            window.panel.trust.button.click()
            wait_until(lambda: document.shown.result_map is not None)
            self.take("trust")
            window.panel.trust.button.click()
        window.viewer.zoom_to(24)
        self.take("pixels")
        actions["fit"].trigger()
        self.take_methods_compared()
        self.take_faces_and_field()
        self.take_dialogs()
        self.take_training()

    def take_faces_and_field(self) -> None:
        """Photograph each face's strength, and the kernels of a made-up field."""
        document, strength = self._window.document, self._window.panel.strength
        result, photo = document.shown.result, document.shown.photo
        if result is None or result.kernel is None or photo is None:
            return
        strength.faces.button.click()
        strength.faces.rows[0].slider.setValue(40)
        identities = Identities({mark.box: 0.52 for mark in document.shown.marks})
        field = KernelField((result.kernel,) * 20, (4, 5), photo.pixels.shape[:2])
        document.shown.finish_work(dataclasses.replace(result, field=field), document.shown.restored, identities)
        self._window.actions_by_id["face-strip"].setChecked(True)
        self.take("faces-and-field")
        self._window.actions_by_id["face-strip"].setChecked(False)
        strength.faces.reset.click()
        strength.faces.button.click()
        document.shown.finish_work(result, document.shown.restored)
        self.take_many()

    def take_methods_compared(self) -> None:
        """Photograph the comparison of methods, with placeholders for methods without weights."""
        window, document = self._window, self._window.document
        result, restored, original = document.shown.result, document.shown.restored, document.shown.original
        if result is None or restored is None or original is None:
            return
        dialog = CompareDialog(window.session, method_choices(), window)
        dialog.show()
        self.take("compare-nothing", dialog)
        dialog.close()
        choices = [dataclasses.replace(choice, reason="") for choice in method_choices()]
        choices[-1] = dataclasses.replace(choices[-1], reason=tr("Its weights are not installed."))
        choices[-2] = dataclasses.replace(choices[-2], experimental=True)
        dialog = CompareDialog(window.session, choices, window)
        identities = Identities({mark.box: 0.91 for mark in document.shown.marks})
        runs = dialog.runs
        for index, identity in enumerate(runs.able):
            outcome = MethodResult(result, (restored, original)[index % 2], identities)
            done = Run(runs.runs[identity].choice, RunStage.DONE, 1.0, outcome)
            runs.runs[identity] = (
                done if index < 3 else dataclasses.replace(done, stage=RunStage.WORKING, outcome=None)
            )
            runs.changed.emit(identity)
        dialog.show()
        self.take("compare", dialog)
        dialog.zoom_to(4.0)
        self.take("compare-near", dialog)
        dialog.runs.cancel()
        dialog.close()

    def take_many(self) -> None:
        """Photograph the strip and the batch page, with a folder of small copies of the sample."""
        window = self._window
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "holiday"
            _fill_with_photos(folder)
            window.open_all([folder])
            wait_until(lambda: len(window.session.roll.paths) > 6 and window.document.shown.state is State.READY)
            wait_until(lambda: window.session.roll.thumbnail(folder / "IMG_0101.png") is not None)
            wait_until(lambda: not window.document.shown.finding_faces)
            self.take("strip")
            page = window.show_batch()
            page.resize(window.size() * 0.75)
            self.take("batch-empty", page)
            page.choose(folder)
            wait_until(lambda: len(page.runner.table.rows) > 6)
            names = [row.name for row in page.runner.table.rows]
            for at, row in enumerate(names[:5]):
                reason = "" if at != 2 else Sentence(_CANNOT_BE_READ, path=row, reason=_CUT_SHORT)
                entry = Entry(row, "failed" if reason else "done", reason=reason, seconds=2.5 + at / 3)
                page.runner.table.change(row, state=entry.state, share=1.0, entry=entry)
            page.runner.table.change(names[5], state="working", share=0.4)
            page.runner.control = Control()
            page.runner.changed.emit()
            self.take("batch", page)
            page.runner.control = None
            page.close()
            window.session.cancel()

    def take_training(self) -> None:
        """Photograph the states of the training page, with made-up runs."""
        from tools.training_screenshots import take_training

        training = self._window.training
        with tempfile.TemporaryDirectory() as name:
            training.page = page = training.make()
            page.resize(self._window.size() * 0.85)
            take_training(page, Path(name), self.take, wait_until)

    def take_dialogs(self) -> None:
        """Photograph everything that opens over the window."""
        window = self._window
        window.message.say("error", translated(Sentence(_CANNOT_BE_READ, path="holiday.jpg", reason=_CUT_SHORT)))
        window.toast.say(tr("Saved {name}").format(name="sample-acutance.png"), tr("Show in folder"), lambda: None)
        self.take("messages")
        window.message.hide()
        window.toast.hide()
        popup = window.panel.method.card.open()
        self.take("methods", popup)
        popup.close()
        menu = window.top.menu
        menu.popup(window.mapToGlobal(window.rect().center()))
        self.take("menu", menu)
        menu.close()
        photo, free = Path("/photos/holiday-acutance.jpg"), Path("/photos/holiday-acutance-2.jpg")
        self.take_question("question-unsaved", lambda: dialogs.ask_unsaved(window, photo.name))
        self.take_question("question-replace", lambda: dialogs.ask_replace(window, photo, free))
        for name, dialog in (
            ("shortcuts", ShortcutsDialog(window)),
            ("settings", SettingsDialog(window.preferences.settings, window)),
            ("presets", PresetsDialog(window.document, [], window)),
            ("about", AboutDialog(window)),
            ("kernel-editor", KernelEditor(window, sample_kernel())),
            ("export", window.exporting.show() or AboutDialog(window)),
            ("licences", LicencesDialog(window)),
            ("unexpected", ErrorDialog(window, RuntimeError("an example"))),
        ):
            dialog.show()
            self.take(name, dialog)
            dialog.close()
        self.take_diagnosis()

    def take_question(self, name: str, ask: Callable[[], object]) -> None:
        """Ask a question, store a picture of it, and close it."""

        def answer() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QDialog)
            self.take(name, box)
            box.reject()

        QTimer.singleShot(0, answer)
        ask()

    def take_diagnosis(self) -> None:
        """Photograph the pages of the diagnosis, with an example log."""
        for weights in installed():
            card = CardDialog(weights.card, self._window)
            card.show()
            self.take(f"model-card-{weights.card.id}", card)
            card.close()
        diagnosis = self._window.help.show_diagnosis()
        wait_until(diagnosis.copy.isEnabled)
        self.take("diagnosis", diagnosis)
        diagnosis.close()
        with tempfile.TemporaryDirectory() as name:
            log_file(Path(name)).write_text(_LOG, encoding="utf-8")
            log = LogDialog(Path(name), self._window)
            log.show()
            self.take("log", log)
            log.close()


def _fill_with_photos(folder: Path) -> None:
    from PIL import Image

    from app.window.opening.sample import sample_path

    folder.mkdir()
    with Image.open(sample_path()) as sample:
        for at in range(9):
            sample.crop((30 * at, 10 * at, 30 * at + 240, 10 * at + 180)).save(folder / f"IMG_{101 + at:04}.png")


def _use_known_kernel_without_weights(window: MainWindow) -> None:
    from app.window.opening.sample import sample_path
    from engine.kernels.files import save_kernel

    if not installed():
        path = sample_path().with_name("sample-kernel.npy")
        save_kernel(sample_kernel(), path)
        window.document.shown.change_request(kernel=path)


def _screen(folder: Path) -> Path:
    """Describe a screen to the offscreen platform, whose default is 800 x 800 px."""
    width, height = SIZES[-1]
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height + 40, "logicalDpi": 96, "dpr": 1}
    path = folder / "screen.json"
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return path


def main(folder: Path, language: str, sizes: Sequence[tuple[int, int]] = SIZES) -> None:
    """Write all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={_screen(folder)}")
    theme = Theme(make_application())
    speak(language)
    for width, height in sizes:
        for choice in THEMES:
            theme.choose(choice)
            window = make_window(theme, make_engine)
            window.resize(width, height)
            window.show()
            Photographer(window, theme, folder, f"{choice}-{width}x{height}").take_all()
            window.saving_all.give_up(window.saving_all.losses())
            window.close()
            window.deleteLater()
            settle()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/screenshots"))
    parser.add_argument("--language", choices=languages(), default="en")
    parser.add_argument("--size", choices=[f"{width}x{height}" for width, height in SIZES])
    chosen = parser.parse_args()
    main(chosen.folder, chosen.language, [size for size in SIZES if chosen.size in (None, "{}x{}".format(*size))])
