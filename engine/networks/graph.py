"""What of a network a compiler such as OpenVINO may take over."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from engine.networks.network import Prepared

Numbers = tuple[Tensor, ...]


@runtime_checkable
class GraphNetwork(Protocol):
    """A network whose `restore` is one graph of tensors; the others stay with PyTorch."""

    def graph(self, tiled: bool, half: bool) -> nn.Module:
        """Return N x C x h x w and numbers to the restored tiles; a compiled copy replaces `restore`.

        tiled: for tiles of a prepared picture, else for whole ones. half: with bfloat16 where that changes the
        result by less than 1/255; the same graph as without where there is no such place.
        """

    def numbers(self, prepared: Prepared, channels: int) -> list[Numbers]:
        """Return what the graph takes beside the tiles: an entry for each share that `channels` go through in."""
