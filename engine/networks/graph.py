"""The interface between a network and a compiler such as OpenVINO."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from engine.networks.network import Prepared


class Run(Protocol):
    """A compiled graph."""

    def __call__(self, tiles: Tensor) -> list[Tensor]:
        """Run on N x C x h x w float32 tiles."""

    def release(self) -> None:
        """Free the memory between the layers; the next call allocates it again."""


Compile = Callable[[Sequence[Tensor]], Run]
"""Takes the numbers of a graph and returns a function that runs the graph on its tiles."""


class TwoStepNetwork(Protocol):
    """The prepare/restore protocol of `DeblurringNetwork`; networks and their compiled graphs implement it."""

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Look at a whole picture, C x H x W."""

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore N x C x h x w tiles of the prepared picture."""


@dataclass(frozen=True)
class Graph:
    """A part of a network as a graph of tensors, with an example input.

    module: takes N x C x h x w tiles and then the numbers, which are compiled in as constants. tiles: one tile; its
    height and width may vary later.
    """

    module: nn.Module
    tiles: Tensor
    numbers: tuple[Tensor, ...] = ()


class NetworkGraphs(Protocol):
    """A network as graphs of tensors, made by `Method.graphs_of`; networks without one need PyTorch."""

    def graphs(self, half: bool) -> dict[str, Graph]:
        """Return the graphs by name. half: with bfloat16 if that changes the result by less than 1/255."""

    def restorer(self, compiled: Mapping[str, Compile]) -> TwoStepNetwork:
        """Return an object that restores like the network, through its compiled graphs."""
