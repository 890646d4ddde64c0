"""What of a network a compiler such as OpenVINO may take over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from engine.networks.network import Prepared


class Run(Protocol):
    """A compiled graph."""

    def __call__(self, tiles: Tensor) -> list[Tensor]:
        """Take N x C x h x w float32 tiles."""

    def release(self) -> None:
        """Give back the memory between the layers; the next call takes it again."""


Compile = Callable[[Sequence[Tensor]], Run]
"""Takes the numbers of a graph and returns what runs the graph over its tiles."""


class TwoStepNetwork(Protocol):
    """How a network meets a photo, see `DeblurringNetwork`: itself, or what runs its graphs."""

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Look at a whole picture, C x H x W."""

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore N x C x h x w tiles of the prepared picture."""


@dataclass(frozen=True)
class Graph:
    """A part of a network as a graph of tensors, with an example of what goes in.

    module: takes N x C x h x w tiles and then the numbers, which are compiled in as constants. tiles: one tile,
    whose height and width stay free.
    """

    module: nn.Module
    tiles: Tensor
    numbers: tuple[Tensor, ...] = ()


@runtime_checkable
class GraphNetwork(Protocol):
    """A network whose work is graphs of tensors; the others stay with PyTorch."""

    def graphs(self, half: bool) -> dict[str, Graph]:
        """Return its graphs by name. half: with bfloat16 where that changes the result by less than 1/255."""

    def compiled(self, graphs: Mapping[str, Compile]) -> TwoStepNetwork:
        """Return what does as the network does, by its compiled graphs."""
