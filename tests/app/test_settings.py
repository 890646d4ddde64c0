import json

import pytest

from app.settings import BY_KEY, TABLE, Settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def test_every_default_fits_its_setting_and_every_key_is_there_once():
    assert all(setting.fits(setting.default) for setting in TABLE)
    assert len(BY_KEY) == len(TABLE)


def test_every_setting_has_a_name_and_an_explanation():
    assert all(setting.label and setting.help.endswith(".") for setting in TABLE if setting.group)


def test_changes_come_back(path):
    Settings(path).change(theme="dark", memory=2000, recent=["é 🙂.png"])
    again = Settings(path)
    assert (again["theme"], again["memory"], again["recent"]) == ("dark", 2000, ["é 🙂.png"])
    assert again["device"] == "auto" and not again.trouble


@pytest.mark.parametrize(
    ("key", "value"), [("theme", "pink"), ("memory", -1), ("output_name", "x"), ("quality", "1")]
)
def test_a_value_that_does_not_fit_is_refused_and_in_a_file_counts_for_nothing(path, key, value):
    with pytest.raises(ValueError, match=key):
        Settings().change(**{key: value})
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, key: value, "device": "cpu"}))
    loaded = Settings(path)
    assert loaded[key] == BY_KEY[key].default and loaded["device"] == "cpu"


@pytest.mark.parametrize("text", ["{", "[]", '{"theme": "dark"}', '{"version": "x"}', "\x00", "[" * 100_000])
def test_a_broken_file_is_set_aside_and_said(path, text):
    path.parent.mkdir()
    path.write_text(text)
    loaded = Settings(path)
    assert "settings.broken.json" in loaded.trouble
    assert path.with_suffix(".broken.json").read_text() == text
    loaded.change(theme="dark")
    assert Settings(path)["theme"] == "dark"


def test_settings_of_a_later_version_are_kept(path):
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 99, "theme": "dark", "hologram": 3}))
    loaded = Settings(path)
    assert loaded["theme"] == "dark"
    loaded.change(theme="light")
    assert json.loads(path.read_text()) == {"version": 99, "hologram": 3, "theme": "light"}


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.change(theme="dark")
    assert settings["theme"] == "dark" and "cannot be" in settings.trouble
