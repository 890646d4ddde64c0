"""Finds, checks and loads weights and their cards. Only safetensors is parsed: nothing is unpickled."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.networks.registry import method as registered
from engine.networks.registry import methods
from engine.user_folders import data_folder
from resources import resource

if TYPE_CHECKING:
    from engine.networks.network import DeblurringNetwork

logger = logging.getLogger(__name__)

FORMAT = 1
FOLDER_VARIABLE = "ACUTANCE_WEIGHTS"
PICKLE_STARTS = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


class WeightsError(UserError):
    """Weights are missing, damaged, changed, or made for another version."""


@dataclass(frozen=True)
class Card:
    """Describes a set of weights and its training; stored beside it as JSON.

    id: name of the files, "METHOD" or "METHOD@NAME". settings: keyword arguments of the network.
    data: one {"name", "licence", "samples"} per source. evaluations: tables by name; "held out": psnr, input_psnr.
    sha256: of the safetensors file, hexadecimal. experimental: so far no better than the blurred input.
    extra: keys that this version does not know.
    """

    id: str
    method: str
    title: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0
    precision: str = "float16"
    data: list[Any] = field(default_factory=list)
    samples_seen: int = 0
    minutes: float = 0.0
    device: str = ""
    evaluations: dict[str, Any] = field(default_factory=dict)
    code_version: str = ""
    sha256: str = ""
    experimental: bool = False
    created: str = ""
    format: int = FORMAT
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary that `from_json` reads; unknown keys keep their position."""
        plain = dataclasses.asdict(self)
        return {**plain.pop("extra"), **plain}

    @classmethod
    def from_json(cls, plain: Any) -> Card:
        """Read the output of `to_json`; raise ValueError if it is no card."""
        if not isinstance(plain, dict):
            raise ValueError("it holds no table")
        missing = {"id", "method"} - plain.keys()
        wrong = [key for key, kind in _KINDS.items() if key in plain and not isinstance(plain[key], kind)]
        for key in [*sorted(missing), *wrong]:
            raise ValueError(f"{key!r} is {'missing' if key in missing else 'of the wrong kind'}")
        names = {f.name for f in dataclasses.fields(cls)} - {"extra"}
        known = {key: value for key, value in plain.items() if key in names}
        return cls(**known, extra={key: value for key, value in plain.items() if key not in names})


_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("id", "method", "title", "precision", "device", "code_version", "sha256", "created"), str),
    **dict.fromkeys(("settings", "evaluations"), dict),
    **dict.fromkeys(("parameters", "samples_seen", "format"), int),
    **{"data": list, "minutes": (int, float), "experimental": bool},
}


@dataclass(frozen=True)
class WeightsFile:
    """A set of weights on the disk. path: the safetensors file. shipped: whether it came with the program."""

    path: Path
    card: Card
    shipped: bool


def folders() -> list[Path]:
    """Return where weights are looked for, first come first served.

    These are $ACUTANCE_WEIGHTS, the user's folder, the shipped one, and those of methods of other packages.
    """
    own = [Path(os.environ[FOLDER_VARIABLE])] if os.environ.get(FOLDER_VARIABLE) else []
    others = dict.fromkeys(made.weights_folder for made in methods().values() if made.weights_folder)
    return [*own, user_folder(), resource("weights"), *others]


def user_folder() -> Path:
    """Return the folder for weights that the user trained or imported; it need not exist."""
    return data_folder() / "weights"


def find_weights(weights_id: str, among: Sequence[Path] | None = None) -> WeightsFile | None:
    """Return the weights "METHOD" or "METHOD@NAME" from the first folder that has them, else None.

    Raise WeightsError for a card that cannot be read.
    """
    for folder in folders() if among is None else among:
        card = folder / f"{weights_id}.json"
        if card.is_file():
            return _described(card)
    return None


def installed(among: Sequence[Path] | None = None) -> list[WeightsFile]:
    """Return all weights with a readable card, each id once; `problems` reports the others."""
    found: dict[str, WeightsFile] = {}
    for card in _cards(among):
        try:
            found.setdefault(card.stem, _described(card))
        except WeightsError as error:
            logger.warning("%s", error)
    return list(found.values())


def problems(among: Sequence[Path] | None = None) -> dict[Path, str | None]:
    """Check every set of weights, including its content: return its card's path, and None or the problem."""
    report: dict[Path, str | None] = {}
    for card in _cards(among):
        try:
            read_checked(_described(card))
            report[card] = None
        except WeightsError as error:
            report[card] = str(error)
    return report


def _cards(among: Sequence[Path] | None) -> Iterator[Path]:
    for folder in folders() if among is None else among:
        yield from sorted(folder.glob("*.json"))


def _described(card_path: Path) -> WeightsFile:
    try:
        card = Card.from_json(json.loads(card_path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(
            "The card {card_path} cannot be read: {reason}.", card_path=card_path, reason=error
        ) from error
    if card.format > FORMAT:
        raise WeightsError(
            "The weights {id} ({card_path}) were made for a newer version of Acutance.",
            id=card.id,
            card_path=card_path,
        )
    return WeightsFile(card_path.with_suffix(".safetensors"), card, card_path.parent == resource("weights"))


def read_checked(weights: WeightsFile) -> bytes:
    """Return the file's bytes if they are complete, unchanged safetensors; otherwise raise WeightsError."""
    path = weights.path
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError("The weights file {path} cannot be read: {reason}.", path=path, reason=error) from error
    if data.startswith(PICKLE_STARTS):
        raise WeightsError("{path} is a pickle, which could run any code, and not safetensors: refused.", path=path)
    if len(data) < 10 or struct.unpack("<Q", data[:8])[0] > len(data) - 8:
        raise WeightsError("The weights file {path} is cut short or no safetensors file.", path=path)
    if hashlib.sha256(data).hexdigest() != weights.card.sha256.lower():
        raise WeightsError(
            "The weights file {path} is damaged or was changed: its SHA-256 is not the card's.", path=path
        )
    return data


def load_network(weights_id: str, among: Sequence[Path] | None = None) -> DeblurringNetwork:
    """Return the network with its weights, float32, on the CPU, ready to run; raise WeightsError if none."""
    weights = find_weights(weights_id, among)
    if weights is None:
        title = registered(weights_id).title
        raise WeightsError(
            "No weights are installed for {title} ({weights_id}): train some with `acutance train`.",
            title=title,
            weights_id=weights_id,
        )
    return load(weights)


def load(weights: WeightsFile) -> DeblurringNetwork:
    """Return the network with these weights, float32, on the CPU, in evaluation mode."""
    from safetensors import SafetensorError
    from safetensors.torch import load as parse

    data = read_checked(weights)
    try:
        state = {
            name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in parse(data).items()
        }
        network = registered(weights.card.method).build(weights.card.settings)
        network.load_state_dict(state)
    except (SafetensorError, RuntimeError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            "The weights {path} do not fit {method}: {reason}",
            path=weights.path,
            method=weights.card.method,
            reason=reason,
        ) from error
    return network.eval().requires_grad_(False)
