"""WRFN as graphs of tensors for a compiler, and a restorer that uses them.

If memory allows, a large picture is processed as a whole and deblurred by its own statistics; otherwise in tiles,
with the statistics of a sample. Known statistics become a scale and a shift for each normalisation: constants that a
compiler folds into the convolutions. The deblurring part, whose channels have a 25th of the picture's pixels,
processes the whole picture or large tiles. Blending, whose 32 channels are as large as the picture, processes strips;
its statistics always come from small squares of the deblurred picture. A small picture needs one graph only.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.graph import Compile, Graph, Run
from engine.networks.network import Prepared
from engine.networks.wrfn.network import WRFN
from engine.networks.wrfn.normalisation import InstanceNorm, measured, norms
from engine.networks.wrfn.sampling import MARGIN, sample, squares
from engine.networks.wrfn.strips import AT_ONCE, blend_in_strips

EXAMPLE = 40  # px
WHOLE, DEBLURRED, DEBLURRING, BLENDING = "whole", "deblurred", "deblurring", "blending"
STATISTICS, BLENDING_STATISTICS = "statistics", "blending statistics"


class FixedNorm(nn.Module):
    """Instance normalisation with known statistics: x scale + shift."""

    scale: Tensor
    shift: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        return x * self.scale + self.shift


class MeasuringNorm(nn.Module):
    """Instance normalisation by the statistics of a whole batch; it stores its scale and shift, 1 x C x 1 x 1."""

    def __init__(self, norm: InstanceNorm, margin: int) -> None:
        super().__init__()
        self.weight, self.bias = norm.weight.detach().view(1, -1, 1, 1), norm.bias.detach().view(1, -1, 1, 1)
        self.eps, self.margin = norm.eps, margin
        self.numbers: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        mean, variance = measured(x, self.margin)
        scale = self.weight / torch.sqrt(variance + self.eps)
        self.numbers = [scale, self.bias - mean * scale]
        return x * self.numbers[0] + self.numbers[1]


class HalfConv(nn.Module):
    """A convolution with products in bfloat16 and sums in float32."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert conv.bias is not None
        self.weight = conv.weight.detach().bfloat16()
        self.bias = conv.bias.detach().view(1, -1, 1, 1)
        self.padding = conv.padding

    def forward(self, x: Tensor) -> Tensor:
        """Map N x C x H x W float32 to N x C' x H x W float32."""
        return F.conv2d(x.bfloat16(), self.weight, None, padding=self.padding).float() + self.bias


class WholeGraph(nn.Module):
    """Restores N x 1 x H x W planes, each normalised by its own statistics."""

    def __init__(self, network: WRFN) -> None:
        super().__init__()
        self.network = network

    def forward(self, planes: Tensor) -> Tensor:
        """Restore planes."""
        restored: Tensor = self.network(planes)
        return restored


class DeblurringGraph(nn.Module):
    """Deblurs N x 1 x H x W planes, each normalised by its own statistics, without blending."""

    def __init__(self, network: WRFN) -> None:
        super().__init__()
        self.network = network

    def forward(self, planes: Tensor) -> Tensor:
        """Deblur planes."""
        return self.network.deblurred(planes)


class StatisticsGraph(nn.Module):
    """Deblurs N x 1 x H x W planes, and returns the scale and shift of every normalisation.

    blends: do the same for blending; the planes are then small deblurred squares with a margin.
    """

    def __init__(self, network: WRFN, blends: bool) -> None:
        super().__init__()
        self.network, self.blends = network, blends
        names = _chosen(network, blends)
        self.measured = [MeasuringNorm(norms(network)[name], MARGIN if blends else 0) for name in names]
        for name, each in zip(names, self.measured, strict=True):
            network.set_submodule(name, each)

    def forward(self, planes: Tensor) -> tuple[Tensor, ...]:
        """Return the planes and the numbers."""
        done = self.network.blending(planes) if self.blends else self.network.deblurred(planes)
        return (done, *(number for each in self.measured for number in each.numbers))


class TileGraph(nn.Module):
    """Deblurs N x 1 x h x w planes with the given numbers; or blends deblurred planes."""

    def __init__(self, network: WRFN, blends: bool) -> None:
        super().__init__()
        self.network, self.blends = network, blends
        chosen = _chosen(network, blends)
        self.scaled = [FixedNorm() for _ in chosen]
        for name, scaled in zip(chosen, self.scaled, strict=True):
            network.set_submodule(name, scaled)

    def forward(self, planes: Tensor, *numbers: Tensor) -> Tensor:
        """Deblur or blend the planes."""
        for scaled, scale, shift in zip(self.scaled, numbers[::2], numbers[1::2], strict=True):
            scaled.scale, scaled.shift = scale, shift
        done: Tensor = self.network.blending(planes) if self.blends else self.network.deblurred(planes)
        return done


class WRFNGraphs:
    """A WRFN as graphs, and what restores by them once they are compiled."""

    def __init__(self, network: WRFN) -> None:
        self.network = network

    def graphs(self, half: bool) -> dict[str, Graph]:
        """Return the graphs of the network by name."""
        network = self.network
        tile = torch.rand(1, 1, EXAMPLE, EXAMPLE)

        def own() -> WRFN:
            return _halved(network) if half else copy.deepcopy(network)

        statistics = {
            name: StatisticsGraph(own(), name == BLENDING_STATISTICS) for name in (STATISTICS, BLENDING_STATISTICS)
        }
        with torch.inference_mode():
            deblurring, blending = (each(tile)[1:] for each in statistics.values())
        found = {
            WHOLE: Graph(WholeGraph(own()), tile),
            DEBLURRED: Graph(DeblurringGraph(own()), tile),
            DEBLURRING: Graph(TileGraph(own(), blends=False), tile, deblurring),
            BLENDING: Graph(TileGraph(own(), blends=True), tile, blending),
        }
        measuring = {name: Graph(each, tile) for name, each in statistics.items()}
        return found | (measuring if deblurring else {})

    def restorer(self, compiled: Mapping[str, Compile]) -> CompiledWRFN:
        """Return what restores by the compiled graphs."""
        return CompiledWRFN(self.network, compiled)


def _chosen(network: WRFN, blends: bool) -> list[str]:
    """Return the names of the instance norms of blending, or of the deblurring part."""
    return [name for name in norms(network) if name.startswith("blending.") == blends]


def _halved(network: WRFN) -> WRFN:
    """Return a copy that multiplies in bfloat16 within the blocks.

    Rounding the inputs of the first and the blending convolutions is visible in the picture (3 levels of 8 bits).
    Rounding within the blocks is not (0.7 at most on the photos tried).
    """
    network = copy.deepcopy(network)
    for block in (*network.blocks, network.blending[1]):
        block.first, block.second = HalfConv(block.first), HalfConv(block.second)
    return network


class CompiledWRFN:
    """Restores like a WRFN on the CPU, by compiled graphs. Holds nothing of the network itself."""

    def __init__(self, network: WRFN, compiled: Mapping[str, Compile]) -> None:
        self._stride, self._skip = network.stride, network.skip
        self._compiled = compiled
        self._kept: dict[str, Run] = {}

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Compile the graphs; for tiles, with the statistics of each colour channel of C x H x W."""
        if not tiled:
            small = picture.shape[-2] * picture.shape[-1] <= AT_ONCE
            self._without_numbers(WHOLE if small else DEBLURRED)
            return Prepared()
        planes = sample(picture, self._stride).split(1, dim=1)
        return Prepared(state=[self._parts(plane) for plane in planes])

    def _without_numbers(self, name: str) -> Run:
        """Return a graph without numbers, compiled once because it is the same for every picture."""
        if name not in self._kept:
            self._kept[name] = self._compiled[name](())
        return self._kept[name]

    def _parts(self, planes: Tensor) -> tuple[Run, Run]:
        """Return deblurring and blending, compiled with the statistics of the planes."""
        if STATISTICS not in self._compiled:
            return self._compiled[DEBLURRING](()), self._compiled[BLENDING](())
        measure = self._without_numbers(STATISTICS)
        deblurred, *numbers = measure(planes)
        measure.release()
        return self._compiled[DEBLURRING](numbers), self._blending(deblurred)

    def _blending(self, deblurred: Tensor) -> Run:
        """Return blending, compiled with the statistics of the deblurred picture."""
        if BLENDING_STATISTICS not in self._compiled:
            return self._without_numbers(BLENDING)
        measure = self._without_numbers(BLENDING_STATISTICS)
        _, *numbers = measure(squares(deblurred))
        measure.release()
        return self._compiled[BLENDING](numbers)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore tiles of the prepared picture, one channel after another to save memory."""
        planes, restored = tiles.split(1, dim=1), torch.empty_like(tiles)
        if prepared.state is None and tiles.shape[-2] * tiles.shape[-1] <= AT_ONCE:
            run = self._without_numbers(WHOLE)
            torch.cat([run(plane)[0] for plane in planes], dim=1, out=restored)
            run.release()
            return restored
        for channel, (plane, out) in enumerate(zip(planes, restored.split(1, dim=1), strict=True)):
            if prepared.state is None:
                self._restore_plane(plane, out, self._without_numbers(DEBLURRED), None)
            else:
                self._restore_plane(plane, out, *prepared.state[channel])
        return restored

    def _restore_plane(self, plane: Tensor, out: Tensor, deblur: Run, blend: Run | None) -> None:
        """Restore N x 1 x h x w into `out`; blend: None to measure its statistics in the plane."""
        deblurred = deblur(plane)[0]
        deblur.release()
        blend = blend or self._blending(deblurred)
        blend_in_strips(plane, deblurred, partial(_first, blend), out, self._skip)
        blend.release()


def _first(run: Run, strip: Tensor) -> Tensor:
    return run(strip)[0]
