"""The report of a batch, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.batch.journal import Entry
from engine.errors import UserError
from engine.whole_files import write_whole

COLUMNS = ("photo", "state", "output", "method", "verdict", "seconds", "reason")


def as_json(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the report as plain data."""
    rows = [{column: getattr(entry, column) for column in COLUMNS} for entry in map(_told, entries)]
    return {
        "done": sum(e.state == "done" for e in entries),
        "failed": sum(e.state == "failed" for e in entries),
        "photos": rows,
    }


def write_report(entries: Sequence[Entry], path: Path) -> None:
    """Write the report in the format of the suffix, completely or not at all; raise UserError if that fails."""
    report = as_json(entries)
    text = _csv(report["photos"]) if path.suffix.lower() == ".csv" else json.dumps(report, indent=2)
    write_text(text, path)


def write_text(text: str, path: Path) -> None:
    """Write the text of a report, completely or not at all; raise UserError if that fails."""
    try:
        write_whole(path, lambda file: file.write(text.encode(errors="backslashreplace")))  # names need not be UTF-8
    except OSError as error:
        raise UserError("The report {path} cannot be written: {reason}.", path=path, reason=error) from error


def _told(entry: Entry) -> Entry:
    """Return the output, or nothing for a failed photo, whose earlier result is not of this batch."""
    return entry if entry.state == "done" else replace(entry, output="")


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
