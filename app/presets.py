"""Presets: choices for any photo, saved under a name. They say how to restore, not on which device."""

from __future__ import annotations

import json
from pathlib import Path

from engine.choices import OF_ANY_PHOTO, Choices
from engine.errors import Sentence, UserError
from engine.photos.naming import check_template
from engine.request import Request
from engine.user_folders import config_folder
from engine.whole_files import write_whole
from resources import resource


def user_folder() -> Path:
    """Return the folder of the user's presets."""
    return config_folder() / "presets"


def preset_folders() -> list[Path]:
    """Return the folders of presets: the user's, then the shipped one."""
    return [user_folder(), resource("presets")]


def preset_names() -> list[str]:
    """Return the names of all presets, in order."""
    return sorted({path.stem for folder in preset_folders() for path in folder.glob("*.json")}, key=str.casefold)


def load_preset(name: str) -> Choices:
    """Return the preset of that name or in that file; raise UserError if there is none or it cannot be read."""
    candidates = [Path(name), *(folder / f"{name}.json" for folder in preset_folders())]
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise _unknown(name)
    return read_preset(path)


def _unknown(name: str) -> UserError:
    known = tuple(preset_names())
    if not known:
        return UserError("There is no preset {name!r}.", name=name)
    return UserError("There is no preset {name!r}, only these: {known}.", name=name, known=known)


def read_preset(path: Path) -> Choices:
    """Return the preset in a file; raise UserError if it cannot be read. A place in it is ignored."""
    try:
        return Request.from_json(json.loads(path.read_text(encoding="utf-8"))).choices
    except UserError as error:
        raise UserError("The preset {path} cannot be used: {reason}", path=path, reason=error) from error
    except OSError as error:
        raise UserError("The preset {path} cannot be read: {reason}.", path=path, reason=error) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        reason = Sentence("it is no preset")
        raise UserError("The preset {path} cannot be read: {reason}.", path=path, reason=reason) from error


def save_preset(name: str, choices: Choices) -> None:
    """Save under a name, replacing an older preset of that name; raise UserError if that fails."""
    write_preset(_path(name), choices)


def write_preset(path: Path, choices: Choices) -> None:
    """Write a preset to any file; raise UserError if that fails."""
    plain = choices.to_json()
    text = json.dumps({key: plain[key] for key in OF_ANY_PHOTO}, indent=2)  # in ASCII: names need not be UTF-8
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write(text.encode()))
    except OSError as error:
        raise UserError("The preset {path} cannot be written: {reason}.", path=path, reason=error) from error


def import_preset(path: Path) -> str:
    """Import a preset file under a free name; return that name, or raise UserError."""
    choices = read_preset(path)
    name, number = path.stem, 2
    while name in preset_names():
        name, number = f"{path.stem} {number}", number + 1
    save_preset(name, choices)
    return name


def delete_preset(name: str) -> None:
    """Delete one of the user's presets; raise UserError if it is not the user's or cannot be deleted."""
    try:
        _path(name).unlink()
    except FileNotFoundError:
        raise UserError("The preset {name!r} ships with the program and stays.", name=name) from None
    except OSError as error:
        raise UserError("The preset {name!r} cannot be deleted: {reason}.", name=name, reason=error) from error


def _path(name: str) -> Path:
    try:
        check_template(f"{{name}}{name}")
    except UserError:
        raise UserError("A preset cannot be called {name!r}: that is no name of a file.", name=name) from None
    if not name.strip() or name.startswith("."):
        raise UserError("A preset needs a name that does not begin with a dot.")
    return user_folder() / f"{name.strip()}.json"
