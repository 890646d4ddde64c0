"""The window in German."""

import dataclasses

import pytest
from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QLabel, QScrollArea

from app import language
from app.language import number, percent, tr
from app.settings import Settings
from app.window.application import make_window
from app.window.commands.shortcuts import ShortcutsDialog
from app.window.comparing.cells import MethodRow
from app.window.comparing.dialog import LIST_WIDTH
from app.window.comparing.runs import Run
from app.window.help.about import AboutDialog
from app.window.methods import method_choices
from app.window.panels.outcome import details_of
from app.window.photos.photo_state import State
from app.window.settings.dialog import SettingsDialog
from app.window.settings.speaking import speak
from app.window.theme.tokens import PANEL_WIDTH, SPACE
from app.window.viewer.comparison import Mode
from engine.networks.registry import methods

SMALLEST_SCREEN = 1280, 680
"""The size of 4K at 300 %, minus the system's bars, in logical px."""


@pytest.fixture
def german():
    before = QLocale()
    speak("de")
    yield
    speak("en")
    QLocale.setDefault(before)


@pytest.fixture
def german_window(german, window):
    return window


def test_the_window_starts_in_german(german_window):
    assert german_window.top.save.text() == "Speichern"
    assert german_window.actions_by_id["deblur"].text() == "Schärfen"
    assert german_window.actions_by_id["deblur"].toolTip().startswith("Die Unschärfe")


def test_a_photo_and_its_figures_are_described_in_german(qtbot, german_window, photo_file):
    german_window.open(photo_file)
    qtbot.waitUntil(
        lambda: german_window.document.shown.state is State.READY and not german_window.document.shown.finding_faces
    )
    assert german_window.panel.region.faces.text().startswith("2 Gesichter gefunden.")
    german_window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: german_window.document.shown.result is not None)
    figures = dict(details_of(german_window.document.shown.result))
    assert "," in figures[tr("Mismatch with the photo (1 is noise alone)")]


def test_about_calls_the_methods_by_their_german_names(german_window):
    dialog = AboutDialog(german_window)
    words = {part.text() for part in dialog.findChildren(QLabel)}
    assert not words & {method.title for method in methods().values()}
    assert {language.tr(method.title) for method in methods().values()} <= words
    dialog.close()


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_no_words_are_wider_than_the_panel_or_the_smallest_screen(qtbot, theme, engine, spoken):
    before = QLocale()
    speak(spoken)
    window = make_window(theme, lambda: engine)
    qtbot.addWidget(window)
    panel = window.panel.findChild(QScrollArea)
    window.panel.ensurePolished()
    assert panel.widget().minimumSizeHint().width() <= PANEL_WIDTH
    for choice in method_choices():
        listed = MethodRow(Run(dataclasses.replace(choice, experimental=True)))
        qtbot.addWidget(listed)
        assert listed.minimumSizeHint().width() <= LIST_WIDTH - 8 * SPACE
    for page in (window, window.show_batch(), window.training.make()):
        needed = page.minimumSizeHint()
        assert needed.width() <= SMALLEST_SCREEN[0] and needed.height() <= SMALLEST_SCREEN[1]
    window.close()
    speak("en")
    QLocale.setDefault(before)


@pytest.mark.parametrize("spoken", ["en", "de"])
@pytest.mark.parametrize("size", [(1000, 700), (800, 600)])
def test_a_photo_leaves_a_small_window_as_small_as_it_is(qtbot, theme, engine, photo_file, spoken, size):
    before = QLocale()
    speak(spoken)
    window = make_window(theme, lambda: engine)
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.open(photo_file)
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY and len(window.document.shown.marks) == 2)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.identities is not None)
    window.grab()
    assert (window.width(), window.height()) == size
    assert window.minimumSizeHint().width() <= size[0] and window.minimumSizeHint().height() <= size[1]
    buttons = [window.top.modes.button(mode.value) for mode in Mode]
    assert {button.toolButtonStyle() for button in buttons} == {
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if size[0] == 1000 else Qt.ToolButtonStyle.ToolButtonIconOnly
    }
    assert all(button.width() >= button.minimumSizeHint().width() for button in buttons)
    assert window.panel.findChild(QScrollArea).widget().minimumSizeHint().width() <= PANEL_WIDTH
    window.document.shown.mark_saved()
    window.close()
    speak("en")
    QLocale.setDefault(before)


def test_the_first_window_is_no_larger_than_the_screen(qtbot, theme, engine, monkeypatch):
    monkeypatch.setattr(QScreen, "availableSize", lambda _: QSize(1024, 600))
    window = make_window(theme, lambda: engine)
    qtbot.addWidget(window)
    assert window.width() <= 1024 and window.height() <= 600
    window.close()


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_step_and_remaining_time_fit_beside_cancel(qtbot, window, photo_file, spoken, monkeypatch):
    before = QLocale()
    speak(spoken)
    window = make_window(window._theme, lambda: None)
    qtbot.addWidget(window)
    footer, document = window.panel.footer, window.document
    window.show()
    window.panel.show()
    document.shown.begin_work()
    QApplication.processEvents()
    for seconds in (None, 59 * 60):
        monkeypatch.setattr(footer._remaining, "seconds", lambda *_, seconds=seconds: seconds)
        for step in ("start", "faces", "backend", "shaken", "prepare", "restore", "kernel", "done"):
            document.shown.show_progress(1.0, step)
            assert footer.text.fontMetrics().horizontalAdvance(footer.text.text()) <= footer.text.width()
    document.shown.finish_work(None)
    window.close()
    speak("en")
    QLocale.setDefault(before)


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_no_choice_of_the_settings_and_no_shortcut_is_cut(qtbot, window, spoken):
    before = QLocale()
    speak(spoken)
    settings = SettingsDialog(Settings(), window)
    shortcuts = ShortcutsDialog(window)
    for dialog in (settings, shortcuts):
        dialog.show()
    combos = [field for field in settings.fields.values() if isinstance(field, QComboBox)]
    assert all(field.width() >= field.sizeHint().width() for field in combos)
    scroll = shortcuts.findChild(QScrollArea)
    assert scroll.viewport().width() >= scroll.widget().minimumSizeHint().width()
    assert not scroll.horizontalScrollBar().isVisible()
    for dialog in (settings, shortcuts):
        dialog.close()
    speak("en")
    QLocale.setDefault(before)


def test_numbers_are_written_as_the_language_does(german):
    assert (number(1234.5, 2), percent(0.5)) == ("1.234,50", "50 %")


def test_buttons_of_qt_speak_german_too(german, qapp):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.buttons()[0].text() == "Abbrechen"


def test_the_choice_of_language_is_there_the_next_time(qtbot, window, tmp_path):
    settings = Settings(tmp_path / "settings.json")
    dialog = SettingsDialog(settings, window)
    qtbot.addWidget(dialog)
    field = dialog.fields["language"]
    field.setCurrentIndex(field.findData("de"))
    field.activated.emit(field.currentIndex())
    assert Settings(tmp_path / "settings.json")["language"] == "de"


def test_english_after_german(german, qtbot, theme, engine):
    speak("en")
    window = make_window(theme, lambda: engine)
    qtbot.addWidget(window)
    assert window.top.save.text() == "Save"
    window.close()
    QApplication.processEvents()


def test_the_system_decides_where_nothing_is_chosen(german):
    assert Settings()["language"] == "system"
    speak("system")
    assert language.speaking() == (["de"] if QLocale.system().name().startswith("de") else ["en"])[0]


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_the_columns_of_a_batch_hold_their_words(qtbot, theme, engine, spoken):
    before = QLocale()
    speak(spoken)
    window = make_window(theme, lambda: engine)
    qtbot.addWidget(window)
    page = window.show_batch()
    table, model = page.table, page.runner.table
    page.stack.setCurrentWidget(table)
    page.grab()
    titles = [language.tr(method.title) for method in methods().values()]
    words = {0: [], 1: [], 2: titles, 3: [f"{number(1234.5, 1)} s"]}
    for column, cells in words.items():
        heading = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        widest = max(table.fontMetrics().horizontalAdvance(text) for text in [heading, *cells])
        assert table.columnWidth(column) >= widest + 2 * SPACE, heading
    window.close()
    speak("en")
    QLocale.setDefault(before)
