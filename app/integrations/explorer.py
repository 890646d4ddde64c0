"""Windows Explorer: an entry in the menu of every picture, for this user alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from app.integrations.pieces import Piece
from engine.errors import UserError

assert sys.platform == "win32"

import winreg  # noqa: E402 - Windows alone has it

_PICTURES = r"Software\Classes\SystemFileAssociations\image\shell"


@dataclass(frozen=True)
class Key:
    """A key of the registry below HKEY_CURRENT_USER, with its values by name; "" is its default value."""

    name: str
    values: dict[str, str]

    @property
    def place(self) -> str:
        """Its name, as the registry's editor shows it."""
        return rf"HKEY_CURRENT_USER\{self.name}"

    @property
    def installed(self) -> bool:
        """Whether the key is there."""
        try:
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, self.name).Close()
        except OSError:
            return False
        return True

    def install(self) -> None:
        """Write the values."""
        try:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, self.name) as key:
                for name, value in self.values.items():
                    winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
        except OSError as error:
            raise UserError("{path} cannot be written: {reason}.", path=self.place, reason=error) from error

    def remove(self) -> None:
        """Delete the key, in which nothing else may be."""
        if self.installed:
            try:
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, self.name)
            except OSError as error:
                raise UserError("{path} cannot be deleted: {reason}.", path=self.place, reason=error) from error


def explorer(command: Sequence[str]) -> list[Piece]:
    """Return what belongs into Explorer; keys come before the keys in them."""
    starting = subprocess.list2cmdline(command)
    entry = rf"{_PICTURES}\Acutance"
    return [
        Key(entry, {"": "Open in Acutance", "Icon": command[0]}),
        Key(rf"{entry}\command", {"": f'{starting} "%1"'}),
    ]
