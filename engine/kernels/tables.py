"""Reads kernels as text: rows of numbers with decimal points or decimal commas."""

from __future__ import annotations

import re

import numpy as np

_CELLS = re.compile(r"[;\t]")
_WITH_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_INNER_COMMA = re.compile(r"[^\s,],[^\s,]")
_SPACE_BETWEEN = re.compile(r"[^\s,]\s+[^\s,]")


class Ambiguous(ValueError):  # noqa: N818 - it says what the table is
    """The commas may separate numbers or be decimal commas."""


def numbers_in(text: str) -> np.ndarray:
    """Return the table in a text, float64, one line per row.

    Cells are separated by ; or tabs, or else by commas or spaces.

    Commas are decimal if something else separates the cells. Raise Ambiguous if two readings are possible, and
    ValueError for text that is no table of numbers or has empty cells.
    """
    lines = [line.strip(" \r") for line in text.split("\n") if line.strip()]
    rows = _rows(lines)
    if any("," in cell for row in rows for cell in row):
        _check_decimal(rows)
        rows = [[cell.replace(",", ".") for cell in row] for row in rows]
    return np.array([[float(cell) for cell in row] for row in rows], dtype=np.float64)


def _rows(lines: list[str]) -> list[list[str]]:
    whole = "\n".join(lines)
    if _CELLS.search(whole):
        if len(lines) == 1 and "," in whole:
            raise Ambiguous("rows of a matrix, or one row with decimal commas")
        return [_cells(_CELLS.split(line)) for line in lines]
    if "," not in whole:
        return [line.split() for line in lines]
    inner, spaces = _INNER_COMMA.search(whole), any(_SPACE_BETWEEN.search(line) for line in lines)
    if inner and spaces:
        return [line.split() for line in lines]
    if inner and any(" " in line for line in lines):
        raise Ambiguous("commas with and without a space behind them")
    if inner and "." not in whole and all(line.count(",") <= 1 for line in lines):
        raise Ambiguous("two columns, or one with decimal commas")
    rows = [_cells(line.split(",")) for line in lines]
    if all(len(row) % 2 == 0 and set(row[::2]) == {"0"} for row in rows):
        raise Ambiguous("every second column is 0, or commas are both separators and decimal")
    return rows


def _cells(cells: list[str]) -> list[str]:
    """Return the cells of a line; some programs write a separator after the last."""
    found = [cell.strip() for cell in cells]
    return found[:-1] if len(found) > 1 and not found[-1] else found


def _check_decimal(rows: list[list[str]]) -> None:
    cells = [cell for row in rows for cell in row]
    commas = [cell for cell in cells if "," in cell]
    if any("." in cell for cell in cells) or not all(_WITH_COMMA.fullmatch(cell) for cell in commas):
        raise Ambiguous("points and commas, or several commas in a cell")
    if all(_THOUSANDS.fullmatch(cell) for cell in commas):
        raise Ambiguous("thousands")
