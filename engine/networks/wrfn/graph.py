"""WRFN as graphs of tensors, for a compiler, and what restores a photo by them.

A picture in tiles goes through three graphs. One takes the statistics of a sample, which become a scale and a shift a
normalisation: constants that a compiler folds into the convolutions. The deblurring part, whose channels have a 25th
of the picture's pixels, takes large tiles. Blending, whose 32 channels are as large as the picture, takes strips.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.graph import Compile, Graph, Run
from engine.networks.network import Prepared
from engine.networks.wrfn.normalisation import InstanceNorm, norms
from engine.networks.wrfn.sampling import sample
from engine.networks.wrfn.strips import blend_in_strips

if TYPE_CHECKING:
    from engine.networks.wrfn.network import WRFN

EXAMPLE = 40  # px
WHOLE, STATISTICS, DEBLURRING, BLENDING = "whole", "statistics", "deblurring", "blending"


class Scaled(nn.Module):
    """x scale + shift: instance normalisation by statistics that are known."""

    scale: Tensor
    shift: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W to the same."""
        return x * self.scale + self.shift


class Measured(nn.Module):
    """Instance normalisation by the statistics of a whole batch, which leaves its scale and shift, 1 x C x 1 x 1."""

    def __init__(self, norm: InstanceNorm) -> None:
        super().__init__()
        self.weight, self.bias = norm.weight.detach().view(1, -1, 1, 1), norm.bias.detach().view(1, -1, 1, 1)
        self.eps = norm.eps
        self.numbers: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W to the same."""
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        variance = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
        scale = self.weight / torch.sqrt(variance + self.eps)
        self.numbers = [scale, self.bias - mean * scale]
        return x * self.numbers[0] + self.numbers[1]


class HalfConv(nn.Module):
    """A convolution whose products are of bfloat16 and whose sums are of float32."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert conv.bias is not None
        self.weight = conv.weight.detach().bfloat16()
        self.bias = conv.bias.detach().view(1, -1, 1, 1)
        self.padding = conv.padding

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W float32 to N x C' x H x W float32."""
        return F.conv2d(x.bfloat16(), self.weight, None, padding=self.padding).float() + self.bias


class Whole(nn.Module):
    """N x 1 x H x W planes to restored ones, each normalised by its own statistics."""

    def __init__(self, network: WRFN) -> None:
        super().__init__()
        self.network = network

    def forward(self, planes: Tensor) -> Tensor:
        """Restore planes."""
        restored: Tensor = self.network(planes)
        return restored


class Statistics(nn.Module):
    """N x 1 x H x W planes to the scale and the shift of every instance norm in turn."""

    def __init__(self, network: WRFN) -> None:
        super().__init__()
        self.network = network
        self.measured = [Measured(norm) for norm in norms(network).values()]
        for name, measured in zip(list(norms(network)), self.measured, strict=True):
            network.set_submodule(name, measured)

    def forward(self, planes: Tensor) -> tuple[Tensor, ...]:
        """Run the network but for its last convolution, which no statistics follow."""
        self.network.blending[:-1](self.network.deblurred(planes))
        return tuple(number for measured in self.measured for number in measured.numbers)


class Part(nn.Module):
    """N x 1 x h x w planes and numbers to the planes deblurred, or those of deblurred planes to the blended."""

    def __init__(self, network: WRFN, blends: bool) -> None:
        super().__init__()
        self.network, self.blends = network, blends
        chosen = [name for name in norms(network) if name.startswith("blending.") == blends]
        self.scaled = [Scaled() for _ in chosen]
        for name, scaled in zip(chosen, self.scaled, strict=True):
            network.set_submodule(name, scaled)

    def forward(self, planes: Tensor, *numbers: Tensor) -> Tensor:
        """Do the part."""
        for scaled, scale, shift in zip(self.scaled, numbers[::2], numbers[1::2], strict=True):
            scaled.scale, scaled.shift = scale, shift
        done: Tensor = self.network.blending(planes) if self.blends else self.network.deblurred(planes)
        return done


def graphs(network: WRFN, half: bool) -> dict[str, Graph]:
    """Return the graphs of a network by name."""
    tile = torch.rand(1, 1, EXAMPLE, EXAMPLE)

    def own() -> WRFN:
        return _halved(network) if half else copy.deepcopy(network)

    statistics = Statistics(own())
    with torch.inference_mode():
        numbers = statistics(tile)
    border = _border(network)
    found = {
        WHOLE: Graph(Whole(own()), tile),
        DEBLURRING: Graph(Part(own(), blends=False), tile, numbers[:border]),
        BLENDING: Graph(Part(own(), blends=True), tile, numbers[border:]),
    }
    return found | ({STATISTICS: Graph(statistics, tile)} if numbers else {})


def _border(network: WRFN) -> int:
    """Return how many of the numbers are the deblurring part's."""
    return 2 * sum(not name.startswith("blending.") for name in norms(network))


def _halved(network: WRFN) -> WRFN:
    """Return a copy that multiplies in bfloat16 within the blocks.

    Only there: rounding what goes into the first and the blending convolutions is seen in the picture (3 levels of
    8 bits), rounding within the blocks is not (0.7 at most on the photos tried).
    """
    network = copy.deepcopy(network)
    for block in (*network.blocks, network.blending[1]):
        block.first, block.second = HalfConv(block.first), HalfConv(block.second)
    return network


class CompiledWRFN:
    """Does on the CPU what a WRFN does, by its compiled graphs. Holds nothing of the network itself."""

    def __init__(self, network: WRFN, compiled: Mapping[str, Compile]) -> None:
        self._stride, self._skip, self._border = network.stride, network.skip, _border(network)
        self._compiled = compiled
        self._kept: dict[str, Run] = {}

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Compile the graphs; for tiles, with the statistics of each colour channel of C x H x W."""
        if not tiled:
            return Prepared(state=self._without_numbers(WHOLE))
        planes = sample(picture, self._stride).split(1, dim=1)
        return Prepared(state=[self._parts(numbers) for numbers in self._measured(planes)])

    def _measured(self, planes: Sequence[Tensor]) -> list[list[Tensor]]:
        """Return the numbers of each colour channel."""
        if STATISTICS not in self._compiled:
            return [[] for _ in planes]
        measure = self._without_numbers(STATISTICS)
        numbers = [measure(plane) for plane in planes]
        measure.release()
        return numbers

    def _without_numbers(self, name: str) -> Run:
        """Return a graph that is the same for every picture, compiled once."""
        if name not in self._kept:
            self._kept[name] = self._compiled[name](())
        return self._kept[name]

    def _parts(self, numbers: list[Tensor]) -> tuple[Run, Run]:
        deblurring, blending = numbers[: self._border], numbers[self._border :]
        return self._compiled[DEBLURRING](deblurring), self._compiled[BLENDING](blending)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore tiles of the prepared picture, one channel after the other, so that one takes memory at a time."""
        planes, restored = tiles.split(1, dim=1), torch.empty_like(tiles)
        if isinstance(prepared.state, list):
            for plane, out, parts in zip(planes, restored.split(1, dim=1), prepared.state, strict=True):
                self._restore_plane(plane, out, *parts)
        else:
            torch.cat([prepared.state(plane)[0] for plane in planes], dim=1, out=restored)
            prepared.state.release()
        return restored

    def _restore_plane(self, plane: Tensor, out: Tensor, deblur: Run, blend: Run) -> None:
        deblurred = deblur(plane)[0]
        deblur.release()
        blend_in_strips(plane, deblurred, partial(_first, blend), out, self._skip)
        blend.release()


def _first(run: Run, strip: Tensor) -> Tensor:
    return run(strip)[0]
