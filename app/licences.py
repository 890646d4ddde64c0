"""The licences of the program, of its weights, and of the packages that it uses.

A packaged program brings resources/licences.txt, which packaging/notices.py writes. From source, the texts come from
the installed packages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.language import marked
from resources import resource

OWN = marked("Acutance is under the Apache License 2.0: you may use, change and share it, also commercially.")
WEIGHTS = marked(
    "Its trained weights are under CC BY-NC-SA 4.0: not for commercial use. The method “Camera shake, by its edges” "
    "works without them."
)
"""Shown beside `OWN` wherever licences are shown."""

WEIGHTS_TITLE = "Acutance: weights"
PACKED = resource("licences.txt")
RULE = "=" * 78

_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright|(^|/)licenses/)", re.IGNORECASE)
_TEXT_SUFFIXES = {"", ".txt", ".md", ".rst", ".apache", ".bsd", ".mit", ".libraw", ".python"}
_SECTION = re.compile(rf"^{RULE}\n(?P<title>.+)\n{RULE}\n", re.MULTILINE)


@dataclass(frozen=True)
class Notice:
    """A package by name and version, and a way to its licence's text."""

    title: str
    text: Callable[[], str]


def notices() -> list[Notice]:
    """Return a notice for the program, one for its weights, and one for each package that it uses, by name."""
    if PACKED.is_file():
        return list(_packed(PACKED.read_text(encoding="utf-8")))
    found = sorted(_needed("acutance").values(), key=lambda owner: owner.name.lower())
    return [*_own(), *(Notice(f"{owner.name} {owner.version}", partial(_carried, owner)) for owner in found)]


def licence_files(owner: Distribution) -> Iterator[Path]:
    """Yield the files of an installed package that hold its licences."""
    for file in owner.files or []:
        if _FILE.search(file.as_posix()) and Path(file.name).suffix.lower() in _TEXT_SUFFIXES:
            yield Path(str(owner.locate_file(file)))


def _own() -> Iterator[Notice]:
    """Yield the notices of the program, where it is installed, and of the weights."""
    with suppress(PackageNotFoundError):
        yield Notice("Acutance", partial(_carried, distribution("acutance")))
    yield Notice(WEIGHTS_TITLE, partial(resource("weights", "LICENSE").read_text, encoding="utf-8"))


def _packed(text: str) -> Iterator[Notice]:
    """Split licences.txt at its headings; the text above the first heading is not a notice."""
    heads = list(_SECTION.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=True):
        yield Notice(head["title"], partial(str.strip, text[head.end() : end]))


def _needed(name: str) -> dict[str, Distribution]:
    """Return the installed distributions that `name` requires, directly or not, by normalised name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    wanted = _asked_by(name)
    while wanted:
        one, extras = wanted.pop()
        if (one, extras) in seen:
            continue
        seen.add((one, extras))
        try:
            found[one] = distribution(one)
        except PackageNotFoundError:  # of another system, or an extra that is not there
            continue
        wanted += _asked_by(one, extras)
    return found


def _asked_by(name: str, extras: str = "") -> list[tuple[str, str]]:
    """Return (normalised name, its extras) for each requirement of a package and its comma-separated `extras`."""
    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    wanted = [Requirement(line) for line in lines]
    return [
        (canonicalize_name(one.name), ",".join(sorted(one.extras)))
        for one in wanted
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ["", *extras.split(",")])
    ]


def _carried(owner: Distribution) -> str:
    """Return the licence texts of an installed package, else the licence that its metadata names."""
    texts = [path.read_text(encoding="utf-8", errors="replace").strip() for path in licence_files(owner)]
    said = owner.metadata.get_all("License-Expression") or owner.metadata.get_all("License") or [""]
    return "\n\n".join(dict.fromkeys(filter(None, texts))) or said[0]
