"""What the window's process and the engine's process say to each other. Every message is one of these values.

`number` is that of an `Ask` or `Call`, under which its answers come; in `Block` and `Forget` it is that of a block.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.orders import Order
from engine.restoration.watch import PixelBox

# to the engine; Ask and Call are answered by Done or Failed


@dataclass(frozen=True, eq=False)
class Ask:
    """Do an order; make its picture in the block `into`, show tiles in the block `tiles`, None if nobody looks."""

    number: int
    order: Order[Any]
    into: np.ndarray | None = None
    tiles: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Call:
    """Call a function beside the queue of orders."""

    number: int
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


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


ToEngine = Ask | Call | Cancel | TileTaken | Block | Forget | End
ToWindow = Logged | Progress | TileShown | Done | Failed
