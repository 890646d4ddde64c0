"""The method as others are: it finds candidates where nobody gives any, and fuses tiles of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.kernels.noise import noise_level
from engine.kernels.shaken import shaken_kernels
from engine.kernels.trust import no_blur
from engine.networks.finish.candidates import NAMES, AssumedBlur, deconvolved, found_blur, quick, stack
from engine.networks.finish.fusing import MULTIPLE, Fusing, fused
from engine.networks.network import DeblurringNetwork, Prepared
from engine.networks.views import View


@dataclass(frozen=True, eq=False)
class Candidates:
    """Restorations of a whole photo, H x W x 3 in [0, 1] in the order of NAMES, and what is known of its blur.

    taken: how much is taken of each candidate, H/8 x W/8 x NAMES, float32; it is filled in while tiles are fused.
    """

    pictures: tuple[np.ndarray, ...]
    known: AssumedBlur
    taken: np.ndarray

    @classmethod
    def of(cls, photo: np.ndarray, network: np.ndarray, deconvolved: np.ndarray, known: AssumedBlur) -> Candidates:
        """Return the candidates of a photo that is not fused yet: two more are made here, in half precision."""
        rows, columns = (-(-length // MULTIPLE) for length in photo.shape[:2])
        more = (each.astype(np.float16) for each in quick(photo, known))
        return cls((photo, network, deconvolved, *more), known, np.zeros((rows, columns, len(NAMES)), np.float32))

    def in_view(self, view: View) -> Candidates:
        """Return the candidates in another view, without a copy of the pictures; nothing is taken of them yet."""
        pictures = tuple(view.of(each) for each in self.pictures)
        return Candidates(pictures, self.known.in_view(view), np.zeros_like(view.of(self.taken)))

    def __deepcopy__(self, _: object) -> Candidates:
        """Return itself: nothing in it changes, and it is large."""
        return self


class Finish(DeblurringNetwork):
    """Restores N x 3 x H x W, H and W multiples of 8.

    given: the candidates of the one photo that is restored. Without them the kernel is searched for here, and the
    photo itself stands for a network's result.
    """

    def __init__(self, widths: Sequence[int] = (48, 72, 96), given: Candidates | None = None) -> None:
        super().__init__()
        self.widths, self.given = widths, given
        self.fusing = Fusing(widths)

    def of(self, given: Candidates) -> Finish:
        """Return this network for one photo, with the same weights."""
        other = Finish(self.widths, given)
        other.fusing = self.fusing
        return other.eval()

    def for_view(self, view: View) -> Finish:
        """Return this network for the same photo in another view."""
        return self if self.given is None else self.of(self.given.in_view(view))

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore each picture by its own kernels; training calls `fusing` with candidates that it has."""
        each = [self.restore(picture[None], self.prepare(picture, tiled=False)) for picture in blurred]
        return torch.cat(each)

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Find kernels and candidates of the whole photo, or take those that were given."""
        del tiled
        made = self.given or _made(np.ascontiguousarray(picture.detach().float().cpu().permute(1, 2, 0).numpy()))
        kernel = no_blur() if made is None else made.known.kernel
        return Prepared(kernel.values, made)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Fuse tiles. Where there are no candidates, the photo has no edges and stays as it is."""
        if prepared.state is None:
            return tiles
        made: Candidates = prepared.state
        height, width = tiles.shape[-2:]
        seen = torch.from_numpy(seen_at(made, prepared.corner, (height, width))).permute(2, 0, 1)[None].to(tiles)
        weights, residual = self.fusing.parts(seen, torch.from_numpy(made.known.trust)[None].to(tiles))
        _note(weights, made.taken, prepared.corner)
        return fused(seen, weights, residual)


def seen_at(made: Candidates, corner: tuple[int, int], size: tuple[int, int]) -> np.ndarray:
    """Return what the network sees of a tile, h x w x CHANNELS; beyond the photo is its mirror image."""
    margin = len(made.known.kernel.values) // 2
    spans = [
        slice(max(start - margin, 0), min(start + length + margin, whole))
        for start, length, whole in zip(corner, size, made.pictures[0].shape, strict=False)
    ]
    seen = stack([each[spans[0], spans[1]] for each in made.pictures], made.known.kernel)
    top, left = (start - span.start for start, span in zip(corner, spans, strict=True))
    inside = seen[top : top + size[0], left : left + size[1]]
    beyond = [(0, length - had) for length, had in zip(size, inside.shape, strict=False)]
    return np.pad(inside, [*beyond, (0, 0)], mode="symmetric")


def _note(weights: Tensor, taken: np.ndarray, corner: tuple[int, int]) -> None:
    """Put the weights of a tile into those of the photo."""
    means = F.avg_pool2d(weights.detach().float(), MULTIPLE)[0].permute(1, 2, 0).cpu().numpy()
    top, left = (start // MULTIPLE for start in corner)
    place = taken[top : top + means.shape[0], left : left + means.shape[1]]
    place[:] = means[: place.shape[0], : place.shape[1]]


def _made(pixels: np.ndarray) -> Candidates | None:
    found = shaken_kernels(pixels)
    if not found:
        return None
    known = found_blur(found, noise_level(pixels))
    return Candidates.of(pixels, pixels, deconvolved(pixels, known), known)
