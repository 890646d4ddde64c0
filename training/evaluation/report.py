"""Writes an evaluation as JSON, as a Markdown table, and as a sheet of pictures."""

from __future__ import annotations

import json
import math
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from engine.errors import UserError
from engine.whole_files import write_whole
from training.evaluation.evaluate import Evaluation
from training.evaluation.figures import Row

CELL = 256  # px, the largest side of a picture on the sheet
LABEL = 18  # px
SUFFIXES = (".md", ".json", ".png")


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the whole evaluation as plain data; None for numbers that JSON does not have."""
    plain: dict[str, Any] = finite(
        {
            "options": {k: str(v) if isinstance(v, Path) else v for k, v in asdict(evaluation.options).items()},
            "rows": [asdict(row) for row in evaluation.rows],
            "samples": {name: [asdict(f) for f in each] for name, each in evaluation.each.items()},
        }
    )
    return plain


def finite(plain: Any) -> Any:
    """Return plain data with None in place of numbers that JSON does not have."""
    if isinstance(plain, dict):
        return {name: finite(value) for name, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [finite(value) for value in plain]
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def as_markdown(evaluation: Evaluation) -> str:
    """Return the table, one row per method."""
    head = (
        "| method | PSNR | worst | shift-tolerant | SSIM | worst | better than input | kernel similarity "
        "| reblur residual | faces found | identity, cosine | identity, L2 | verification | s a picture "
        "| parameters |\n" + "|---" * 15 + "|\n"
    )
    return head + "".join(_line(row) for row in evaluation.rows)


def _line(row: Row) -> str:
    cells = [
        row.method,
        f"{row.psnr:.2f}",
        f"{row.worst_psnr:.2f}",
        known(row.shifted_psnr, ".2f"),
        known(row.ssim, ".3f"),
        known(row.worst_ssim, ".3f"),
        f"{row.better:.0%}",
        known(row.kernel_similarity, ".3f"),
        known(row.residual, ".2f"),
        known(row.faces_found, ".0%"),
        known(row.identity, ".3f"),
        known(row.identity_distance, ".3f"),
        known(row.verification, ".2%"),
        f"{row.seconds:.2f}",
        known(row.parameters, ",d"),
    ]
    return f"| {' | '.join(cells)} |\n"


def known(value: float | None, form: str) -> str:
    """Return a figure as text, "" if it is not known."""
    return "" if value is None else format(value, form)


def files(path: Path) -> list[Path]:
    """Return NAME.md, NAME.json and NAME.png for a report at NAME, or at one of these."""
    name = path.stem if path.suffix in SUFFIXES else path.name
    return [path.parent / f"{name}{suffix}" for suffix in SUFFIXES]


def check_place(path: Path, overwrite: bool) -> None:
    """Make the report's folder; raise UserError if the report cannot be written or would replace a file.

    Call it before an evaluation, which may take hours.
    """
    if not path.name:
        raise UserError("The report {path} has no name.", path=path)
    for file in files(path):
        if os.path.lexists(file) and not overwrite:
            raise UserError("{file} exists already; --overwrite would replace it.", file=file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise UserError(
            "The report's folder {folder} cannot be written to: {reason}.", folder=path.parent, reason=error
        ) from error


def write(evaluation: Evaluation, path: Path, overwrite: bool = False) -> list[Path]:
    """Write the report's files, see `write_files`."""
    return write_files(path, as_markdown(evaluation), as_json(evaluation), contact_sheet(evaluation), overwrite)


def write_files(
    path: Path, table: str, data: dict[str, Any], sheet: Image.Image, overwrite: bool = False
) -> list[Path]:
    """Write a report's files (see `files`), each completely or not at all; return their paths; raise UserError."""
    found = files(path)
    text = json.dumps(data, indent=1) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(found[0], lambda file: file.write(table.encode()), overwrite=overwrite)
        write_whole(found[1], lambda file: file.write(text.encode()), overwrite=overwrite)
        write_whole(found[2], lambda file: sheet.save(file, "PNG"), overwrite=overwrite)
    except OSError as error:
        raise UserError("The report {path} cannot be written: {reason}.", path=path, reason=error) from error
    return found


def contact_sheet(evaluation: Evaluation) -> Image.Image:
    """Draw the shown samples, one per line, with every row's picture beside the sharp one."""
    names = list(evaluation.shown[0][1]) if evaluation.shown else []
    size = (max(1, len(names)) * CELL, max(1, len(evaluation.shown)) * (CELL + LABEL))
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for line, (_, pictures) in enumerate(evaluation.shown):
        for column, name in enumerate(names):
            corner = (column * CELL, line * (CELL + LABEL))
            draw.text((corner[0] + 4, corner[1] + 3), name, fill="black")
            sheet.paste(thumbnail(pictures[name]), (corner[0], corner[1] + LABEL))
    return sheet


def thumbnail(pixels: np.ndarray, cell: int = CELL) -> Image.Image:
    """Return an 8-bit picture of H x W x 3 pixels in [0, 1], at most `cell` px a side."""
    picture = Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8))
    picture.thumbnail((cell, cell))
    return picture
