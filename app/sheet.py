"""Draws pictures side by side, each with its label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.language import number, tr
from app.trust import trust_in
from engine.errors import UserError
from engine.result import Result
from engine.whole_files import write_whole

CELL = 640  # px, longest side of a picture on the sheet
GAP = 12
LINE = 18
LINES = 2
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}

Labelled = tuple[str, np.ndarray]


def figures_of(result: Result) -> list[str]:
    """Return the caption of a result: time, and how well it explains the photo."""
    figures = [tr("{seconds} s").format(seconds=number(sum(result.seconds.values()), 1))]
    if result.residual is not None:
        figures.append(tr("mismatch {figure} × noise").format(figure=number(result.residual, 2)))
    said = trust_in(result.verdict).short
    return [*figures, said] if said else figures


def draw_sheet(pictures: Sequence[Labelled], most_columns: int = 3) -> Image.Image:
    """Return a sheet of H x W x 3 uint8 sRGB pictures, up to `most_columns` beside each other."""
    shown = [(label, _fitted(pixels)) for label, pixels in pictures]
    width = max(picture.width for _, picture in shown) + GAP
    height = max(picture.height for _, picture in shown) + GAP + LINES * LINE
    columns = min(most_columns, len(shown))
    size = columns * width + GAP, math.ceil(len(shown) / columns) * height + GAP
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for index, (label, picture) in enumerate(shown):
        left, top = GAP + index % columns * width, GAP + index // columns * height
        sheet.paste(picture, (left, top))
        draw.multiline_text((left, top + picture.height + 3), label, fill="black", font=font)
    return sheet


def sheet_kind(path: Path) -> str:
    """Return the format of a sheet of that name; raise UserError if it is not supported."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise UserError("The sheet {path} can be written as {kinds} only.", path=path, kinds=", ".join(KINDS))
    return kind


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Write the sheet, completely or not at all; raise UserError if that fails."""
    kind = sheet_kind(path)
    try:
        write_whole(path, lambda file: sheet.save(file, kind))
    except OSError as error:
        raise UserError("The sheet {path} cannot be written: {reason}.", path=path, reason=error) from error


def _fitted(pixels: np.ndarray) -> Image.Image:
    picture = Image.fromarray(pixels)
    picture.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
    return picture
