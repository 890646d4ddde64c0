"""Puts Acutance into another program and takes it out again without a trace."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from app.integrations.hosts import Host
from app.integrations.pieces import Line, OwnFile, Piece, missing_folders, remove_empty
from engine.errors import UserError
from engine.user_folders import data_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class State:
    """How a program stands. places: where the pieces lie; none if the program is not here."""

    id: str
    title: str
    places: tuple[str, ...]
    installed: bool

    @property
    def here(self) -> bool:
        """Whether the program is on this computer."""
        return bool(self.places)


def state(host: Host) -> State:
    """Return how a program stands."""
    pieces = host.pieces()
    installed = bool(pieces) and all(piece.installed for piece in pieces)
    return State(host.id, host.title, tuple(piece.place for piece in pieces), installed)


def install(host: Host) -> list[str]:
    """Put everything into a program, and return where; raise UserError if that fails, which leaves nothing behind."""
    pieces = host.pieces()
    if not pieces:
        raise UserError("{title} is not installed here.", title=host.title)
    new = [piece for piece in pieces if not piece.installed]
    made = [folder for piece in pieces for folder in _missing(piece)]
    try:
        for piece in pieces:
            piece.install()
    except UserError:
        for piece in reversed(new):
            piece.remove()
        remove_empty(made)
        raise
    _keep(host.id, list(dict.fromkeys([*map(str, made), *_kept(host.id)])))
    return [piece.place for piece in pieces]


def remove(host: Host) -> list[str]:
    """Take everything out of a program, and return where it lay; raise UserError if that fails."""
    there = [piece for piece in host.pieces() if piece.installed]
    for piece in reversed(there):
        piece.remove()
    remove_empty(sorted(map(Path, _kept(host.id)), key=lambda folder: -len(folder.parts)))
    _keep(host.id, [])
    return [piece.place for piece in there]


def _missing(piece: Piece) -> list[Path]:
    return missing_folders(piece.path) if isinstance(piece, OwnFile | Line) else []


# which folders were made for a program, so that they go with it


def _record() -> Path:
    return data_folder() / "integrations.json"


def _all_kept() -> dict[str, list[str]]:
    try:
        plain = json.loads(_record().read_text(encoding="utf-8"))
        return {str(key): [str(folder) for folder in folders] for key, folders in plain.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _kept(host_id: str) -> list[str]:
    return _all_kept().get(host_id, [])


def _keep(host_id: str, folders: list[str]) -> None:
    kept = {**_all_kept(), host_id: folders}
    kept = {key: value for key, value in kept.items() if value}
    record, text = _record(), json.dumps(kept, indent=1)
    try:
        if kept:
            record.parent.mkdir(parents=True, exist_ok=True)
            write_whole(record, lambda file: file.write(text.encode()))
        else:
            record.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s cannot be written, empty folders may stay when it is removed: %s", record, error)
