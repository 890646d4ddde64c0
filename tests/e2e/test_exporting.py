"""Export: one sheet for format, depth, quality, size, colours, folder and name; presets; the last choice again."""

from pathlib import Path

import pytest
from PIL import Image

from app.window import dialogs
from app.window.exporting.choice import ExportChoice
from app.window.exporting.sheet import ExportSheet
from engine.photos.reading import read_photo


@pytest.fixture
def sheet(deblurred):
    deblurred.actions_by_id["export"].trigger()
    made = deblurred.findChild(ExportSheet)
    yield made
    for left in deblurred.findChildren(ExportSheet):
        left.reject()


def choose(combo, value):
    combo.setCurrentIndex(combo.findData(value))


def test_a_smaller_jpeg_goes_into_a_folder_and_the_result_stays_unsaved(
    qtbot, deblurred, sheet, tmp_path, photo_file
):
    (tmp_path / "web").mkdir()
    choose(sheet.format, ".jpg")
    sheet.quality.setValue(80)
    sheet.longest.setValue(80)
    sheet.folder.setText(str(tmp_path / "web"))
    sheet.name.setText("{name}-small")
    assert sheet.target.text().endswith("small.jpg\n80 × 60 px") and not sheet.bits.isEnabled()
    sheet.save.click()
    target = tmp_path / "web" / "holiday é 🙂-small.jpg"
    qtbot.waitUntil(target.exists)
    with Image.open(target) as image:
        assert image.size == (80, 60) and image.format == "JPEG"
    assert not deblurred.document.shown.saved


def test_the_last_choice_is_offered_again_and_says_so(qtbot, deblurred, sheet, photo_file):
    assert "last export" not in sheet.said.text()
    choose(sheet.format, ".tif")
    choose(sheet.bits, 16)
    sheet.save.click()
    target = photo_file.with_name("holiday é 🙂-acutance.tif")
    qtbot.waitUntil(target.exists)
    assert read_photo(target).bit_depth == 16
    again = deblurred.exporting.show()
    assert (again.format.currentData(), again.bits.currentData()) == (".tif", 16)
    assert again.said.text() == "The choices of your last export."
    again.longest.setValue(100)
    assert again.said.text() == "TIFF, 16 bits, at most 100 px, beside the photo"
    again.reject()


def test_choices_are_kept_under_a_name_and_removed(sheet, monkeypatch):
    choose(sheet.format, ".webp")
    sheet.quality.setValue(60)
    monkeypatch.setattr(dialogs, "ask_text", lambda *_: " mail ")
    sheet.keep()
    assert sheet.preset.currentText() == "mail" and sheet.forget.isEnabled()
    choose(sheet.format, ".png")
    sheet.preset.activated.emit(sheet.preset.currentIndex())
    assert sheet.choice == ExportChoice(".webp", quality=60)
    sheet.forget.click()
    assert sheet.preset.findText("mail") < 0 and not sheet.forget.isEnabled()
    sheet.preset.setCurrentIndex(sheet.preset.findText("For the web"))
    sheet.preset.activated.emit(sheet.preset.currentIndex())
    assert (sheet.choice.suffix, sheet.choice.longest, sheet.choice.colours) == (".jpg", 2048, "srgb")


@pytest.mark.parametrize(
    ("field", "text"), [("folder", "/no/such/folder"), ("name", "always the same"), ("name", "{name}/x")]
)
def test_a_place_or_name_that_cannot_be_is_said_and_nothing_is_written(sheet, field, text):
    getattr(sheet, field).setText(text)
    assert sheet.trouble.text() and not sheet.save.isEnabled() and not sheet.target.text()


def test_an_existing_file_is_asked_about(qtbot, deblurred, sheet, photo_file, monkeypatch):
    there = photo_file.with_name("holiday é 🙂-acutance.png")
    there.write_bytes(b"somebody's")
    monkeypatch.setattr(dialogs, "ask_replace", lambda _, target, alternative: alternative)
    sheet.save.click()
    qtbot.waitUntil(there.with_name("holiday é 🙂-acutance-2.png").exists)
    assert there.read_bytes() == b"somebody's"


@pytest.mark.parametrize(
    "plain", [None, {"depth": 12, "suffix": ".exe", "quality": True}, {"name": "x", "colours": 3}]
)
def test_settings_that_do_not_fit_are_left_out(plain):
    assert ExportChoice.of(plain) == ExportChoice()


@pytest.mark.parametrize(
    ("name", "depths", "quality"), [("a.TIFF", True, False), ("a.JPEG", False, True), ("a.nef", True, False)]
)
def test_the_format_of_the_photo_decides_what_can_be_chosen(name, depths, quality):
    choice = ExportChoice()
    assert (choice.has_depths(Path(name)), choice.has_quality(Path(name))) == (depths, quality)
