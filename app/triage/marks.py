"""The user's own decisions on photos: keep, save, reject. They are remembered between sessions."""

from __future__ import annotations

import json
import logging
from enum import StrEnum
from pathlib import Path

from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice
from engine.user_folders import data_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)


class Mark(StrEnum):
    """What the user decided."""

    NONE = ""
    KEEP = "keep"
    SAVE = "save"
    REJECT = "reject"


ADVICE = {Mark.KEEP: Advice.KEEP, Mark.SAVE: Advice.CAN_BE_SAVED, Mark.REJECT: Advice.CANNOT_BE_SAVED}


def advice_of(mark: Mark, found: Triaged | None) -> Advice | None:
    """Return what is to be done with a photo: the user's decision, or else the diagnosis's advice."""
    if mark is not Mark.NONE:
        return ADVICE[mark]
    return found.diagnosis.advice if found is not None and found.diagnosis is not None else None


class Marks:
    """The decisions by path, in one file of the user's data folder; a file that cannot be read counts as empty."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or data_folder()) / "triage-marks.json"
        self._marks = _read(self.path)

    def __getitem__(self, photo: Path) -> Mark:
        return self._marks.get(str(photo), Mark.NONE)

    def put(self, photos: list[Path], mark: Mark) -> None:
        """Decide on photos, or take a decision back, and remember it."""
        for photo in photos:
            if mark is Mark.NONE:
                self._marks.pop(str(photo), None)
            else:
                self._marks[str(photo)] = mark
        text = json.dumps(self._marks, indent=0)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, lambda file: file.write(text.encode()))
        except OSError as error:
            _log.warning("the decisions on photos are not remembered: %s", error)


def _read(path: Path) -> dict[str, Mark]:
    try:
        plain = json.loads(path.read_bytes())
        return {str(photo): Mark(mark) for photo, mark in plain.items() if mark}
    except (OSError, ValueError, AttributeError):
        return {}
