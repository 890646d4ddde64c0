"""An evaluation as JSON, as a Markdown table, and as a sheet of pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from training.evaluation.evaluate import Evaluation
from training.evaluation.figures import Row

CELL = 256  # px, the largest side of a picture on the sheet
LABEL = 18  # px


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the whole evaluation as plain data."""
    return {
        "options": {k: str(v) if isinstance(v, Path) else v for k, v in asdict(evaluation.options).items()},
        "rows": [asdict(row) for row in evaluation.rows],
        "samples": {name: [asdict(f) for f in each] for name, each in evaluation.each.items()},
    }


def as_markdown(evaluation: Evaluation) -> str:
    """Return the table, one row a method."""
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
        f"{row.shifted_psnr:.2f}",
        f"{row.ssim:.3f}",
        f"{row.worst_ssim:.3f}",
        f"{row.better:.0%}",
        _known(row.kernel_similarity, ".3f"),
        _known(row.residual, ".2f"),
        _known(row.faces_found, ".0%"),
        _known(row.identity, ".3f"),
        _known(row.identity_distance, ".3f"),
        _known(row.verification, ".2%"),
        f"{row.seconds:.2f}",
        _known(row.parameters, ",d"),
    ]
    return f"| {' | '.join(cells)} |\n"


def _known(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def write(evaluation: Evaluation, path: Path) -> list[Path]:
    """Write STEM.json, STEM.md and STEM.png beside each other; return their paths."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table, data, sheet = (path.with_suffix(suffix) for suffix in (".md", ".json", ".png"))
    table.write_text(as_markdown(evaluation), encoding="utf-8")
    data.write_text(json.dumps(as_json(evaluation), indent=1) + "\n", encoding="utf-8")
    contact_sheet(evaluation).save(sheet)
    return [table, data, sheet]


def contact_sheet(evaluation: Evaluation) -> Image.Image:
    """Draw the shown samples, one a line, with every row's picture beside the sharp one."""
    names = list(evaluation.shown[0][1]) if evaluation.shown else []
    size = (max(1, len(names)) * CELL, max(1, len(evaluation.shown)) * (CELL + LABEL))
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for line, (_, pictures) in enumerate(evaluation.shown):
        for column, name in enumerate(names):
            corner = (column * CELL, line * (CELL + LABEL))
            draw.text((corner[0] + 4, corner[1] + 3), name, fill="black")
            sheet.paste(_thumbnail(pictures[name]), (corner[0], corner[1] + LABEL))
    return sheet


def _thumbnail(pixels: np.ndarray) -> Image.Image:
    picture = Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8))
    picture.thumbnail((CELL, CELL))
    return picture
