"""What an integration consists of: files of our own, and lines in files of the other program."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.errors import UserError
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)

MARK = "acutance integrate"
"""Every file of ours says by which command it came; a file without it belongs to somebody else."""


class Piece(Protocol):
    """Something that can be put into another program, and taken away."""

    @property
    def place(self) -> str:
        """Where it lies, for the list."""

    @property
    def installed(self) -> bool:
        """Whether it is there."""

    def install(self) -> None:
        """Put it there; raise UserError if that fails."""

    def remove(self) -> None:
        """Take it away, if it is there; raise UserError if that fails."""


@dataclass(frozen=True)
class OwnFile:
    """A file that is ours alone. executable: the other program starts it."""

    path: Path
    text: str
    executable: bool = False

    @property
    def place(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def installed(self) -> bool:
        """Whether a file of ours is there, of this version or another."""
        try:
            return MARK in self.path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False

    def install(self) -> None:
        """Write it; raise UserError if somebody else's file has that name, or it cannot be written."""
        if os.path.lexists(self.path) and not self.installed:
            raise UserError("{path} is there already and not from Acutance; it stays as it is.", path=self.path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, lambda file: file.write(self.text.encode()))
            if self.executable:
                self.path.chmod(0o755)
        except OSError as error:
            raise UserError("{path} cannot be written: {reason}.", path=self.path, reason=error) from error

    def remove(self) -> None:
        """Delete it."""
        if self.installed:
            try:
                self.path.unlink()
            except OSError as error:
                raise UserError("{path} cannot be deleted: {reason}.", path=self.path, reason=error) from error


@dataclass(frozen=True)
class Line:
    """A line in a text file of the other program. It is told by its wording; all other lines stay."""

    path: Path
    line: str

    @property
    def place(self) -> str:
        """The file, and that it is one line of it."""
        return f"{self.path} (one line)"

    @property
    def installed(self) -> bool:
        """Whether the line is there."""
        try:
            return self.line in self._lines()
        except OSError:
            return False

    def install(self) -> None:
        """Add the line at the end; raise UserError if the file cannot be written."""
        if not self.installed:
            try:
                lines = self._lines() if self.path.exists() else []
                self._write([*lines, self.line])
            except OSError as error:
                raise UserError("{path} cannot be written: {reason}.", path=self.path, reason=error) from error

    def remove(self) -> None:
        """Take the line away, and the file too if nothing else is in it."""
        if self.installed:
            try:
                left = [line for line in self._lines() if line != self.line]
                if left or self.path.is_symlink():
                    self._write(left)
                else:
                    self.path.unlink()
            except OSError as error:
                raise UserError("{path} cannot be written: {reason}.", path=self.path, reason=error) from error

    def _lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()

    def _write(self, lines: list[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{line}\n" for line in lines)
        written = text.encode("utf-8", "surrogateescape")
        write_whole(self.path.resolve(), lambda file: file.write(written))  # a link stays a link


def missing_folders(path: Path) -> list[Path]:
    """Return the folders above a path that are not there, the innermost first."""
    return [folder for folder in path.parents if not folder.exists()]


def remove_empty(folders: list[Path]) -> None:
    """Delete those of the folders that are empty; they come innermost first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
