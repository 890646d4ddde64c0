"""The programs that Acutance goes into, what it puts there, and how it is started from there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.integrations.pieces import Line, OwnFile, Piece
from engine.program import packaged, program
from resources import resource


@dataclass(frozen=True)
class Host:
    """A program. pieces: what belongs into it on this computer; none where it is not installed here."""

    id: str
    title: str
    pieces: Callable[[], list[Piece]]


def hosts() -> dict[str, Host]:
    """Return all programs by id."""
    found = (
        Host("darktable", "darktable", _darktable),
        Host("gimp", "GIMP", _gimp),
        Host("files", {"darwin": "Finder", "win32": "Explorer"}.get(sys.platform, "file managers"), _files),
    )
    return {host.id: host for host in found}


def command() -> list[str]:
    """Return how another program starts this one, from whatever folder."""
    if os.environ.get("APPIMAGE"):  # what is in it lies elsewhere at the next start
        return [os.environ["APPIMAGE"]]
    script = Path(sys.executable).with_name("acutance.exe" if sys.platform == "win32" else "acutance")
    return [str(script)] if not packaged() and script.exists() else program()


def _template(name: str, **fields: str) -> str:
    text = resource("integrations", name).read_text(encoding="utf-8")
    for field, value in fields.items():
        text = text.replace(f"@{field}@", value)
    return text


# darktable


def _darktable() -> list[Piece]:
    config = _darktable_folder()
    if not (config.is_dir() or shutil.which("darktable") or _is_application("darktable")):
        return []
    words = ", ".join(map(_lua, command()))
    script = _template("darktable.lua", COMMAND=f"{{ {words} }}")
    return [OwnFile(config / "lua" / "acutance.lua", script), Line(config / "luarc", 'require "acutance"')]


def _darktable_folder() -> Path:
    if sys.platform == "win32":
        return _folder_of("LOCALAPPDATA", "AppData/Local") / "darktable"
    return _folder_of("XDG_CONFIG_HOME", ".config") / "darktable"


def _lua(word: str) -> str:
    """A string as Lua writes it: bytes that are no plain letters by their numbers."""
    plain = (
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:03d}" for byte in os.fsencode(word)
    )
    return f'"{"".join(plain)}"'


# GIMP


def _gimp() -> list[Piece]:
    pieces: list[Piece] = []
    for folder in _gimp_folders():
        name = "gimp2.py.in" if folder.name.startswith("2.") else "gimp3.py.in"
        script = _template(name, COMMAND=json.dumps(command()))
        # Both versions want a program in a folder of its name.
        pieces.append(OwnFile(folder / "plug-ins" / "acutance" / "acutance.py", script, executable=True))
    return pieces


def _gimp_folders() -> list[Path]:
    """Return the user's folder of each version that has run, or that of the version that is installed."""
    if sys.platform == "win32":
        base = _folder_of("APPDATA", "AppData/Roaming") / "GIMP"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support" / "GIMP"
    else:
        base = _folder_of("XDG_CONFIG_HOME", ".config") / "GIMP"
    known = [folder for folder in sorted(base.glob("*")) if re.fullmatch(r"2\.10|3\.\d+", folder.name)]
    return known or [base / version for version in _installed_gimps()]


def _installed_gimps() -> list[str]:
    found = [version for version in ("2.10", "3.0", "3.2") if shutil.which(f"gimp-{version}")]
    return found[-1:]


# file managers


def _files() -> list[Piece]:
    if sys.platform == "win32":
        from app.integrations.explorer import explorer

        return explorer(command())
    if sys.platform == "darwin":
        from app.integrations.finder import finder

        return finder(command())
    return _file_managers()


def _file_managers() -> list[Piece]:
    """Scripts for nautilus, nemo and caja, a service menu for dolphin, an entry for "Open with" in all programs."""
    data = _folder_of("XDG_DATA_HOME", ".local/share")
    pieces: list[Piece] = []
    if not packaged():
        # A package of the system, or the AppImage's own tool, brings this one.
        entry = _template("acutance.desktop", COMMAND=_desktop(command()))
        pieces.append(OwnFile(data / "applications" / "acutance.desktop", entry))
        icon = resource("icons", "acutance.svg").read_text(encoding="utf-8")
        marked = icon.replace("<svg", "<!-- Written by `acutance integrate files`. -->\n<svg", 1)
        pieces.append(OwnFile(data / "icons" / "hicolor" / "scalable" / "apps" / "acutance.svg", marked))
    shell = shlex.join(command())
    for manager in ("nautilus", "nemo", "caja"):
        scripts = (_folder_of("XDG_CONFIG_HOME", ".config") if manager == "caja" else data) / manager / "scripts"
        for name, template in (("Open in Acutance", "open.sh"), ("Restore by Acutance", "restore.sh")):
            if shutil.which(manager) or (scripts / name).exists():
                pieces.append(OwnFile(scripts / name, _template(template, COMMAND=shell), True))
    service = data / "kio" / "servicemenus" / "acutance.desktop"
    if shutil.which("dolphin") or service.exists():
        types = re.search(r"MimeType=(.*)", _template("acutance.desktop"))
        menu = _template("dolphin.desktop", COMMAND=_desktop(command()), MIMETYPES=types[1] if types else "image/*;")
        pieces.append(OwnFile(service, menu, True))
    return pieces


def _desktop(words: list[str]) -> str:
    """A command as the Exec key of a desktop entry writes it: quoted, and backslashes doubled as in every value."""
    quoted = (re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\").replace("%", "%%") for word in words)
    return " ".join(f'"{word}"' for word in quoted)


def _folder_of(variable: str, otherwise: str) -> Path:
    named = os.environ.get(variable, "")
    return Path(named) if Path(named).is_absolute() else Path.home() / otherwise


def _is_application(name: str) -> bool:
    """Whether macOS has a program of that name in one of its folders, or Windows among its programs."""
    folders = [Path("/Applications"), Path.home() / "Applications"]
    if sys.platform == "win32":
        return (Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / name).is_dir()
    return sys.platform == "darwin" and any((folder / f"{name}.app").is_dir() for folder in folders)
