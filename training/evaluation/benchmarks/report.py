"""Writes a benchmark's figures as Markdown tables with the published rows beside ours, and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from training.evaluation.benchmarks.benchmark import Benchmarked
from training.evaluation.benchmarks.published import PUBLISHED, Published
from training.evaluation.benchmarks.summary import FOUND, Summary, by_half, by_kind
from training.evaluation.report import finite, known

COLUMNS = (
    "pictures", "PSNR", "worst", "SSIM", "ratio below 2", "below 3", "worst ratio", "kernel similarity",
    f"found ({FOUND})", "called well, not found", "words", "s a picture",
)  # fmt: skip


def as_markdown(done: Benchmarked) -> str:
    """Return the table of the halves with the published rows, and the table of the kinds."""
    published = [_published(row) for row in PUBLISHED[done.options.benchmark]]
    halves = _table("half", [*map(_cells, by_half(done.each)), *published])
    kinds = _table("kind", list(map(_cells, by_kind(done.each))))
    return f"{halves}\n{kinds}"


def as_json(done: Benchmarked) -> dict[str, Any]:
    """Return all figures as plain data; None for numbers that JSON does not have."""
    plain: dict[str, Any] = finite(
        {
            "options": {**asdict(done.options), "folder": str(done.options.folder)},
            "published": [asdict(row) for row in PUBLISHED[done.options.benchmark]],
            "halves": [asdict(summary) for summary in by_half(done.each)],
            "kinds": [asdict(summary) for summary in by_kind(done.each)],
            "pictures": {row: [asdict(one) for one in each] for row, each in done.each.items()},
        }
    )
    return plain


def _table(part: str, rows: list[list[str]]) -> str:
    """Lay out rows; drop columns that no row fills."""
    head = ["method", part, *COLUMNS]
    filled = [number for number in range(len(head)) if number < 2 or any(row[number] for row in rows)]
    lines = [[row[number] for number in filled] for row in [head, ["---"] * len(head), *rows]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(summary: Summary) -> list[str]:
    return [
        summary.row,
        summary.part,
        str(summary.pictures),
        known(summary.psnr, ".2f"),
        known(summary.worst_psnr, ".2f"),
        known(summary.ssim, ".3f"),
        known(summary.below_2, ".0%"),
        known(summary.below_3, ".0%"),
        known(summary.worst_ratio, ".2f"),
        known(summary.similarity, ".2f"),
        f"{summary.found} of {summary.known}" if summary.known else "",
        str(summary.falsely_well) if summary.known else "",
        ", ".join(f"{count} {word}" for word, count in sorted(summary.verdicts.items())),
        f"{summary.seconds:.1f}" if summary.seconds else "",
    ]


def _published(row: Published) -> list[str]:
    """Return the cells of a published row; worst case and text are empty."""
    about = "about " if row.about else ""
    figures = {
        "PSNR": about + known(row.psnr, ".2f"),
        "SSIM": known(row.ssim, ".3f"),
        "kernel similarity": known(row.similarity, ".2f"),
        f"found ({FOUND})": row.found,
    }
    return [f"*{row.row}*", row.scope, *(figures.get(column, "") for column in COLUMNS)]
