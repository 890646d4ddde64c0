"""The wide-receptive-field network: resample, eight residual blocks, un-resample, blend (Fig. 3)."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.network import DeblurringNetwork, Prepared
from engine.networks.wrfn.normalisation import InstanceNorm, Statistics, held, recorded
from engine.networks.wrfn.sampling import MARGIN, sample, squares
from engine.networks.wrfn.strips import AT_ONCE, blend_in_strips

Norm = Literal["instance", "batch", "none"]

BLENDING_CHANNELS = 32


def _norm(kind: Norm, channels: int) -> nn.Module:
    match kind:
        case "instance":
            return InstanceNorm(channels)
        case "batch":
            return nn.BatchNorm2d(channels)
        case "none":
            return nn.Identity()
        case _:
            raise ValueError(f"norm must be instance, batch or none, not {kind!r}")


def _conv(inputs: int, outputs: int, size: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, padding=size // 2)


class ResidualBlock(nn.Module):
    """Computes x + norm(conv(relu(norm(conv(x))))), 3x3 (Fig. 3b)."""

    def __init__(self, channels: int, norm: Norm) -> None:
        super().__init__()
        self.first = _conv(channels, channels, 3)
        self.first_norm = _norm(norm, channels)
        self.second = _conv(channels, channels, 3)
        self.second_norm = _norm(norm, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        hidden = F.relu(self.first_norm(self.first(x)))
        return x + self.second_norm(self.second(hidden))


class WRFN(DeblurringNetwork):
    """Restores each colour channel alone: N x C x H x W to the same, H and W multiples of `stride`.

    stride (s), blocks (b), channels (C): as in the paper; 18 b C^2 + 34 C s^2 + 19008 weights, plus biases and affine
    norms. swap: first convolution 3x3, last 5x5 (Table 1). skip: the network's output is added to its input and
    starts at zero; not in the paper, no parameters.
    """

    def __init__(
        self,
        stride: int = 5,
        blocks: int = 8,
        channels: int = 96,
        norm: Norm = "instance",
        skip: bool = True,
        swap: bool = False,
    ) -> None:
        super().__init__()
        self.stride, self.skip = stride, skip
        resampled = stride**2
        self.first = _conv(resampled, channels, 3 if swap else 5)
        self.blocks = nn.Sequential(*(ResidualBlock(channels, norm) for _ in range(blocks)))
        self.last = _conv(channels, resampled, 5 if swap else 3)
        self.blending = nn.Sequential(
            _conv(1, BLENDING_CHANNELS, 3),
            ResidualBlock(BLENDING_CHANNELS, norm),
            _conv(BLENDING_CHANNELS, 1, 3),
        )
        if skip:
            nn.init.zeros_(self.blending[-1].weight)  # type: ignore[arg-type]
            nn.init.zeros_(self.blending[-1].bias)  # type: ignore[arg-type]

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore pictures, each normalised by its own statistics."""
        planes = blurred.reshape(-1, 1, *blurred.shape[-2:])
        blended = self.blending(self.deblurred(planes))
        restored: Tensor = planes + blended if self.skip else blended
        return restored.reshape(blurred.shape)

    def deblurred(self, planes: Tensor) -> Tensor:
        """Run the deblurring part on N x 1 x H x W, without blending."""
        if planes.shape[-1] % self.stride or planes.shape[-2] % self.stride:
            raise ValueError(f"height and width must be multiples of {self.stride}")
        resampled = F.pixel_unshuffle(planes, self.stride).contiguous(memory_format=torch.channels_last)
        return F.pixel_shuffle(self.last(self.blocks(self.first(resampled))), self.stride)

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Measure the statistics of each colour channel in evenly spread tiles, if tiles will be restored.

        Deblurring is sensitive to them. They are measured in the whole picture if it fits into memory.
        """
        if not tiled:
            return Prepared()
        seen = sample(picture, self.stride).to(self.device)
        return Prepared(state=[self._statistics(plane) for plane in seen.split(1, dim=1)])

    def _statistics(self, planes: Tensor) -> Statistics:
        with recorded(self.blocks) as statistics:
            deblurred = self.deblurred(planes)
        blocks = {f"blocks.{name}": numbers for name, numbers in statistics.items()}
        return blocks | self._blending_statistics(deblurred)

    def _blending_statistics(self, deblurred: Tensor) -> Statistics:
        with recorded(self.blending, MARGIN) as statistics:
            self.blending(squares(deblurred))
        return {f"blending.{name}": numbers for name, numbers in statistics.items()}

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore tiles, with the whole picture's statistics if it was prepared for tiles."""
        if prepared.state is None and tiles.shape[-2] * tiles.shape[-1] <= AT_ONCE:
            together = tiles.is_cuda or tiles.shape[1] == 1
            return self(tiles) if together else torch.cat([self(plane) for plane in tiles.split(1, dim=1)], dim=1)
        restored = torch.empty_like(tiles)
        for channel, (plane, out) in enumerate(zip(tiles.split(1, dim=1), restored.split(1, dim=1), strict=True)):
            if prepared.state is None:
                for picture, place in zip(plane.split(1), out.split(1), strict=True):
                    self._restore_whole(picture, place)
            else:
                with held(self, prepared.state[channel]):
                    blend_in_strips(plane, self.deblurred(plane), self.blending, out, self.skip)
        return restored

    def _restore_whole(self, plane: Tensor, out: Tensor) -> None:
        """Restore one plane by its own statistics: exact ones for deblurring, those of squares for blending."""
        deblurred = self.deblurred(plane)
        with held(self, self._blending_statistics(deblurred)):
            blend_in_strips(plane, deblurred, self.blending, out, self.skip)
