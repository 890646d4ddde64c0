"""Installs weights that the user trained, and removes them."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from engine.errors import UserError
from engine.networks.registry import method
from engine.weights import WeightsError, WeightsFile, find_weights, read_checked, user_folder
from engine.whole_files import write_whole

# characters that no system allows in a file's name, or that separate ids
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*@,]+')
_LONGEST = 60


def adopt(card: Path, name: str, folder: Path | None = None) -> str:
    """Copy a run's weights and their card into the user's folder as METHOD@NAME; return that id.

    A name that is taken gets a number; nothing is overwritten. Raise WeightsError if the weights are damaged,
    UserError if they cannot be written.
    """
    found = _read(card)
    method(found.card.method)  # raises unless the method is known: its id becomes part of the file's name
    data = read_checked(found)
    target = user_folder() if folder is None else folder
    weights_id = _free(f"{found.card.method}@{fit_name(name)}", target)
    described = dataclasses.replace(found.card, id=weights_id).to_json()
    try:
        target.mkdir(parents=True, exist_ok=True)
        write_whole(target / f"{weights_id}.safetensors", lambda file: file.write(data), overwrite=False)
        text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
        write_whole(target / f"{weights_id}.json", lambda file: file.write(text.encode()), overwrite=False)
    except OSError as error:
        raise UserError("The weights cannot be put into {target}: {reason}.", target=target, reason=error) from error
    return weights_id


def remove(weights_id: str, folder: Path | None = None) -> None:
    """Remove weights from the user's folder; those that came with the program stay."""
    target = user_folder() if folder is None else folder
    if "@" not in weights_id or fit_name(weights_id.partition("@")[2]) != weights_id.partition("@")[2]:
        raise UserError("{weights_id} are no weights of your own.", weights_id=weights_id)
    try:
        (target / f"{weights_id}.json").unlink(missing_ok=True)  # the card first: without it, the rest is ignored
        (target / f"{weights_id}.safetensors").unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            "{weights_id} cannot be removed from {target}: {reason}.",
            weights_id=weights_id,
            target=target,
            reason=error,
        ) from error


def fit_name(name: str) -> str:
    """Return the name without characters that a file name cannot have; "own" if nothing is left."""
    return " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST].strip(" .") or "own"


def _read(card: Path) -> WeightsFile:
    found = find_weights(card.stem, [card.parent])
    if found is None:
        raise WeightsError("There are no weights at {card}.", card=card)
    return found


def _free(weights_id: str, folder: Path) -> str:
    number, free = 1, weights_id
    while (folder / f"{free}.json").exists() or (folder / f"{free}.safetensors").exists():
        number += 1
        free = f"{weights_id} {number}"
    return free
