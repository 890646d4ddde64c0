"""What the window's process and the engine's process say to each other. Every message is one of these values.

`number` is that of an order, under which its answers come; in `Block` and `Forget` it is that of a block of memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.faces.face import Box, Face
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import PixelBox

# to the engine: orders, which are answered by Done or Failed


@dataclass(frozen=True, eq=False)
class Submit:
    """Restore a photo into the block `into`; show tiles in the block `tiles`, None if nobody looks."""

    number: int
    request: Request
    photo: Photo
    into: np.ndarray
    tiles: np.ndarray | None


@dataclass(frozen=True, eq=False)
class FindFaces:
    """Find the faces of at least `smallest` px."""

    number: int
    photo: Photo
    smallest: int


@dataclass(frozen=True, eq=False)
class FindKernel:
    """Find the kernel of a box."""

    number: int
    photo: Photo
    box: Box


@dataclass(frozen=True, eq=False)
class SuggestAreas:
    """Find up to `count` areas that tell most about the blur, beside the boxes `taken`."""

    number: int
    photo: Photo
    count: int
    taken: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class CompareIdentities:
    """Compare each face in two photos."""

    number: int
    before: np.ndarray
    after: np.ndarray
    faces: tuple[Face, ...]


@dataclass(frozen=True, eq=False)
class Rehearse:
    """Measure the speed of this machine for such requests."""

    number: int
    request: Request


@dataclass(frozen=True, eq=False)
class Call:
    """Call a function beside the queue of jobs."""

    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


# to the engine: everything else


@dataclass(frozen=True)
class Cancel:
    """Cancel an order."""

    number: int


@dataclass(frozen=True)
class TileTaken:
    """The tile in the block has been read; the next one may be written there."""

    number: int


@dataclass(frozen=True)
class Block:
    """A block of `size` bytes follows through the other connection."""

    number: int
    size: int


@dataclass(frozen=True)
class Forget:
    """A block is no longer needed."""

    number: int


@dataclass(frozen=True)
class End:
    """End the process."""


# to the window


@dataclass(frozen=True, eq=False)
class Logged:
    """A record for the window's log."""

    record: logging.LogRecord


@dataclass(frozen=True)
class Progress:
    """The share in [0, 1] of an order that is done, and the step that it is at."""

    number: int
    share: float
    step: str


@dataclass(frozen=True)
class TileShown:
    """The pixels of a tile lie in the block for tiles."""

    number: int
    box: PixelBox


@dataclass(frozen=True, eq=False)
class Done:
    """The answer to an order."""

    number: int
    result: Any


@dataclass(frozen=True, eq=False)
class Failed:
    """The error that ended an order."""

    number: int
    error: BaseException


Order = Submit | FindFaces | FindKernel | SuggestAreas | CompareIdentities | Rehearse | Call
ToEngine = Order | Cancel | TileTaken | Block | Forget | End
ToWindow = Logged | Progress | TileShown | Done | Failed
