"""Where a photo is restored: device, memory, number format. It decides how fast, and never identifies a result."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Literal

from engine.errors import UserError
from engine.option_fields import option

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice = Literal["auto", "float32", "bfloat16", "float16"]
BackendChoice = Literal["auto", "pytorch", "openvino"]


def _megabytes(text: str) -> int:
    """Return the bytes of so many megabytes, as an option gives them."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of megabytes of at least 1")
    return int(text) * 1_000_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run computes. The fields are options of the command line, too.

    backend: who computes on the CPU; "auto" takes OpenVINO where it is installed and a test on this machine shows it
    right and faster. tile: side in px, None for as memory allows. memory: budget in bytes of a photo, its result and
    the network together on the CPU, of the network alone on a GPU; None for what the machine has.
    """

    device: DeviceChoice = option("auto", help="where to compute (default: auto, the fastest)")
    precision: PrecisionChoice = option(
        "auto", help="number format of the network (default: auto, the fastest that is safe on the device)"
    )
    backend: BackendChoice = option("auto", help="library that computes on the CPU (default: auto, the faster one)")
    tile: int | None = option(
        None, read=int, metavar="N", help="largest side of a tile in px (default: as large as memory allows)"
    )
    memory: int | None = option(
        None,
        read=_megabytes,
        metavar="MB",
        help="budget for a photo, its result and the network together (default: all that is free)",
    )

    def __post_init__(self) -> None:
        if self.tile is not None and self.tile < 64:
            raise UserError("A tile must be at least 64 px wide, not {tile}.", tile=self.tile)
