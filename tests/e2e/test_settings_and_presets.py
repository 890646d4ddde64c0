"""Settings that apply at once and are kept; presets."""

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app import presets
from app.settings import TABLE, Settings
from app.window import dialogs
from app.window.application import make_window
from app.window.photos.photo_state import State
from app.window.settings import dialog as module
from app.window.settings.dialog import SettingsDialog
from app.window.settings.presets_dialog import PresetsDialog
from engine.place import Place


@pytest.fixture
def settings_dialog(qtbot, window):
    dialog = SettingsDialog(window.preferences.settings, window)
    dialog.changed.connect(window.preferences.apply)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.reset.click()
    window.actions_by_id["theme-dark"].trigger()


@pytest.fixture
def presets_dialog(qtbot, ready, tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "user_folder", lambda: tmp_path / "presets")
    dialog = PresetsDialog(ready.document, ["auto", "wrfn"], ready)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize(("address", "missing"), [("https://example.org/releases", set()), ("", {"updates"})])
def test_every_setting_of_the_table_has_its_field(window, monkeypatch, address, missing):
    monkeypatch.setattr(module, "release_page", lambda: address)
    dialog = SettingsDialog(window.preferences.settings, window)
    assert list(dialog.fields) == [setting.key for setting in TABLE if setting.group and setting.key not in missing]
    dialog.close()


def test_an_automatic_number_is_shown_in_words(settings_dialog):
    edit = settings_dialog.fields["memory"].lineEdit()
    assert edit.text() == "As much as there is"
    assert edit.width() > edit.fontMetrics().horizontalAdvance(edit.text())


def test_a_theme_chosen_in_the_settings_holds_at_once(qtbot, settings_dialog, theme):
    field = settings_dialog.fields["theme"]
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert theme.choice == "light"


def test_the_device_and_memory_of_the_settings_are_asked_for(qtbot, settings_dialog, ready):
    settings_dialog.fields["memory"].setValue(4000)
    field = settings_dialog.fields["device"]
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert ready.session.place == Place(device="cpu", memory=4_000_000_000)


def test_a_photo_that_the_memory_of_the_settings_does_not_hold_is_refused(qtbot, window, photo_file):
    window.session.place = Place(memory=1_000)
    window.open(photo_file)
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert photo_file.name in window.message.text.text() and "memory" in window.message.text.text()
    assert window.document.shown.photo is None


def test_a_name_that_will_not_do_is_explained_and_not_taken(settings_dialog, window):
    settings_dialog.fields["output_name"].setText("{name}/sharp")
    assert window.preferences.settings["output_name"] == "{name}-acutance"
    settings_dialog.fields["output_name"].setText("{name} sharp by {method}")
    assert window.preferences.settings["output_name"] == "{name} sharp by {method}"


def test_a_result_is_saved_under_the_name_of_the_settings(qtbot, deblurred, photo_file):
    deblurred.preferences.settings.change(output_name="{name} by {method}")
    deblurred.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.saved)
    assert photo_file.with_name("holiday é 🙂 by wrfn.png").exists()


@pytest.mark.parametrize(("choice", "kept"), [("keep", True), ("remove", False)])
def test_the_place_of_the_photo_stays_or_is_removed(qtbot, window, tmp_path, choice, kept):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "there.jpg"
    Image.new("RGB", (64, 48), (90, 80, 70)).save(path, exif=exif)
    window.preferences.settings.change(gps=choice)
    window.open(path)
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY and not window.document.shown.finding_faces)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.result is not None)
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.saved)
    with Image.open(tmp_path / "there-acutance.jpg") as saved:
        assert bool(saved.getexif().get_ifd(0x8825)) is kept


def test_broken_settings_are_reported_and_the_window_opens(qtbot, theme, engine, tmp_path):
    (tmp_path / "settings.json").write_text("{")
    window = make_window(theme, lambda: engine, Settings(tmp_path / "settings.json"))
    window.show()
    assert "settings.broken.json" in window.message.text.text() and window.message.isVisible()
    window.close()
    window.deleteLater()


def test_choices_are_saved_as_a_preset_and_taken_again(qtbot, presets_dialog, ready):
    ready.document.shown.change_request(strength=0.5, region="faces")
    qtbot.keyClicks(presets_dialog.name, "Mild")
    qtbot.mouseClick(presets_dialog.save, Qt.MouseButton.LeftButton)
    ready.document.shown.change_request(strength=1.0, region="whole")
    qtbot.mouseClick(presets_dialog.use, Qt.MouseButton.LeftButton)
    assert (ready.document.shown.request.strength, ready.document.shown.request.region) == (0.5, "faces")
    assert not presets_dialog.isVisible()


def test_a_preset_goes_to_another_computer_and_back(qtbot, presets_dialog, tmp_path, monkeypatch):
    file = tmp_path / "Mild.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([str(file)], ""))
    qtbot.keyClicks(presets_dialog.name, "Mild")
    presets_dialog.save.click()
    presets_dialog.export.click()
    presets_dialog.delete.click()
    assert presets_dialog.list.count() == 0 and presets_dialog.nothing.isVisible()
    presets_dialog.import_.click()
    assert presets_dialog.list.item(0).text() == "Mild"
    file.write_text("{")
    presets_dialog.import_.click()
    assert "cannot be read" in presets_dialog.trouble.text()


def test_an_existing_suggestion_is_asked_about_under_the_new_name_too(deblurred, photo_file, monkeypatch):
    deblurred.preferences.settings.change(output_name="{name}")
    asked = []
    monkeypatch.setattr(dialogs, "ask_replace", lambda *args: asked.append(args))
    deblurred.actions_by_id["save"].trigger()
    assert "is the original" in deblurred.message.text.text() and not asked
