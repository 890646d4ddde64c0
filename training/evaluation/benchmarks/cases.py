"""Reads the pictures of a benchmark's folder, with the known facts and the half of each picture."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import UserError
from engine.photos.reading import is_photo

TUNE, JUDGE = "tune", "judge"
HALVES = (TUNE, JUDGE)
LIST = "pictures.csv"
_LEVIN = re.compile(r"(im\d+)_(kernel\d+)_img")
_KOEHLER = re.compile(r"Blurry(\d+)_(\d+)")


@dataclass(frozen=True)
class Case:
    """A blurred picture. sharp: file of the truth. kernel: file of the true or published kernel. None: unknown.

    kind: the group for the figures: the kernel (levin), the picture (koehler), or day, night, text, turned, defocus
    (real). half: "tune" for pictures that may be used for tuning, "judge" for those kept for the evaluation.
    """

    name: str
    kind: str
    blurred: Path
    sharp: Path | None = None
    kernel: Path | None = None
    half: str = TUNE


def cases(benchmark: str, folder: Path) -> list[Case]:
    """Return a benchmark's pictures, sorted by their names; every second one is kept for the evaluation.

    Raise UserError if the folder does not hold the benchmark.
    """
    found = sorted(_FOUND[benchmark](folder), key=lambda case: case.name)
    if not found:
        raise UserError("{folder} holds no pictures of the benchmark {name}.", folder=folder, name=benchmark)
    for case in found:
        for file in (case.blurred, case.sharp, case.kernel):
            if file is not None and not file.is_file():
                raise UserError("{file} is missing in the benchmark {name}.", file=file, name=benchmark)
    return [replace(case, half=HALVES[number % 2]) for number, case in enumerate(found)]


def _levin(folder: Path) -> Iterator[Case]:
    """Read imN_kernelM_img.png, gt/imN.png, gt/kernelM.png."""
    for path in folder.glob("*"):
        if match := _LEVIN.fullmatch(path.stem):
            picture, kernel = (folder / "gt" / f"{name}.png" for name in match.groups())
            yield Case(f"{match[1]}_{match[2]}", match[2], path, picture, kernel)


def _koehler(folder: Path) -> Iterator[Case]:
    """Read blurry/BlurryN_M.*, latent/N.*: one latent frame per picture."""
    latent = {path.stem: path for path in (folder / "latent").glob("*") if is_photo(path)}
    for path in (folder / "blurry").glob("*"):
        if match := _KOEHLER.fullmatch(path.stem):
            sharp = latent.get(match[1], folder / "latent" / f"{match[1]}.jpg")
            yield Case(path.stem, f"picture {match[1]}", path, sharp)


def _real(folder: Path) -> Iterator[Case]:
    """Read pictures.csv: picture, kind, published_kernel (none for some)."""
    try:
        rows = list(csv.DictReader((folder / LIST).read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("The list {path} cannot be read: {reason}.", path=folder / LIST, reason=error) from error
    for row in rows:
        if not row.get("picture") or not row.get("kind"):
            raise UserError("The list {path} lacks a picture or its kind.", path=folder / LIST)
        kernel = folder / row["published_kernel"] if row.get("published_kernel") else None
        path = folder / row["picture"]
        yield Case(path.stem, row["kind"].split(",")[0], path, kernel=kernel)


_FOUND = {"levin": _levin, "koehler": _koehler, "real": _real}
