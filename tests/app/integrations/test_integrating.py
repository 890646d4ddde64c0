"""Acutance goes into other programs, is listed there, and comes out without a trace."""

import json
import os
import plistlib
import re
import shlex
import shutil
import stat
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from app.__main__ import main
from app.integrations import hosts
from app.integrations.finder import finder
from app.integrations.pieces import Line, OwnFile
from engine.errors import UserError
from resources import resource

COMMAND = ['/opt/it\'s a "place"/acutance']

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at the folders of Linux")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, with darktable, GIMP 2.10 and the usual file managers on the computer."""
    folder = tmp_path / "home"
    folder.mkdir()
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("darktable", "gimp-2.10", "nautilus", "nemo", "caja", "dolphin"):
        (programs / name).touch(0o755)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(hosts, "command", lambda: COMMAND)
    return folder


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


@pytest.mark.parametrize("program", ["darktable", "gimp", "files"])
def test_each_installs_is_listed_and_removes_itself_without_a_trace(home, program, capsys):
    assert main(["integrate", program]) == 0
    assert len(everything(home)) > 1
    capsys.readouterr()
    assert main(["integrate", "--json"]) == 0
    states = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert [name for name, one in states.items() if one["installed"]] == [program]
    assert main(["integrate", program]) == 0  # again, for a newer version
    assert main(["integrate", "--remove", program]) == 0
    assert everything(home) == {}


def test_what_the_other_program_had_stays_byte_for_byte(home):
    config = home / ".config" / "darktable"
    config.mkdir(parents=True)
    (config / "luarc").write_bytes(b'require "official/notes" -- \xff\n')
    (config / "data.db").write_bytes(b"theirs")
    before = everything(home)
    assert main(["integrate", "darktable"]) == 0
    assert (config / "luarc").read_bytes() == b'require "official/notes" -- \xff\nrequire "acutance"\n'
    assert main(["integrate", "--remove", "darktable"]) == 0
    assert everything(home) == before


def test_a_linked_luarc_stays_a_link(home):
    config, real = home / ".config" / "darktable", home / "dotfiles" / "luarc"
    config.mkdir(parents=True)
    real.parent.mkdir()
    real.write_text("-- mine\n")
    (config / "luarc").symlink_to(real)
    assert main(["integrate", "darktable"]) == 0
    assert (config / "luarc").is_symlink() and "acutance" in real.read_text()
    assert main(["integrate", "--remove", "darktable"]) == 0
    assert (config / "luarc").is_symlink() and real.read_text() == "-- mine\n"


@pytest.mark.parametrize(("folder", "version"), [("2.10", "libgimp-2.0"), ("3.0", '"Gimp", "3.0"'), ("3.2", "Gimp")])
def test_each_gimp_gets_its_own_plug_in(home, folder, version):
    (home / ".config" / "GIMP" / folder).mkdir(parents=True)
    assert main(["integrate", "gimp"]) == 0
    plug_in = home / ".config" / "GIMP" / folder / "plug-ins" / "acutance" / "acutance.py"
    text = plug_in.read_text()
    assert version in text and json.dumps(COMMAND) in text
    assert plug_in.stat().st_mode & stat.S_IXUSR
    compile(text, str(plug_in), "exec")


@pytest.fixture
def plug_in_of_gimp_3(home, tmp_path, monkeypatch):
    """The plug-in with a double of GIMP, and a program that edits a file as its name says: done, kept or failed."""
    gimp, names = MagicMock(), {}
    gimp.PlugIn = type("PlugIn", (), {"__gtype__": 0, "error_quark": staticmethod(lambda: 0)})
    gimp.Layer = type("Layer", (MagicMock,), {"new_from_drawable": MagicMock()})
    gimp.file_save.side_effect = lambda mode, image, file, options: Path(file).write_bytes(b"layer")
    repository = MagicMock(Gimp=gimp)
    repository.Gio.File.new_for_path = str
    monkeypatch.setitem(sys.modules, "gi", MagicMock(repository=repository))
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    program = tmp_path / "program"
    monkeypatch.setattr(hosts, "command", lambda: [str(program)])
    (home / ".config" / "GIMP" / "3.0").mkdir(parents=True)
    assert main(["integrate", "gimp"]) == 0
    path = home / ".config" / "GIMP" / "3.0" / "plug-ins" / "acutance" / "acutance.py"
    exec(compile(path.read_text(), str(path), "exec"), names)
    monkeypatch.setenv("PATH", os.defpath)

    def restore(does: str, *drawables: object):
        program.write_text(f"#!/bin/sh\nfor file; do :; done\n{does}\n")
        program.chmod(0o755)
        image = MagicMock()
        return image, names["restore"](image, list(drawables) or [gimp.Layer()], ["--headless"])

    return gimp, names, restore


def test_the_plug_in_for_gimp_3_puts_the_result_above_the_layer_with_the_selection_as_mask(plug_in_of_gimp_3):
    gimp, _, restore = plug_in_of_gimp_3
    gimp.Selection.is_empty.return_value = False
    layer = gimp.Layer()
    layer.get_offsets.return_value = (True, 3, 4)
    image, status = restore('cp "$file" "$file.new" && mv "$file.new" "$file"', layer)
    made = gimp.file_load_layer.return_value
    assert status is gimp.PDBStatusType.SUCCESS
    image.insert_layer.assert_called_once_with(made, layer.get_parent(), image.get_item_position(layer))
    made.set_offsets.assert_called_once_with(3, 4)
    made.add_mask.assert_called_once_with(made.create_mask(gimp.AddMaskType.SELECTION))
    image.undo_group_end.assert_called_once_with()


def test_the_plug_in_for_gimp_3_leaves_the_image_alone_where_nothing_was_done(plug_in_of_gimp_3):
    gimp, names, restore = plug_in_of_gimp_3
    image, status = restore("exit 0")
    assert status is gimp.PDBStatusType.SUCCESS and not image.insert_layer.called
    image, status = restore("exit 130")
    assert status is gimp.PDBStatusType.CANCEL and not image.insert_layer.called
    with pytest.raises(names["Failure"], match="the disk is full"):
        restore("echo first >&2; echo the disk is full >&2; exit 1")
    with pytest.raises(names["Failure"], match="choose one layer"):
        restore("exit 0", MagicMock())


def test_a_host_that_is_missing_is_a_sentence(home, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(home))
    assert main(["integrate", "darktable", "gimp"]) == 1
    assert capsys.readouterr().err.splitlines() == ["darktable is not installed here.", "GIMP is not installed here."]
    assert everything(home) == {}
    assert main(["integrate"]) == 0
    assert "darktable: the program is not here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"), [(["photoshop"], "no integration 'photoshop'"), (["--remove"], "from which program")]
)
def test_wrong_usage_is_a_sentence(home, arguments, told, capsys):
    assert main(["integrate", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_removing_what_is_not_there_says_so(home, capsys):
    assert main(["integrate", "--remove", "gimp"]) == 0
    assert "GIMP: nothing of Acutance is there." in capsys.readouterr().err


def test_somebody_elses_file_of_that_name_stays_and_nothing_is_left_behind(home, capsys):
    plug_in = home / ".config" / "GIMP" / "2.10" / "plug-ins" / "acutance" / "acutance.py"
    plug_in.parent.mkdir(parents=True)
    plug_in.write_text("mine")
    before = everything(home)
    assert main(["integrate", "gimp"]) == 1
    assert "not from Acutance" in capsys.readouterr().err
    assert main(["integrate", "--remove", "gimp"]) == 0
    assert everything(home) == before


def test_a_folder_that_cannot_be_written_is_a_sentence_and_takes_back_what_was_done(home, monkeypatch, capsys):
    def denied(self):
        raise UserError("{path} cannot be written: {reason}.", path=self.path, reason=PermissionError(13, ""))

    monkeypatch.setattr(Line, "install", denied)
    assert main(["integrate", "darktable"]) == 1
    assert "luarc cannot be written: permission is denied." in capsys.readouterr().err
    assert everything(home) == {}


def test_a_read_only_disk_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"acutance\.py cannot be written"):
        OwnFile(tmp_path / "file" / "acutance.py", "text").install()


def test_the_lua_script_starts_the_program_whatever_its_path(home):
    assert main(["integrate", "darktable"]) == 0
    text = (home / ".config" / "darktable" / "lua" / "acutance.lua").read_text()
    assert 'local COMMAND = { "/opt/it\'s a \\034place\\034/acutance" }' in text


@pytest.mark.parametrize("name", ["é 日本", "a\\b", "$HOME `x` %f"])
def test_desktop_entries_start_the_program_whatever_its_path(name):
    quoted = hosts._desktop([f"/opt/{name}/acutance", "x"])
    value = quoted.replace("\\\\", "\\").replace("%%", "%")  # as every value of a desktop entry is read
    words = [re.sub(r"\\(.)", r"\1", word) for word in value.strip('"').split('" "')]
    assert words == [f"/opt/{name}/acutance", "x"]


def test_nautilus_scripts_pass_the_files_on(home, tmp_path, monkeypatch):
    program = tmp_path / "acu tance"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{tmp_path}/asked"\n')
    program.chmod(0o755)
    monkeypatch.setattr(hosts, "command", lambda: [str(program)])
    assert main(["integrate", "files"]) == 0
    scripts = home / ".local" / "share" / "nautilus" / "scripts"
    for script, asked in (("Open in Acutance", "a b.jpg|c.jpg|"), ("Restore by Acutance", "deblur|a b.jpg|c.jpg|")):
        environment = {"PATH": os.defpath, "TMPDIR": str(tmp_path)}
        subprocess.run([scripts / script, "a b.jpg", "c.jpg"], check=True, env=environment)
        assert (tmp_path / "asked").read_text() == asked


def test_the_desktop_entry_is_that_of_the_packages():
    entries = []
    for path in (resource("integrations", "acutance.desktop"), Path("packaging/linux/acutance.desktop")):
        parsed = ConfigParser(interpolation=None, comment_prefixes=("#",))
        parsed.optionxform = str
        parsed.read(Path(__file__).parents[3] / path, encoding="utf-8")
        entries.append({key: value for key, value in parsed["Desktop Entry"].items() if key != "Exec"})
    assert entries[0] == entries[1]


def test_the_quick_action_of_finder_starts_the_program(home):
    info, workflow = (plistlib.loads(piece.text.encode()) for piece in finder(COMMAND))
    script = workflow["actions"][0]["action"]["ActionParameters"]["COMMAND_STRING"]
    assert shlex.split(script.splitlines()[1]) == ["exec", *COMMAND, "$@"]
    assert info["NSServices"][0]["NSSendFileTypes"] == ["public.image"]


def test_the_program_is_found_beside_its_python(tmp_path, monkeypatch):
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert hosts.command() == [str(tmp_path / "python"), "-m", "app"]
    (tmp_path / "acutance").touch()
    assert hosts.command() == [str(tmp_path / "acutance")]
    monkeypatch.setenv("APPIMAGE", "/home/x/Acutance.AppImage")
    assert hosts.command() == ["/home/x/Acutance.AppImage"]


def test_the_lua_script_is_lua(home):
    luac = shutil.which("luac", path=os.defpath) or shutil.which("luac5.4", path=os.defpath)
    if luac is None:
        pytest.skip("luac is not installed")
    assert main(["integrate", "darktable"]) == 0
    subprocess.run([luac, "-p", home / ".config" / "darktable" / "lua" / "acutance.lua"], check=True)
