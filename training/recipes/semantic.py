"""Semantic deblurring: coarse net, parsing net, fine net, then all together (Shen et al. 2020, section 3)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.faces.embedding.network import load_embedding
from engine.networks.semantic import TEMPLATE
from engine.networks.semantic.deblurring import TwoScaleNet
from engine.networks.semantic.labels import LABELS
from engine.networks.semantic.network import Scales, Semantic
from engine.weights import WeightsError
from resources import resource
from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation, plain
from training.losses.adversarial import Discriminator, discriminator_loss, generator_loss
from training.losses.features import EmbeddingView, perceptual
from training.losses.parsing import IGNORED, local_structural, parsing_cross_entropy
from training.losses.pixels import l1
from training.recipe import Ablations, Change, Objective, Recipe, TrainingStage, changed, cosine

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Weights:
    """The weights of the losses (eq. 11), as printed."""

    structural: float = 50.0
    parsing: float = 1e-4
    perceptual: float = 1e-5
    adversarial: float = 5e-5


DEPTHS = (2, 3)  # depths of the face embedding, in place of VGG-Face's pool2 and pool5


def content(scales: Scales, sharp: Tensor) -> Tensor:
    """Return the L1 loss at both scales (eq. 5)."""
    return l1(scales.full.float(), sharp) + l1(scales.half.float(), F.avg_pool2d(sharp, 2))


class CoarseObjective(Objective):
    """The coarse net alone."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the content loss."""
        assert isinstance(network, Semantic)
        return {"content": content(network.coarse(batch.blurred), batch.sharp)}


class ParsingObjective(Objective):
    """Trains the parsing net on faces from sharp to blurred; needs labels.

    The results of the coarse net lie in between. To deblur a face costs eight times what it costs to learn from it.
    balanced: rare parts weigh more (`by_rarity`); otherwise as printed.
    """

    def __init__(self, balanced: bool = True) -> None:
        super().__init__()
        self.balanced = balanced

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the cross-entropy (eq. 4)."""
        assert isinstance(network, Semantic) and batch.labels is not None
        weights = by_rarity(batch.labels) if self.balanced else None
        logits = network.parse(between(batch.sharp, batch.blurred)).float()
        return {"parsed": parsing_cross_entropy(logits, batch.labels, weights)}


def between(sharp: Tensor, blurred: Tensor) -> Tensor:
    """Return pictures between the two, N x C x H x W: the first quarter sharp, the last blurred, the others mixed."""
    shares = torch.linspace(-0.5, 1.5, len(sharp), device=sharp.device).clamp(0, 1)
    return torch.lerp(sharp, blurred, shares[:, None, None, None])


def by_rarity(labels: Tensor) -> Tensor:
    """Return a weight for each class, 11: one over the root of its share of the pixels.

    An eye is a hundredth of a face: with plain cross-entropy, the network calls it skin for a long time.
    """
    known = labels != IGNORED
    counts = torch.zeros(len(LABELS), device=labels.device)
    counts.index_add_(0, labels.where(known, 0).flatten(), known.flatten().float())  # bincount would wait for the GPU
    return (counts / counts.sum().clamp(min=1)).clamp(min=1e-4).rsqrt()


class FineObjective(Objective):
    """The fine net: content and the adaptive local structural loss (eq. 5, 6)."""

    def __init__(self, weights: Weights | None = None) -> None:
        super().__init__()
        self.weights = weights or Weights()

    def begin(self, network: nn.Module) -> None:
        """Let fine nets that have learned nothing start with the coarse net's layers.

        With torch's own first values, 30,000 samples left the fine net of 26 November where it began: at nothing.
        """
        assert isinstance(network, Semantic)
        for fine in network.fine_nets:
            assert isinstance(fine, TwoScaleNet)
            start_as_coarse(fine, network.coarse_net)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of every fine stage."""
        assert isinstance(network, Semantic)
        deblurred = network.forward_all(batch.blurred)
        losses = {f"content {i + 1}": content(scales, batch.sharp) for i, scales in enumerate(deblurred.fine)}
        if batch.labels is not None:
            losses["structural"] = self._structural(deblurred.final.float(), batch.sharp, batch.labels)
        return losses

    def _structural(self, restored: Tensor, sharp: Tensor, labels: Tensor) -> Tensor:
        return self.weights.structural * local_structural(restored, sharp, labels)


@torch.no_grad()
def start_as_coarse(fine: TwoScaleNet, coarse: TwoScaleNet) -> None:
    """Copy all layers but each scale's last, if those add nothing yet. The guides start with the weight zero.

    Whether they do is decided on the device: nothing waits for it.
    """
    last = [*fine.half_scale[-1].parameters(), *fine.full_scale[-1].parameters()]
    untaught = torch.stack([~parameter.any() for parameter in last]).all()

    def take(mine: Tensor, theirs: Tensor) -> None:
        mine.copy_(torch.where(untaught, theirs, mine))

    for scale, known in ((fine.half_scale, coarse.half_scale), (fine.full_scale, coarse.full_scale)):
        for layer, model in zip(list(scale)[1:-1], list(known)[1:-1], strict=True):
            for mine, theirs in zip(layer.parameters(), model.parameters(), strict=True):
                take(mine, theirs)
        first, model = scale[0], known[0]
        assert isinstance(first, nn.Conv2d) and isinstance(model, nn.Conv2d)
        weight = torch.zeros_like(first.weight)
        weight[:, :3] = model.weight[:, :3]  # the picture
        weight[:, first.in_channels - model.in_channels + 3 :] = model.weight[:, 3:]  # the half-size result
        take(first.weight, weight)
        take(first.bias, model.bias)  # type: ignore[arg-type]


class WholeObjective(FineObjective):
    """Trains all nets together: with parsing, perceptual and adversarial losses (eq. 11)."""

    def __init__(self, weights: Weights | None = None) -> None:
        super().__init__(weights)
        self.discriminator = Discriminator()
        self.view = EmbeddingView(TEMPLATE)
        self._fake: Tensor | None = None
        self.embedding: nn.Module | None = None
        try:
            self.embedding = load_embedding([resource("weights")])
        except WeightsError as error:
            log.warning("trained without the perceptual loss: %s", error)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return all losses, weighted."""
        assert isinstance(network, Semantic)
        deblurred = network.forward_all(batch.blurred)
        final = deblurred.final.float()
        losses = {"coarse": content(deblurred.coarse, batch.sharp)}
        losses |= {f"content {i + 1}": content(scales, batch.sharp) for i, scales in enumerate(deblurred.fine)}
        if batch.labels is not None:
            losses["structural"] = self._structural(final, batch.sharp, batch.labels)
            parsed = parsing_cross_entropy(deblurred.logits.float(), batch.labels, by_rarity(batch.labels))
            losses["parsing"] = self.weights.parsing * parsed
        if self.embedding is not None:
            losses["perceptual"] = self.weights.perceptual * perceptual(final, batch.sharp, self._features)
        losses["adversarial"] = self.weights.adversarial * generator_loss(self.discriminator(final))
        self._fake = final.detach()
        return losses

    def opponent(self, network: nn.Module, batch: Batch) -> Tensor:
        """Return the discriminator's loss (eq. 9) over the faces that `forward` restored."""
        del network
        assert self._fake is not None
        return discriminator_loss(self.discriminator(batch.sharp), self.discriminator(self._fake))

    def _features(self, pictures: Tensor) -> list[Tensor]:
        found: list[Tensor] = self.embedding.features(self.view(pictures), DEPTHS)  # type: ignore[union-attr, operator]
        return found


CROP = (TEMPLATE.height, TEMPLATE.width)

RECIPE = Recipe(
    method="semantic",
    stages=(
        TrainingStage("coarse", 0.35, CoarseObjective, CROP, 32, 2e-4, trains=("coarse_net",)),
        TrainingStage("parsing", 0.1, ParsingObjective, CROP, 32, 3e-3, trains=("parsing_net",)),
        TrainingStage("fine", 0.3, FineObjective, CROP, 32, 2e-4, trains=("fine_nets",)),
        TrainingStage("together", 0.25, WholeObjective, CROP, 32, 5e-5, schedule=cosine(warmup=0.05)),
    ),
    degradation=Degradation(families=CAMERA_SHAKE, largest=27, smallest=9, read_noise=(0.0, 0.015)),
    target=1_000_000,
    settings={"widths": (16, 32, 64, 128, 256), "normalised": True},  # of the parsing net: see training/README.md
    fit=130,  # px: at this size, a roughly aligned head has the template's distance between the eyes
    leaves_out=("flickr-portraits", "web-faces", "ai-portraits"),  # faces that are not aligned
    ema=0.998,
    judge=CROP,
)


def _weighed(**weights: float) -> Change:
    chosen = replace(Weights(), **weights)
    return changed(objectives={"fine": partial(FineObjective, chosen), "together": partial(WholeObjective, chosen)})


ABLATIONS: Ablations = {
    "shares": {
        "0.35 / 0.1 / 0.3 / 0.25": changed(),
        "together more": changed(shares={"coarse": 0.25, "parsing": 0.1, "fine": 0.15, "together": 0.5}),
        "together alone": changed(shares={"coarse": 0.0, "parsing": 0.1, "fine": 0.0, "together": 0.9}),
    },
    "structural": {"50": changed(), "0": _weighed(structural=0.0), "500": _weighed(structural=500.0)},
    "perceptual": {"1e-5": changed(), "0": _weighed(perceptual=0.0), "1e-3": _weighed(perceptual=1e-3)},
    "adversarial": {"5e-5": changed(), "0": _weighed(adversarial=0.0), "5e-4": _weighed(adversarial=5e-4)},
    "fine nets": {
        "1": changed(),
        "2": changed(settings={"stages": 2}),
        "2, shared": changed(settings={"stages": 2, "shared": True}),
    },
    "parts": {"by rarity": changed(), "alike": changed(objectives={"parsing": partial(ParsingObjective, False)})},
    "skip": {"with": changed(), "without": changed(settings={"skip": False})},
    "rate": {"1": changed(), "0.5": changed(rate=0.5), "2": changed(rate=2.0)},
    "blur": {"ours": changed(), "paper": changed(degradation=plain(0.01, {"trajectory": 1.0}, largest=27))},
}
