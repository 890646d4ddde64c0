"""The report of a batch, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.batch.journal import Entry
from engine.errors import UserError

COLUMNS = ("photo", "state", "output", "seconds", "reason")


def as_json(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the report as plain data."""
    rows = [{column: getattr(entry, column) for column in COLUMNS} for entry in entries]
    return {
        "done": sum(e.state == "done" for e in entries),
        "failed": sum(e.state == "failed" for e in entries),
        "photos": rows,
    }


def write_report(entries: Sequence[Entry], path: Path) -> None:
    """Write the report in the format of the path's suffix, whole or not at all; raise UserError where that fails."""
    report = as_json(entries)
    text = (
        _csv(report["photos"]) if path.suffix.lower() == ".csv" else json.dumps(report, indent=2, ensure_ascii=False)
    )
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise UserError(f"The report {path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
