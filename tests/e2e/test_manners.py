"""Every command has a text, and every control says what it does to the picture."""

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
)

from app.window.commands.main_menu import menu_bar
from app.window.commands.shortcuts import ShortcutsDialog, entries
from app.window.commands.table import COMMANDS
from app.window.comparing.dialog import CompareDialog
from app.window.help.about import AboutDialog
from app.window.help.card_dialog import CardDialog
from app.window.help.diagnosis_dialog import DiagnosisDialog
from app.window.help.licences_dialog import LicencesDialog
from app.window.help.log_dialog import LogDialog
from app.window.help.unexpected import ErrorDialog
from app.window.kernels.editor import KernelEditor
from app.window.methods import MethodChoice
from app.window.settings.dialog import SettingsDialog
from app.window.settings.presets_dialog import PresetsDialog
from app.window.settings.speaking import speak
from engine.weights import Card

CHOICES = [MethodChoice("wrfn", "WRFN", "Sharp.", frozenset({"auto", "faces", "whole"}))]
PAGES = {
    "window": lambda window: window,
    "empty window": lambda window: window.empty,
    "methods": lambda window: window.panel.method.card.open(),
    "batch": lambda window: window.show_batch(),
    "triage": lambda window: window.pages.show_triage(),
    "settings": lambda window: SettingsDialog(window.preferences.settings, window),
    "presets": lambda window: PresetsDialog(window.document, ["auto"], window),
    "shortcuts": lambda window: ShortcutsDialog(window),
    "export": lambda window: window.exporting.show(),
    "faces": lambda window: _faces_of(window),
    "kernel editor": lambda window: KernelEditor(window),
    "comparison": lambda window: CompareDialog(window.session, CHOICES, window),
    "about": lambda window: AboutDialog(window),
    "model card": lambda window: CardDialog(Card("wrfn", "wrfn"), window),
    "licences": lambda window: LicencesDialog(window),
    "diagnosis": lambda window: DiagnosisDialog(lambda *_: None, window),
    "log": lambda window: LogDialog(window.preferences.settings, window),
    "unexpected": lambda window: ErrorDialog(window, RuntimeError("an example")),
    "training": lambda window: _page_of(window.training),
    "run": lambda window: _page_of(window.training).run,
}
BUTTONS = (QAbstractButton,)
FIELDS = (QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
READ = (QAbstractItemView, QPlainTextEdit)
PLAIN = {"Close", "Cancel", "OK"}
"""Buttons whose word is explanation enough."""


def _faces_of(window):
    window.actions_by_id["face-strip"].setChecked(True)
    return window.face_strip


def _page_of(training):
    training.page = training.page or training.make()
    return training.page


@pytest.fixture
def page(request, qtbot, deblurred, tmp_path, monkeypatch):
    monkeypatch.setattr("app.window.help.log_dialog.read_log", lambda *_: [])
    made = PAGES[request.param](deblurred)
    yield made
    if made.isWindow() and made is not deblurred:
        made.close()


def met(page, kinds):
    """Return the visible widgets of these kinds, without Qt's internal parts."""
    found = [widget for kind in kinds for widget in page.findChildren(kind) if widget.isVisibleTo(page)]
    insides = (QLineEdit, QAbstractSpinBox, QComboBox, QAbstractItemView, QPlainTextEdit)
    return [
        widget
        for widget in found
        if not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), insides)
        and widget.window() is page.window()
    ]


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_widget_has_a_name(page):
    named = [(part.accessibleName() or getattr(part, "text", str)(), part) for part in met(page, BUTTONS)]
    named += [(part.accessibleName(), part) for part in met(page, FIELDS + READ)]
    assert [part for name, part in named if not name] == []


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_widget_says_what_it_does(page):
    parts = met(page, BUTTONS + FIELDS)
    silent = {
        part.accessibleName() or part.text() for part in parts if not (part.toolTip() or part.accessibleDescription())
    }
    assert silent - PLAIN == set()


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_widget_is_reached_by_keyboard(page):
    parts = met(page, BUTTONS + FIELDS + READ)
    assert [part for part in parts if not part.focusPolicy() & Qt.FocusPolicy.TabFocus] == []


def test_every_command_has_a_title_and_a_tip(window):
    for command in COMMANDS:
        action = window.actions_by_id[command.id]
        assert action.text()
        assert len(action.toolTip()) > len(action.text()) or " " in action.toolTip()


def test_every_command_is_in_the_menu_with_a_key(window):
    menu = window.top.menu
    listed = {action.objectName() for part in [menu, *_menus(menu)] for action in part.actions()}
    assert {command.id for command in COMMANDS} - listed == set()
    assert [command.id for command in COMMANDS if not command.keys] == []


def test_the_menu_marks_the_mode_that_is_shown(deblurred):
    actions = deblurred.actions_by_id
    assert actions["wipe"].isChecked()
    actions["difference"].trigger()
    actions["difference"].trigger()
    assert actions["difference"].isChecked() and not actions["wipe"].isChecked()


def test_no_key_is_given_twice():
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_list_of_shortcuts_has_every_command_with_keys():
    titles = {what for _, what, _ in entries()}
    assert {command.title.rstrip("…") for command in COMMANDS if command.keys} <= titles


def _menus(menu):
    return [action.menu() for action in menu.actions() if action.menu() is not None]


def turn_wheel(widget):
    at = QPointF(widget.rect().center())
    nothing, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    down = QPoint(0, -120)
    event = QWheelEvent(at, widget.mapToGlobal(at), down, down, nothing, none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)


def reading(part):
    return part.currentIndex() if isinstance(part, QComboBox) else part.value()


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_the_wheel_changes_nothing_that_has_no_focus(page):
    parts = met(page, (QAbstractSlider, QAbstractSpinBox, QComboBox))
    for part in parts:
        part.clearFocus()
        before = reading(part)
        turn_wheel(part)
        assert reading(part) == before and part.focusPolicy() != Qt.FocusPolicy.WheelFocus


def test_a_click_on_the_groove_goes_there(qtbot, deblurred):
    slider = deblurred.panel.strength.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 4, slider.height() // 2))
    assert 20 <= slider.value() <= 30


SMALL_SCREEN = 1280, 720 - 48
"""The part of 1920 x 1080 at 150 % that a taskbar leaves."""


@pytest.mark.parametrize("spoken", ["en", "de"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_a_small_screen(qtbot, deblurred, name, spoken, monkeypatch):
    monkeypatch.setattr("app.window.help.log_dialog.read_log", lambda *_: [])
    before = QLocale()
    speak(spoken)
    made = PAGES[name](deblurred)
    made.ensurePolished()
    needed = made.minimumSizeHint()
    speak("en")
    QLocale.setDefault(before)
    if made.isWindow() and made is not deblurred:
        made.close()
    assert needed.width() <= SMALL_SCREEN[0] and needed.height() <= SMALL_SCREEN[1], needed


def test_the_menu_bar_has_every_command(window):
    bar = menu_bar(window.actions_by_id, window.browsing.ways.recent)
    listed = {action.objectName() for part in _menus(bar) for action in part.actions()}
    inside = {action.objectName() for action in window.top.menu.actions()}
    assert {action.objectName() for part in _menus(window.top.menu) for action in part.actions()} <= listed
    assert inside <= listed
    bar.deleteLater()


def test_full_screen_gives_the_photo_everything(qtbot, window, ready):
    window.actions_by_id["full-screen"].trigger()
    qtbot.waitUntil(window.isFullScreen)
    assert not window.top.isVisible() and not window.panel.isVisible() and not window.bottom.isVisible()
    window.actions_by_id["full-screen"].trigger()
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.top.isVisible() and window.panel.isVisible()


def test_look_for_varying_blur_answers(ready):
    ready.actions_by_id["find-field"].trigger()
    assert ready.toast.isVisible() and "each part" in ready.toast.text.text()
