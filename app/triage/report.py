"""The report of a triage, as CSV, JSON or one HTML page that needs no other file."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.batch.report import write_text
from app.triage.html import page
from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice

COLUMNS = (
    "photo", "kind", "advice", "certainty", "sharpness", "extent_px", "extent_share", "angle_degrees",
    "direction_degrees", "radius_px", "places", "faces", "face_sharpness", "gain_db", "confidence", "width", "height",
    "camera", "taken", "burst", "seconds", "reason",
)  # fmt: skip
SUFFIXES = (".csv", ".json", ".html")


def as_json(found: Sequence[Triaged]) -> dict[str, Any]:
    """Return the report as plain data."""
    told = [each.diagnosis for each in found if each.diagnosis is not None]
    return {
        "photos": [row_of(each) for each in found],
        "kinds": dict(Counter(str(each.kind) for each in told)),
        "advice": {str(advice): sum(each.advice is advice for each in told) for advice in Advice},
        "failed": len(found) - len(told),
    }


def row_of(found: Triaged) -> dict[str, Any]:
    """Return the values of COLUMNS for a photo; None where nothing is known."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    taken = None if found.taken is None else found.taken.isoformat()
    row |= {"photo": str(found.path), "reason": found.reason, "seconds": found.seconds, "burst": found.burst or None}
    told = found.diagnosis
    if told is None:
        return row
    row |= {"width": found.size[0], "height": found.size[1], "camera": found.camera, "taken": taken}
    numbers = {
        "certainty": told.certainty, "sharpness": told.sharpness, "extent_px": told.extent,
        "extent_share": told.share, "angle_degrees": told.angle, "direction_degrees": told.direction,
        "radius_px": told.radius, "face_sharpness": told.face_sharpness, "gain_db": told.gain,
        "confidence": told.confidence,
    }  # fmt: skip
    places = [[part.left, part.top, part.right, part.bottom] for part in told.places]
    rounded = {name: None if value is None else round(value, 4) for name, value in numbers.items()}
    return row | rounded | {
        "kind": str(told.kind), "advice": str(told.advice), "places": places, "faces": told.faces
    }  # fmt: skip


def write_report(found: Sequence[Triaged], path: Path) -> None:
    """Write the report in the format of the suffix, completely or not at all; raise UserError if that fails."""
    suffix = path.suffix.lower()
    if suffix == ".html":
        text = page(found)
    else:
        text = _csv(found) if suffix == ".csv" else json.dumps(as_json(found), indent=2)
    write_text(text, path)


def _csv(found: Sequence[Triaged]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    for each in found:
        row = row_of(each)
        row["places"] = "; ".join(" ".join(f"{edge:g}" for edge in place) for place in row["places"] or [])
        writer.writerow(row)
    return buffer.getvalue()
