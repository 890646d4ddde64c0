"""The window's reports: this machine, the log, unexpected errors, newer versions."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt, qCritical
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app import log, private
from app.diagnosis import Finding, Part
from app.sidecar import beside
from app.window.help import about, diagnosis_dialog, updates
from app.window.help import handling as module
from app.window.help.unexpected import ErrorDialog


@pytest.fixture
def log_folder(tmp_path, monkeypatch):
    """Return a log folder of the test's own, written to as in the real program."""
    folder = tmp_path / "log"
    monkeypatch.setattr(module, "log_folder", lambda: folder)
    monkeypatch.setattr(log.faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(log.faulthandler, "disable", lambda: None)
    kept = log.Log(folder)
    yield folder
    kept.close()


@pytest.fixture
def opened(monkeypatch):
    """Return the addresses that were opened, in place of a browser or file manager."""
    addresses = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: addresses.append(url))
    return addresses


@pytest.fixture
def somebody(monkeypatch):
    monkeypatch.setattr(private, "_users", lambda: ["ahuber"])
    monkeypatch.setattr(private, "_hosts", lambda: ["annas-laptop"])


def press(qtbot, dialog, text):
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return button


def clipboard():
    return QGuiApplication.clipboard().text()


# diagnosis


@pytest.fixture
def machine(monkeypatch):
    """Return a machine with weights that are damaged at first."""
    looked = []
    damaged = Part("Weights", (Finding("wrfn", "{problem}", {"problem": "It is cut short."}, "bad"),))
    whole = Part("Weights", (Finding("wrfn", "checksum right ({checksum}…)", {"checksum": "0a1b"}, "good"),))
    folders = Part("Folders", (Finding("Log folder", "{path}", {"path": "/media/ahuber/log on annas-laptop"}),))
    monkeypatch.setattr(diagnosis_dialog, "diagnose", lambda: [damaged, folders])
    monkeypatch.setattr(diagnosis_dialog, "check_weights", lambda: looked.append(1) or whole)
    return looked


def test_the_diagnosis_says_what_doctor_says_and_copies_it_without_names(qtbot, window, machine, somebody):
    window.actions_by_id["diagnosis"].trigger()
    dialog = window.findChild(diagnosis_dialog.DiagnosisDialog)
    assert "Checking this computer" in dialog.state.text() and not dialog.copy.isEnabled()
    qtbot.waitUntil(lambda: dialog.copy.isEnabled())
    assert dialog.state.text() == "Something here is not as it should be."
    press(qtbot, dialog, "Copy report")
    assert clipboard() == "Weights\n  wrfn: It is cut short.\n\nFolders\n  Log folder: /media/USER/log on HOST"
    assert dialog.copy.text() == "Copied"


def test_weights_that_were_mended_are_checked_again(qtbot, window, machine):
    dialog = window.help.show_diagnosis()
    qtbot.waitUntil(lambda: dialog.again.isEnabled())
    press(qtbot, dialog, "Check weights again")
    qtbot.waitUntil(lambda: dialog.state.text() == "All is well.")
    assert machine == [1]
    assert [part.title for part in dialog.parts] == ["Weights", "Folders"]


def test_the_log_folder_opens_from_the_diagnosis(qtbot, window, machine, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(diagnosis_dialog, "log_folder", lambda: tmp_path / "not yet" / "log")
    dialog = window.help.show_diagnosis()
    press(qtbot, dialog, "Open log folder")
    assert opened[0].toLocalFile() == str(tmp_path / "not yet" / "log") and (tmp_path / "not yet" / "log").is_dir()
    qtbot.waitUntil(lambda: dialog.copy.isEnabled())


# log


def test_the_log_shows_what_matters_and_copies_it_without_names(qtbot, window, log_folder, somebody, opened):
    logging.getLogger("app.some").info("opened /media/ahuber/photo.jpg")
    logging.getLogger("engine.other").error("it broke\nat annas-laptop")
    window.actions_by_id["log"].trigger()
    dialog = window.findChild(module.LogDialog)
    assert "opened /media/USER/photo.jpg" in dialog.text.toPlainText()
    qtbot.mouseClick(dialog.levels.button("errors"), Qt.MouseButton.LeftButton)
    assert dialog.state.text() == "1 of 2 entries"
    press(qtbot, dialog, "Copy")
    assert clipboard().endswith("ERROR engine.other: it broke\nat HOST")
    assert "photo.jpg" not in clipboard()
    press(qtbot, dialog, "Open log folder")
    assert opened[0].toLocalFile() == str(log_folder)


def test_the_log_is_read_again(qtbot, window, log_folder):
    dialog = window.help.show_log()
    assert dialog.state.text() == "Nothing has been logged yet." and not dialog.copy.isEnabled()
    logging.getLogger("app.some").info("later")
    press(qtbot, dialog, "Read again")
    assert dialog.text.toPlainText().endswith("INFO app.some: later")


def test_a_log_that_cannot_be_read_is_reported(window, log_folder, monkeypatch):
    dialog = window.help.show_log()

    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.window.help.log_dialog.read_log", refuse)
    dialog.read_again()
    assert dialog.state.text() == "The log cannot be read: Permission denied."


# unexpected errors


@pytest.fixture
def caught(window, monkeypatch):
    """Install the hooks of the real program; pytest-qt's own would fail the test."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    window.help.catching.begin()
    yield window
    window.help.catching.end()


def error_dialog(qtbot, window):
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog) is not None)
    return window.findChild(ErrorDialog)


def test_an_unexpected_error_becomes_a_report_and_the_work_continues(qtbot, ready, engine):
    engine.error = ZeroDivisionError("a bug")
    ready.actions_by_id["deblur"].trigger()
    dialog = error_dialog(qtbot, ready)
    assert "ZeroDivisionError: a bug" in dialog.report.toPlainText()
    dialog.accept()
    engine.error = None
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)


def test_an_error_in_a_slot_is_shown_and_no_choice_is_lost(qtbot, ready, caught, photo_file):
    ready.session.choices.place = "beside"
    ready.panel.strength.slider.setValue(30)
    ready.actions_by_id["fit"].triggered.connect(lambda: 1 / 0)
    ready.actions_by_id["fit"].trigger()
    dialog = error_dialog(qtbot, ready)
    assert "ZeroDivisionError" in dialog.report.toPlainText()
    assert beside(photo_file).is_file()
    press(qtbot, dialog, "Go on")
    assert ready.isVisible() and ready.document.shown.photo is not None
    assert ready.document.shown.request.strength == pytest.approx(0.3)


def test_an_error_in_a_thread_is_shown(qtbot, caught):
    thread = threading.Thread(target=lambda: [][0])
    thread.start()
    thread.join()
    assert "IndexError" in error_dialog(qtbot, caught).report.toPlainText()


class Broken(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        raise RuntimeError("cannot paint")


def test_an_error_that_comes_again_and_again_fills_one_dialog(qtbot, caught):
    broken = Broken(caught)
    broken.resize(50, 50)
    broken.show()
    dialog = error_dialog(qtbot, caught)
    for _ in range(25):
        broken.update()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: dialog.report.toPlainText().count("cannot paint") >= 3)
    broken.deleteLater()
    qtbot.waitUntil(lambda: not caught.findChildren(Broken))
    assert caught.findChildren(ErrorDialog) == [dialog]
    assert dialog.report.toPlainText().count("RuntimeError: cannot paint") <= 20


def test_the_report_names_neither_user_nor_folder_and_can_be_copied(qtbot, window, somebody, log_folder):
    window.help.show_unexpected(OSError("/media/ahuber/photo.jpg on annas-laptop"))
    dialog = error_dialog(qtbot, window)
    press(qtbot, dialog, "Copy report")
    assert clipboard().startswith("Acutance ") and "OSError: /media/USER/photo.jpg on HOST" in clipboard()
    press(qtbot, dialog, "Show log")
    assert window.findChild(module.LogDialog).isVisible()


def test_choices_that_cannot_be_kept_do_not_hide_the_report(qtbot, ready, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(ready.session.choices, "keep", lambda: 1 / 0)
        ready.help.show_unexpected(ValueError("first"))
    assert "ValueError: first" in error_dialog(qtbot, ready).report.toPlainText()


def test_messages_of_qt_go_into_the_log(window, caught, log_folder):
    qCritical("a word of Qt")
    entry = log.read_log(log_folder)[-1]
    assert (entry.level, entry.source, entry.text) == ("ERROR", "qt", "default: a word of Qt")


def test_the_next_start_reports_an_unexpected_end(qtbot, window, log_folder):
    window.help.start(ended_badly=True)
    assert "ended unexpectedly" in window.message.text.text()
    qtbot.mouseClick(window.message.button, Qt.MouseButton.LeftButton)
    assert window.findChild(module.LogDialog).isVisible()


# newer versions


@pytest.fixture
def asked(monkeypatch):
    """Return the requested pages, from a double that answers `asked.answer` at once."""

    class Asked(list):
        answer = "9.9"

    pages = Asked()

    def newer(page):
        pages.append(page)
        if isinstance(pages.answer, OSError):
            raise pages.answer
        return pages.answer or None

    monkeypatch.setattr(updates, "newer_version", newer)
    monkeypatch.setattr(module, "release_page", lambda: "https://example.org/releases")
    monkeypatch.setattr(about, "release_page", lambda: "https://example.org/releases")
    return pages


def test_no_server_is_asked_for_newer_versions_without_consent(window, asked):
    window.help.start(ended_badly=False)
    assert window.preferences.settings["updates"] == "off"
    assert not asked and not [t for t in threading.enumerate() if t.name == "update-check"]


def test_a_newer_version_is_offered_once_a_day_and_opens_the_page(qtbot, window, asked, opened):
    window.preferences.settings.change(updates="daily")
    window.help.start(ended_badly=False)
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert window.message.text.text() == "Acutance 9.9 is available."
    qtbot.mouseClick(window.message.button, Qt.MouseButton.LeftButton)
    assert opened[0].toString() == "https://example.org/releases"
    window.help.start(ended_badly=False)
    assert asked == ["https://example.org/releases"]


def test_a_page_that_cannot_be_reached_is_a_line_in_the_log(qtbot, window, asked, log_folder):
    asked.answer = OSError("no network")
    window.preferences.settings.change(updates="daily")
    with qtbot.waitSignal(window.help.updates.answered) as said:
        window.help.start(ended_badly=False)
    assert said.args == [None] and not window.message.isVisible()
    assert "was not asked for a newer version: no network" in log.read_log(log_folder)[-1].text


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("", "is the newest"), (OSError("no network"), "could not be reached"), ("9.9", "Acutance 9.9 is available.")],
)
def test_about_looks_when_it_is_asked(qtbot, window, asked, opened, answer, expected):
    asked.answer = answer
    dialog = about.AboutDialog(window)
    dialog.show()
    qtbot.mouseClick(dialog.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: expected in dialog.state.text())
    if answer == "9.9":
        press(qtbot, dialog, "Open the release page")
        assert opened[0].toString() == "https://example.org/releases"
    dialog.close()


# about
