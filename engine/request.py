"""The request: everything that a run needs, shared by window, command line, batch and tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from engine.choices import Choices, names_of
from engine.place import Place


@dataclass(frozen=True, kw_only=True)
class Request(Choices, Place):
    """What to do with a photo (`Choices`), and where (`Place`)."""

    photo: Path | None = None

    def __post_init__(self) -> None:
        Choices.__post_init__(self)
        Place.__post_init__(self)

    @classmethod
    def of(cls, choices: Choices, place: Place, photo: Path | None = None) -> Request:
        """Return the request for these choices at this place."""
        wanted = {name: getattr(choices, name) for name in names_of(Choices)}
        return cls(**wanted, photo=photo).at(place)

    @property
    def place(self) -> Place:
        """Where it runs, alone."""
        return Place(**{name: getattr(self, name) for name in names_of(Place)})

    def at(self, place: Place) -> Self:
        """Return the same request at another place."""
        return replace(self, **{name: getattr(place, name) for name in names_of(Place)})
