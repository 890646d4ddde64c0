import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from engine.choices import Choices
from engine.option_fields import add_options, option, options_of, value_of, words_of
from engine.place import Place


@dataclass(frozen=True)
class Trip:
    by: Literal["train", "boat"] = option("train", help="how to go")
    stops: tuple[str, ...] = option((), flag="--stop", help="where to stop")
    days: int = option(3, read=int, metavar="N", marks={"billed": True}, help="how long")
    fast: bool = option(False, help="hurry")
    quiet: bool = option(True, help="in the quiet coach")
    map: Path | None = option(None, read=Path, help="a map")
    notes: str = ""


def parsed(*words: str) -> Trip:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_options(parser, Trip, options_of(Trip))
    arguments = parser.parse_args(words)
    return Trip(**{name: value_of(arguments, Trip, name) for name in options_of(Trip)})


@pytest.mark.parametrize(
    "trip",
    [Trip(), Trip("boat", ("Ulm", "Bonn"), 5), Trip(fast=True, quiet=False), Trip(map=Path("alps.png"))],
)
def test_words_give_the_values_back(trip):
    words = [word for name in options_of(Trip) for word in words_of(trip, name)]
    assert parsed(*words) == trip


def test_what_is_usual_needs_no_word():
    assert [words_of(Trip(), name) for name in options_of(Trip)] == [[]] * 6


def test_a_value_that_is_not_offered_is_refused():
    with pytest.raises(argparse.ArgumentError, match="invalid choice"):
        parsed("--by", "car")


def test_a_field_is_an_option_only_if_it_says_so_and_keeps_its_other_marks():
    assert "notes" not in options_of(Trip)
    assert Trip.__dataclass_fields__["days"].metadata["billed"]


def test_the_help_tells_what_each_choice_does():
    parser = argparse.ArgumentParser()
    for owner in (Choices, Place):
        add_options(parser, owner, options_of(owner))
    told = parser.format_help()
    assert "--high-frequencies-only" in told and "--memory MB" in told and "{auto,faces,whole,aligned}" in told
