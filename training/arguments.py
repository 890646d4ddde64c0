"""Types for numbers on a command line: argparse refuses a wrong one in a sentence that names the option."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import TypeVar

Number = TypeVar("Number", int, float)


def positive(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    """Return an argparse type for finite numbers (`kind`: int or float) above zero."""
    return _bounded(kind, lambda value: value > 0, "must be above zero")


def not_negative(kind: Callable[[str], Number]) -> Callable[[str], Number]:
    """Return an argparse type for finite numbers (`kind`: int or float) of at least zero."""
    return _bounded(kind, lambda value: value >= 0, "must not be below zero")


def at_least(kind: Callable[[str], Number], least: Number) -> Callable[[str], Number]:
    """Return an argparse type for finite numbers (`kind`: int or float) of at least `least`."""
    return _bounded(kind, lambda value: value >= least, f"must be at least {least}")


def odd(text: str) -> int:
    """Read a positive odd number, such as the extent of a kernel."""
    value = positive(int)(text)
    if value % 2 == 0:
        raise argparse.ArgumentTypeError(f"{text} must be odd")
    return value


def _bounded(kind: Callable[[str], Number], fits: Callable[[Number], bool], rule: str) -> Callable[[str], Number]:
    def number(text: str) -> Number:
        value = kind(text)
        if not (math.isfinite(value) and fits(value)):
            raise argparse.ArgumentTypeError(f"{text} {rule}")
        return value

    return number  # argparse uses this name: "invalid number value"
