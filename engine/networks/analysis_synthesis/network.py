"""Analysis and synthesis in sequence, as one pair or as three pairs behind a classifier (Sec. 3, 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from engine.networks.analysis_synthesis.analysis import Analysis, fitted
from engine.networks.analysis_synthesis.classifier import SizeClassifier
from engine.networks.analysis_synthesis.synthesis import Synthesis
from engine.networks.analysis_synthesis.window import texture_window
from engine.networks.luma import luma_of
from engine.networks.network import DeblurringNetwork, Prepared

Taken = Callable[[Tensor], Tensor]
OUTSIDE = 1e-3  # share of a kernel's mass that may lie outside the window that it fits


class AnalysisSynthesis(DeblurringNetwork):
    """Restores N x 3 x H x W; H and W are multiples of 2^levels and at least 32 px.

    kernel_sizes: the largest side in px, odd, of the kernels for each pair, ascending. One size means one pair.
    Several, (31, 61, 85) in the paper, mean as many pairs behind a classifier. The pairs share no weights, because
    they are meant to differ (Table 3: +0.34 dB). But all weights have the shapes of a single pair with the same
    largest kernel, so that each pair can start from that. The classifier learns by cross-entropy on `classify`: its
    choice is hard, and no gradient passes from the picture.
    features, maps: see `Analysis`. channels, levels, multiplicative, additive, skip: see `Synthesis`.
    """

    def __init__(
        self,
        kernel_sizes: Sequence[int] = (51,),
        features: int = 64,
        maps: int = 32,
        channels: int = 128,
        levels: int = 4,
        multiplicative: bool = True,
        additive: bool = True,
        skip: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_sizes = tuple(kernel_sizes)
        if not self.kernel_sizes or list(self.kernel_sizes) != sorted(set(self.kernel_sizes)):
            raise ValueError(f"kernel sizes must ascend, not be {self.kernel_sizes}")
        self.kernel_size = self.kernel_sizes[-1]
        self.analyses = nn.ModuleList(Analysis(size, features=features, maps=maps) for size in self.kernel_sizes)
        self.syntheses = nn.ModuleList(
            Synthesis(self.kernel_size, channels, levels, multiplicative, additive, skip) for _ in self.kernel_sizes
        )
        if len(self.kernel_sizes) > 1:
            self.classifier = SizeClassifier(self.kernel_size, len(self.kernel_sizes), features, maps)

    def forward(self, blurred: Tensor) -> Tensor:
        """Estimate each picture's kernel and restore the picture with it."""
        return self.synthesise(blurred, self.kernels(blurred))

    def kernels(self, blurred: Tensor) -> Tensor:
        """Estimate each picture's kernel."""
        return self.analyse(luma_of(blurred))

    def analyse(self, luma: Tensor, classes: Tensor | None = None) -> Tensor:
        """Return N x 1 x m x m kernels, float32, sum 1, for N x 1 x H x W luma; m is the largest side.

        classes: N indices of the pairs to use; None lets the classifier choose.
        """
        if classes is None and len(self.analyses) > 1:
            classes = self.classify(luma).argmax(dim=1)
        return _each_by_its_own(self.analyses, classes, lambda net, of: fitted(net(of(luma)), self.kernel_size))

    def synthesise(self, blurred: Tensor, kernels: Tensor) -> Tensor:
        """Restore N x 3 x H x W, blurred by N x 1 x k x k kernels that sum to 1, k odd."""
        classes = self.classes_of(kernels) if len(self.syntheses) > 1 else None
        return _each_by_its_own(self.syntheses, classes, lambda net, of: net(of(blurred), of(kernels)))

    def classify(self, luma: Tensor) -> Tensor:
        """Return N x pairs logits for N x 1 x H x W luma: which pair should restore it. For several pairs only."""
        logits: Tensor = self.classifier(luma)
        return logits

    def classes_of(self, kernels: Tensor) -> Tensor:
        """Return, for N x 1 x k x k kernels, the index of the first pair that each fits.

        It is the classifier's target and selects the synthesis network.
        """
        inside = torch.stack([fitted(kernels, size).float().sum((-3, -2, -1)) for size in self.kernel_sizes[:-1]])
        return (inside < 1 - OUTSIDE).sum(dim=0)

    def compilable(self) -> list[nn.Module]:
        """Return everything but the correlations: inductor generates no code for complex numbers."""
        return [*self.syntheses, *(level.features for analysis in self._everything() for level in analysis.levels)]

    def _everything(self) -> list[Analysis]:
        """Return every analysis network, including the classifier's."""
        return [module for module in self.modules() if isinstance(module, Analysis)]

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Estimate the kernel from the part of the photo that has the most texture."""
        del tiled  # one kernel for the whole photo either way
        window = texture_window(luma_of(picture[None])[0, 0])
        kernel = self.analyse(window[None, None].to(self.device)).detach()
        return Prepared(kernel=kernel[0, 0].cpu().numpy(), state=kernel)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore tiles, all with the whole photo's kernel."""
        kernel: Tensor = prepared.state
        return self.synthesise(tiles, kernel.to(tiles.device).expand(len(tiles), -1, -1, -1))


def _each_by_its_own(
    nets: nn.ModuleList, classes: Tensor | None, ask: Callable[[nn.Module, Taken], Tensor]
) -> Tensor:
    """Combine the results of each sample's own network.

    classes: N indices of networks; None uses the first network for all. ask: runs a network on the samples that the
    function passed to it selects.
    """
    if classes is None:
        return ask(nets[0], lambda tensor: tensor)
    order, answers = [], []
    for index, net in enumerate(nets):
        those = (classes == index).nonzero()[:, 0]
        if len(those):
            order.append(those)
            answers.append(ask(net, lambda tensor, those=those: tensor[those]))  # type: ignore[misc]
    together = torch.cat(answers)
    return torch.empty_like(together).index_copy(0, torch.cat(order), together)
