"""What an engine can be asked. An order is a value, so that it can also be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from engine.areas.area import Areas
from engine.faces.face import Box, Face
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


class Order(Generic[T]):
    """One job; T is the type of its answer. `engine.protocol.AnyEngine` says what each order means."""


@dataclass(frozen=True, eq=False)
class OfPhoto(Order[T]):
    """A job about a photo."""

    photo: Photo


@dataclass(frozen=True, eq=False)
class Restore(OfPhoto[Result]):
    """Restore it."""

    request: Request


@dataclass(frozen=True, eq=False)
class FindFaces(OfPhoto[list[Face]]):
    """Find its faces of at least `smallest` px."""

    smallest: int


@dataclass(frozen=True, eq=False)
class FindKernel(OfPhoto[Kernel | None]):
    """Find the kernel of a box."""

    box: Box


@dataclass(frozen=True, eq=False)
class SuggestAreas(OfPhoto[Areas]):
    """Find up to `count` areas that tell most about its blur, beside the boxes `taken`."""

    count: int
    taken: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class CompareIdentities(Order[list[float]]):
    """Compare each face in two photos."""

    before: np.ndarray
    after: np.ndarray
    faces: tuple[Face, ...]


@dataclass(frozen=True, eq=False)
class Rehearse(Order[None]):
    """Measure the speed of this machine for such requests."""

    request: Request
