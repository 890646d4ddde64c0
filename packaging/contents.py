"""Finds the package, version and licence of each file in the bundle."""

from __future__ import annotations

import functools
import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from app.licences import licence_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILDER = "pyinstaller"  # its bootloader starts the program
_BUILDERS_LICENCE = "GPL-2.0-or-later WITH Bootloader-exception"  # programs that it starts may be under any
_QT = ("LGPL-3.0.txt", "GPL-3.0.txt")
_OUR_COPIES = {"PySide6_Essentials": _QT, "PySide6": _QT, "shiboken6": _QT}  # wheels that carry no licence text


class UnlicensedError(Exception):
    """Something would go into the bundle without its licence."""


@dataclass(frozen=True)
class Component:
    """A package with files in the bundle. kind: "pypi", "deb" or "generic", as in package URLs."""

    kind: str
    name: str
    version: str
    licence: str
    homepage: str = ""

    @property
    def purl(self) -> str:
        """The package URL, e.g. pkg:pypi/numpy@2.4.6."""
        version = self.version.replace("+", "%2B")
        if self.kind == "pypi":
            return f"pkg:pypi/{re.sub(r'[-_.]+', '-', self.name).lower()}@{version}"
        return f"pkg:{'deb/debian' if self.kind == 'deb' else 'generic'}/{self.name}@{version}"


@dataclass(frozen=True)
class Bundled:
    """A file of the bundle: where it goes, where it came from, and its package ("" if unknown)."""

    place: str
    source: str
    component: str


class Contents:
    """The files of a bundle, sorted by package. `files`: (place in the bundle, source file).

    A module that was compiled for the bundle counts as its source.
    """

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        self._components: dict[str, Component] = {}
        builder = replace(_from_distribution(distribution(BUILDER)), licence=_BUILDERS_LICENCE)
        for fixed in (_python(), builder):
            self._components[fixed.name] = fixed
        sources = [(place, _source_of(place) or Path(source)) for place, source in files]
        self.files = [Bundled(place, str(source), self._owner(source)) for place, source in sources]

    @property
    def components(self) -> list[Component]:
        """All packages by name, without the program itself."""
        return sorted(self._components.values(), key=lambda component: component.name.lower())

    @property
    def unknown(self) -> list[str]:
        """Files of unknown origin."""
        return [file.source for file in self.files if not file.component]

    def save(self, target: Path) -> None:
        """Write the package of each file, for `sizes`."""
        target.write_text(json.dumps([asdict(file) for file in self.files]), encoding="utf-8")

    def _owner(self, source: Path) -> str:
        resolved = source.resolve()
        owner = _owners().get(source) or _owners().get(resolved)
        if owner is not None and owner.name != "acutance":
            return self._components.setdefault(owner.name, _from_distribution(owner)).name
        if owner is not None or ("site-packages" not in resolved.parts and resolved.is_relative_to(ROOT)):
            return "acutance"
        if any(resolved.is_relative_to(folder) for folder in _python_folders()):
            return "Python"
        package = _debian_package(resolved)
        if package is not None:
            return self._components.setdefault(package.name, package).name
        return ""


def licence_texts(component: Component) -> list[tuple[str, str]]:
    """Return (file name, text) of a component's licences; raise UnlicensedError if there is none."""
    if component.kind == "deb":
        name = component.name.partition(":")[0]
        found = [Path("/usr/share/doc") / name / "copyright"]
    elif component.name == "Python":
        found = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    else:
        found = [*licence_files(distribution(component.name))]
        found += [HERE / "licence_texts" / name for name in _OUR_COPIES.get(component.name, ())]
    texts = [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in found if path.is_file()]
    if not texts:
        raise UnlicensedError(f"No licence text was found for {component.name} {component.version}.")
    return texts


@functools.cache
def _owners() -> dict[Path, Distribution]:
    """Return which distribution installed which file."""
    return {
        Path(os.path.normpath(str(owner.locate_file(file)))): owner
        for owner in distributions()
        for file in owner.files or []
    }


def _source_of(place: str) -> Path | None:
    """Return the source of a compiled module, given by its place in the bundle; None if it is no module."""
    if not place.endswith(".pyc"):
        return None
    folders = [
        ROOT,
        HERE / "stand_in",
        *(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")),
    ]
    candidates = (folder / place.removesuffix("c") for folder in folders)
    return next((path for path in candidates if path.is_file()), None)


def _from_distribution(owner: Distribution) -> Component:
    def field(name: str) -> str:
        lines = (owner.metadata.get_all(name) or [""])[0].strip().splitlines()
        return lines[0] if lines else ""

    classified = _classified(owner.metadata.get_all("Classifier") or [])
    licence = field("License-Expression") or classified or field("License") or "see its text"
    return Component("pypi", owner.name, owner.version, licence, field("Home-page"))


def _classified(classifiers: Sequence[str]) -> str:
    """Return the licence in the trove classifiers, or ""."""
    return " AND ".join(line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: OSI"))


def _python() -> Component:
    return Component("generic", "Python", platform.python_version(), "PSF-2.0", "https://www.python.org")


@functools.cache
def _python_folders() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib")
    folders = {Path(sysconfig.get_path(name)).resolve() for name in names} | {
        Path(sys.base_prefix).resolve() / "DLLs"
    }
    libraries = {Path(sys.base_prefix).resolve() / "lib"} if sys.base_prefix not in ("/usr", "/usr/local") else set()
    return tuple(folders | libraries)


def _debian_package(path: Path) -> Component | None:
    """Return the Debian package of a system library; None on other systems, or if dpkg knows none."""
    if sys.platform != "linux":
        return None
    for spelling in {str(path), str(path).removeprefix("/usr")}:  # both, since /lib is a link to /usr/lib
        asked = ["dpkg-query", "--search", spelling]
        try:
            said = subprocess.run(asked, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return None
        if said.returncode == 0:
            name = said.stdout.partition(": ")[0]
            shown = subprocess.run(
                ["dpkg-query", "--show", "--showformat=${Version}\n${Homepage}", name],
                capture_output=True,
                text=True,
                check=True,
            )
            version, _, homepage = shown.stdout.partition("\n")
            return Component("deb", name.partition(":")[0], version, "see its text", homepage)
    return None
