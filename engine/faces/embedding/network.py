"""A residual face recognition network (He et al., CVPR 2016) with about a million parameters and plain convolutions.

MobileFaceNet (Chen et al., CCBR 2018) has as many parameters, but its depthwise convolutions use the matrix units of
CPUs and GPUs poorly: on one CPU thread it trained at 33 faces/s, this network at 400. The last layers are
MobileFaceNet's: a depthwise convolution over the whole last map, then as many numbers as the teacher has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch.nn.functional as F
from safetensors.torch import load
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.faces.embedding import CARD_ID, SIZE

STEM = 32
# By stage: channels, and residual blocks after the convolution that halves the picture (56, 28, 14, then 7 px).
STAGES = ((64, 1), (128, 1), (128, 2))
LAST_SIDE = 7


class ConvNorm(nn.Module):
    """A 3x3 convolution and batch norm; for inference, the norm is folded into the convolution."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map N x C x H x W to N x C' x H' x W'."""
        y: Tensor = self.norm(self.conv(x))
        return y

    def fold(self) -> None:
        """Fold the norm's running statistics into the convolution; call it once, in eval mode."""
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv = fuse_conv_bn_eval(self.conv, self.norm)
            self.norm = nn.Identity()


class Residual(nn.Module):
    """Two convolutions whose result is added to their input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(ConvNorm(channels, channels), nn.PReLU(channels), ConvNorm(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        y: Tensor = x + self.layers(x)
        return y


class FaceEmbedding(nn.Module):
    """Maps aligned faces (N x 3 x 112 x 112 in [0, 1]) to embeddings (N x 512 of length 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(ConvNorm(3, STEM, stride=2), nn.PReLU(STEM))
        self.stages = nn.ModuleList()
        channels = STEM
        for outputs, count in STAGES:
            halved = (ConvNorm(channels, outputs, stride=2), nn.PReLU(outputs))
            self.stages.append(nn.Sequential(*halved, *(Residual(outputs) for _ in range(count))))
            channels = outputs
        self.head = nn.Sequential(nn.Conv2d(channels, channels, LAST_SIDE, groups=channels), nn.Flatten())
        self.last = nn.Linear(channels, SIZE)

    def features(self, faces: Tensor, depths: Sequence[int]) -> list[Tensor]:
        """Return the activations at the given depths, in increasing order.

        1: N x 32 x 56 x 56, 2: N x 64 x 28 x 28, 3: N x 128 x 14 x 14, 4: N x 128 x 7 x 7.
        """
        found: list[Tensor] = []
        x = 2 * faces - 1
        for depth, stage in enumerate([self.stem, *self.stages][: max(depths)], start=1):
            x = stage(x)
            if depth in depths:
                found.append(x)
        return found

    def raw(self, faces: Tensor) -> Tensor:
        """Return the N x 512 embeddings before normalisation to length 1."""
        (deepest,) = self.features(faces, (1 + len(STAGES),))
        embeddings: Tensor = self.last(self.head(deepest))
        return embeddings

    def forward(self, faces: Tensor) -> Tensor:
        """Return the embeddings, of length 1."""
        return F.normalize(self.raw(faces).float(), dim=1)

    def fold(self) -> FaceEmbedding:
        """Fold every batch norm into its convolution and return self, in eval mode; for inference only."""
        self.eval()
        for module in self.modules():
            if isinstance(module, ConvNorm):
                module.fold()
        return self


def load_embedding(among: Sequence[Path] | None = None) -> FaceEmbedding:
    """Return the installed face embedding, float32, folded, frozen, on the CPU; raise WeightsError if there is none.

    among: folders to search, None for `engine.weights.folders`.
    """
    # here, because a borrowed GPU machine may lack platformdirs, which training does not need
    from engine.weights import WeightsError, find_weights, read_checked

    found = find_weights(CARD_ID, among)
    if found is None:
        raise WeightsError("The weights of the face embedding are not installed: identities cannot be compared.")
    network = FaceEmbedding()
    network.load_state_dict({name: t.float() for name, t in load(read_checked(found)).items()})
    return network.fold().requires_grad_(False)
