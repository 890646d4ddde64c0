"""Whose work the program stands on, with the texts of their licences.

A packaged program brings resources/licences.txt, written by packaging/ for all that is in it. From source the texts
are those that the installed packages carry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from app.language import marked
from resources import resource

OWN = marked("No licence has been chosen for Acutance itself: all rights stay with those who wrote it.")
"""Said wherever licences are shown, until a file LICENSE says otherwise."""

PACKED = resource("licences.txt")
RULE = "=" * 78

_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright|(^|/)licenses/)", re.IGNORECASE)
_TEXT_SUFFIXES = {"", ".txt", ".md", ".rst", ".apache", ".bsd", ".mit", ".libraw", ".python"}
_SECTION = re.compile(rf"^{RULE}\n(?P<title>.+)\n{RULE}\n", re.MULTILINE)
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^\]]*)\])?")
_EXTRA = re.compile(r"""extra == ["']([^"']+)["']""")


@dataclass(frozen=True)
class Notice:
    """A package by name and version, and a way to its licence's text."""

    title: str
    text: Callable[[], str]


def notices() -> list[Notice]:
    """Return a notice for each package that is used, by name."""
    if PACKED.is_file():
        return list(_packed(PACKED.read_text(encoding="utf-8")))
    found = sorted(_needed("acutance").values(), key=lambda owner: owner.name.lower())
    return [Notice(f"{owner.name} {owner.version}", partial(_carried, owner)) for owner in found]


def licence_files(owner: Distribution) -> Iterator[Path]:
    """Yield the files of an installed package that hold its licences."""
    for file in owner.files or []:
        if _FILE.search(file.as_posix()) and Path(file.name).suffix.lower() in _TEXT_SUFFIXES:
            yield Path(str(owner.locate_file(file)))


def _packed(text: str) -> Iterator[Notice]:
    """Take licences.txt apart at its headings; what stands above the first is no notice."""
    heads = list(_SECTION.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=True):
        yield Notice(head["title"], partial(str.strip, text[head.end() : end]))


def _needed(name: str) -> dict[str, Distribution]:
    """Return the installed distributions that `name` asks for, and those that they ask for, by normal name."""
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
    """Return (normal name, its extras) of what a package and its `extras`, parted by commas, require."""
    try:
        lines = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    asked = []
    for line in lines:
        match, extra = _REQUIREMENT.match(line), _EXTRA.search(line)
        if match and (extra is None or extra[1] in extras.split(",")):
            asked.append((re.sub(r"[-_.]+", "-", match["name"]).lower(), (match["extras"] or "").replace(" ", "")))
    return asked


def _carried(owner: Distribution) -> str:
    """Return the licence texts of an installed package, or what its metadata says where it carries none."""
    texts = [path.read_text(encoding="utf-8", errors="replace").strip() for path in licence_files(owner)]
    said = owner.metadata.get_all("License-Expression") or owner.metadata.get_all("License") or [""]
    return "\n\n".join(dict.fromkeys(filter(None, texts))) or said[0]
