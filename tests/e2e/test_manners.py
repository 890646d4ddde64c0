"""Every command has its words, and every button says what it does for the picture."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QScrollBar

from app.window.commands import COMMANDS
from app.window.comparing.dialog import CompareDialog
from app.window.kernels.editor import KernelEditor
from app.window.methods import MethodChoice
from app.window.presets_dialog import PresetsDialog
from app.window.settings_dialog import SettingsDialog
from app.window.shortcuts import ShortcutsDialog, entries

CHOICES = [MethodChoice("wrfn", "WRFN", "Sharp.", frozenset({"auto", "faces", "whole"}))]
PAGES = {
    "window": lambda window: window,
    "batch": lambda window: window.show_batch(),
    "settings": lambda window: SettingsDialog(window.preferences.settings, window),
    "presets": lambda window: PresetsDialog(window.document, ["auto"], window),
    "shortcuts": lambda window: ShortcutsDialog(window),
    "kernel editor": lambda window: KernelEditor(window),
    "comparison": lambda window: CompareDialog(window.session, CHOICES, window._theme.palette, window),
}
PLAIN = {"Close", "Cancel", "OK"}
"""Buttons whose word says all."""


@pytest.fixture
def page(request, qtbot, deblurred):
    made = PAGES[request.param](deblurred)
    yield made
    if made is not deblurred:
        made.close()


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_button_has_a_name_and_says_what_it_does(page):
    buttons = [button for button in page.findChildren(QAbstractButton) if _is_met(button, page)]
    nameless = [button for button in buttons if not (button.text() or button.accessibleName())]
    assert nameless == []
    silent = {
        button.text() or button.accessibleName()
        for button in buttons
        if not button.toolTip() and not button.accessibleDescription()
    }
    assert silent - PLAIN == set()


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_field_has_a_name(page):
    kinds = (QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    fields = [field for kind in kinds for field in page.findChildren(kind) if _is_met(field, page)]
    assert [field for field in fields if not field.accessibleName()] == []


def test_every_command_has_a_title_and_a_tip(window):
    for command in COMMANDS:
        action = window.actions_by_id[command.id]
        assert action.text()
        assert len(action.toolTip()) > len(action.text()) or " " in action.toolTip()


def test_every_command_is_in_the_menu_or_has_a_key(window):
    menu = window.top._menu_button.menu()
    listed = {action.objectName() for part in [menu, *_menus(menu)] for action in part.actions()}
    shown = {command.id for command in COMMANDS if command.keys}
    assert {command.id for command in COMMANDS} - listed - shown == set()


def test_no_key_is_given_twice():
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_list_of_shortcuts_has_every_command_with_keys():
    titles = {what for _, what, _ in entries()}
    assert {command.title.rstrip("…") for command in COMMANDS if command.keys} <= titles


def _menus(menu):
    return [action.menu() for action in menu.actions() if action.menu() is not None]


def _is_met(widget, page):
    """Whether the user meets it on the page: it is shown, and no part that Qt makes inside its own."""
    inside = isinstance(widget.parent(), (QLineEdit, QAbstractSpinBox, QComboBox))
    inside = inside or isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_")
    return widget.isVisibleTo(page) and not inside
