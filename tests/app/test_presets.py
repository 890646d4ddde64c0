import json

import pytest

from app import presets
from app.presets import (
    delete_preset,
    import_preset,
    load_preset,
    preset_names,
    read_preset,
    save_preset,
    write_preset,
)
from engine.choices import Choices
from engine.errors import UserError
from engine.request import Request


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "user_folder", lambda: tmp_path / "presets")
    return tmp_path / "presets"


def test_a_saved_preset_comes_back_without_photo_faces_and_device(tmp_path):
    save_preset(
        "Mild",
        Request(
            photo=tmp_path / "a.png",
            strength=0.5,
            grain=0.25,
            high_frequencies_only=True,
            faces=((0, 0, 9, 9),),
            device="cpu",
        ),
    )
    assert load_preset("Mild") == Choices(strength=0.5, grain=0.25, high_frequencies_only=True)
    assert preset_names() == ["Mild"]


def test_an_exported_preset_is_imported_under_a_free_name(tmp_path):
    save_preset("Mild", Request(strength=0.5))
    write_preset(tmp_path / "Mild.json", Request(strength=0.25))
    assert import_preset(tmp_path / "Mild.json") == "Mild 2"
    assert load_preset("Mild 2").strength == 0.25 and load_preset("Mild").strength == 0.5


@pytest.mark.parametrize("name", ["", "  ", "../x", "a/b", ".x", "a\\b", "{x}"])
def test_a_name_that_is_no_file_is_refused(name, folder):
    with pytest.raises(UserError):
        save_preset(name, Request())
    assert not folder.exists()


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"strength": 7}), json.dumps({"magic": 1})])
def test_a_broken_preset_is_a_sentence(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UserError, match=r"x\.json"):
        import_preset(tmp_path / "x.json")
    assert preset_names() == []


def test_deleting_is_for_own_presets_only():
    save_preset("Mild", Request())
    delete_preset("Mild")
    assert preset_names() == []
    with pytest.raises(UserError, match="ships"):
        delete_preset("Mild")


@pytest.mark.parametrize("content", [b"[]", b"3", b"\x89PNG\r\n\x1a\n\xff", b"{", 100_000 * b"[", b'{"faces": [1]}'])
def test_an_invalid_preset_is_reported(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(UserError, match=r"x\.json cannot be read: it is no preset\."):
        read_preset(tmp_path / "x.json")


def test_an_unknown_preset_is_reported_with_the_known_ones():
    with pytest.raises(UserError, match=r"There is no preset 'Wild'\.$"):
        load_preset("Wild")
    save_preset("Mild", Request())
    with pytest.raises(UserError, match=r"only these: Mild\."):
        load_preset("Wild")


def test_a_kernel_whose_name_is_no_text_is_kept(tmp_path):
    kernel = tmp_path / "k-\udcff.png"
    save_preset("Own", Request(kernel=kernel))
    assert load_preset("Own").kernel == kernel
