"""Where a photo is restored: device, memory, number format. It decides how fast, and never identifies a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.errors import UserError

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice = Literal["auto", "float32", "bfloat16", "float16"]
BackendChoice = Literal["auto", "pytorch", "openvino"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run computes.

    backend: who computes on the CPU; "auto" takes OpenVINO where it is installed and a test on this machine shows it
    right and faster. tile: side in px, None for as memory allows. memory: budget in bytes of a photo, its result and
    the network together on the CPU, of the network alone on a GPU; None for what the machine has.
    """

    device: DeviceChoice = "auto"
    precision: PrecisionChoice = "auto"
    backend: BackendChoice = "auto"
    tile: int | None = None
    memory: int | None = None

    def __post_init__(self) -> None:
        if self.tile is not None and self.tile < 64:
            raise UserError("A tile must be at least 64 px wide, not {tile}.", tile=self.tile)
