"""Numbers on a command line: what cannot be is refused by argparse, in a sentence that names the option."""

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
    """Return an argparse type for finite numbers (`kind`: int or float) from zero on."""
    return _bounded(kind, lambda value: value >= 0, "must not be below zero")


def at_least(kind: Callable[[str], Number], least: Number) -> Callable[[str], Number]:
    """Return an argparse type for finite numbers (`kind`: int or float) from `least` on."""
    return _bounded(kind, lambda value: value >= least, f"must be at least {least}")


def odd(text: str) -> int:
    """Read a positive odd number: the extent of a kernel, which has a middle."""
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

    return number  # argparse says "invalid number value" by this name where the text is none
