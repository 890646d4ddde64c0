"""Semantic face deblurring: coarse net, parsing net, fine nets (Fig. 3).

Parameters: coarse net 3.36 M, parsing net 7.76 M, a fine net 3.58 M. Together they are 14.69 M with one fine net; the
paper's Table 7 says 14.80 M. Its Table 8 gives 11.86 M to each fine net, which two scales of 18 layers of 64 channels
cannot have. We follow the printed layout. The paper does not specify the parsing net, so its size is chosen to match
the total. The shipped weights have a parsing net of half the width, normalised by batches: 1.94 M, together 8.88 M.
It learns four times as fast, and labels better (training/README.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.networks.network import DeblurringNetwork
from engine.networks.semantic.deblurring import TwoScaleNet
from engine.networks.semantic.labels import LABELS
from engine.networks.semantic.parsing import WIDTHS, ParsingNet

CHANNELS = 64


@dataclass(frozen=True)
class Scales:
    """A deblurring net's two outputs: N x 3 x H/2 x W/2 and N x 3 x H x W."""

    half: Tensor
    full: Tensor


@dataclass(frozen=True)
class Deblurred:
    """Intermediate results that the losses need. logits: N x 11 x H x W, of the coarse picture. fine: by stage."""

    coarse: Scales
    logits: Tensor
    fine: tuple[Scales, ...]

    @property
    def final(self) -> Tensor:
        """The restored pictures, N x 3 x H x W."""
        return self.fine[-1].full


class Semantic(DeblurringNetwork):
    """Restores aligned faces: N x 3 x H x W to the same, H and W multiples of 16 (trained at 128 x 128).

    stages: fine nets in sequence (the paper's N). shared: they are one net, used repeatedly (Table 8).
    skip: the coarse net adds to the blurred picture, a fine net to the previous result, and both start at zero; not
    in the paper, no parameters. channels: width of the deblurring nets. widths: of the parsing net, by level.
    normalised: the parsing net normalises by batches.
    """

    def __init__(
        self,
        stages: int = 1,
        shared: bool = False,
        skip: bool = True,
        channels: int = CHANNELS,
        widths: Sequence[int] = WIDTHS,
        normalised: bool = False,
    ) -> None:
        super().__init__()
        if stages < 1:
            raise ValueError(f"there is at least one fine stage, not {stages}")
        self.stages = stages
        self.coarse_net = TwoScaleNet(guides=0, channels=channels, skip=skip)
        self.parsing_net = ParsingNet(widths, normalised)
        nets = 1 if shared else stages
        self.fine_nets = nn.ModuleList(
            TwoScaleNet(guides=3 + len(LABELS), channels=channels, skip=skip) for _ in range(nets)
        )

    def compilable(self) -> list[nn.Module]:
        """Return the three nets; the first stages of training call them one by one."""
        return [self.coarse_net, self.parsing_net, *self.fine_nets]

    def coarse(self, blurred: Tensor) -> Scales:
        """Return y_c = G_c(x) (eq. 1)."""
        return Scales(*self.coarse_net(blurred))

    def parse(self, pictures: Tensor) -> Tensor:
        """Return the logits of p = P(y_c) (eq. 2), N x 11 x H x W."""
        logits: Tensor = self.parsing_net(pictures)
        return logits

    def fine(self, blurred: Tensor, coarse: Tensor, maps: Tensor) -> tuple[Scales, ...]:
        """Return y = G_f(x, y_c, p) of every stage (eq. 3); maps: N x 11 x H x W, with sum 1 at each pixel."""
        guides = torch.cat([blurred, maps], dim=1)
        results: list[Scales] = []
        for stage in range(self.stages):
            picture = results[-1].full if results else coarse
            results.append(Scales(*self.fine_nets[stage % len(self.fine_nets)](picture, guides)))
        return tuple(results)

    def forward_all(self, blurred: Tensor) -> Deblurred:
        """Run the whole model and keep the intermediate results."""
        coarse = self.coarse(blurred)
        logits = self.parse(coarse.full)
        return Deblurred(coarse, logits, self.fine(blurred, coarse.full, logits.softmax(dim=1)))

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore pictures."""
        return self.forward_all(blurred).final
