"""Stores the choices for a photo on the disk, and finds them when the photo is opened again.

The default place is NAME.EXT.acutance.json beside the photo, so that the choices move with it. A camera's card may
not be writable, and some users want no files beside their photos. Then the choices are stored in the user's data
folder, under a name made from path, size and time: cards reuse the same numbers.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.marks import FaceMark, Marks
from app.mask_text import found_mask, kept_mask
from app.settings import SidecarPlace
from engine.choices import OF_ANY_PHOTO, Choices
from engine.errors import UserError
from engine.faces.face import Box, Face
from engine.masks.mask import Mask
from engine.user_folders import data_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)
_VERSION = 1

Size = tuple[int, int]


@dataclass(frozen=True)
class StoredChoices:
    """The choices for a photo with this size in px (width, height). request: without faces.

    mask: what was painted over it, kept as a greyscale PNG in base64.
    """

    request: Choices
    marks: Marks
    size: Size
    mask: Mask | None = None


def keep_choices(photo: Path, choices: StoredChoices, place: SidecarPlace) -> Path | None:
    """Write the choices and return the path; None if that is not wanted or fails (the log says why)."""
    kept = own(photo)
    tries = {"beside": (beside(photo), kept), "own": (kept,), "no": ()}[place]
    for path in tries:
        try:
            if path == kept:  # do not make the photo's folder: it went with the card that held it
                path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, lambda file: file.write(_text(choices).encode()))
        except OSError as error:
            _log.info("no sidecar at %s: %s", path, error)
        else:
            return path
    return None


def find_choices(photo: Path, place: SidecarPlace) -> StoredChoices | None:
    """Return the stored choices for a photo; None if there are none or they cannot be read."""
    for path in (beside(photo), own(photo)) if place != "no" else ():
        try:
            return _parsed(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, UserError) as error:
            _log.info("the sidecar %s is left alone: %s", path, error)
    return None


def beside(photo: Path) -> Path:
    """Return the path beside the photo."""
    return photo.with_name(f"{photo.name}.acutance.json")


def own(photo: Path) -> Path:
    """Return the path in the user's data folder."""
    try:
        status = photo.stat()
        identity = f"{photo.resolve()}\n{status.st_size}\n{status.st_mtime_ns}"
    except OSError:
        identity = str(photo)
    name = hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()[:32]
    return data_folder() / "choices" / f"{name}.json"


def _text(choices: StoredChoices) -> str:
    plain = choices.request.to_json()
    marks = [dataclasses.asdict(mark) for mark in choices.marks]
    request = {key: plain[key] for key in OF_ANY_PHOTO}
    if choices.request.areas:
        request["areas"] = plain["areas"]
    document: dict[str, Any] = {"version": _VERSION, "size": choices.size, "request": request, "marks": marks}
    if choices.mask is not None:
        document["mask"] = kept_mask(choices.mask)
    return json.dumps(document, indent=1, ensure_ascii=False)


def _parsed(plain: dict[str, Any]) -> StoredChoices:
    if plain["version"] != _VERSION:
        raise UserError("it was written by a later version")
    request = Choices.from_json(plain["request"])
    width, height = plain["size"]
    size = int(width), int(height)
    mask = found_mask(plain["mask"], size) if plain.get("mask") is not None else None
    return StoredChoices(request, tuple(_mark(mark) for mark in plain["marks"]), size, mask)


def _mark(plain: dict[str, Any]) -> FaceMark:
    face = None
    if plain["face"] is not None:
        known = dict(plain["face"])
        known["box"] = _box(known["box"])
        known["landmarks"] = tuple((float(x), float(y)) for x, y in known["landmarks"])
        face = Face(**known)
    strength = plain.get("strength")
    return FaceMark(_box(plain["box"]), face, bool(plain["chosen"]), None if strength is None else float(strength))


def _box(numbers: list[Any]) -> Box:
    left, top, right, bottom = map(float, numbers)
    return left, top, right, bottom
