"""Draws the state of a run: held-out crops, blurred, restored and sharp."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.errors import UserError
from engine.whole_files import write_whole
from training.degradation import Context, Degradation, degrade, kernel_bank
from training.sharp import SharpSet

log = logging.getLogger(__name__)

SEED = 20_200_714
FOLDER = "samples"
_SEARCHED = 12  # held-out pictures that are searched for a face


class Samples:
    """Up to `count` crops of `size` (height, width) px around faces of held-out pictures, always the same."""

    def __init__(
        self,
        held_out: SharpSet,
        degradation: Degradation,
        size: tuple[int, int],
        device: torch.device,
        count: int = 5,
    ) -> None:
        bank = kernel_bank(degradation, SEED, count=4 * count)
        middling = bank.square().sum((1, 2, 3)).argsort()[2 * count : 3 * count]  # neither slight nor hopeless blur
        context = Context(*size, bank.shape[-1])
        crops = _crops(held_out, context.outer, count)
        kernels = bank[middling[: len(crops)]].to(device)
        generator = torch.Generator(device).manual_seed(SEED)
        sharp = crops.to(device)
        self.blurred, _ = degrade(sharp, kernels, context, degradation, generator)
        self.sharp = context.inner(sharp)

    @torch.inference_mode()
    def write(self, restore: Callable[[Tensor], Tensor], path: Path) -> None:
        """Write a PNG of three rows, blurred, restored by N x 3 x H x W -> the same, and sharp; a column a crop."""
        restored = torch.cat([restore(one[None]).float() for one in self.blurred]).clamp(0, 1)
        rows = [torch.cat(list(part), dim=-1) for part in (self.blurred, restored, self.sharp)]
        picture = (torch.cat(rows, dim=-2).permute(1, 2, 0) * 255).round().to(torch.uint8).cpu().numpy()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: Image.fromarray(picture).save(file, "PNG"))


def _crops(held_out: SharpSet, size: tuple[int, int], count: int) -> Tensor:
    """Return up to count x 3 x size in [0, 1], those about a face first."""
    find = _face_finder()
    centred: list[np.ndarray] = []
    others: list[np.ndarray] = []
    for index in range(min(len(held_out), _SEARCHED)):
        picture = held_out.picture(index)
        centre = find(picture) if find is not None else None
        height, width = picture.shape[:2]
        (others if centre is None else centred).append(cut(picture, centre or (width / 2, height / 2), size))
        if len(centred) == count:
            break
    chosen = np.stack([*centred, *others][:count])
    return torch.from_numpy(chosen).permute(0, 3, 1, 2).to(torch.float32) / 255


def _face_finder() -> Callable[[np.ndarray], tuple[float, float] | None] | None:
    """Return a function that finds the centre (x, y) of the largest face, or None without MTCNN."""
    try:
        from engine.faces.detection import FaceFinder

        finder = FaceFinder()
    except (ImportError, UserError):
        log.info("MTCNN is not installed: the samples are the centres of the pictures")
        return None

    def middle(picture: np.ndarray) -> tuple[float, float] | None:
        faces = finder.find(picture)
        if not faces:
            return None
        left, top, right, bottom = faces[0].box
        return (left + right) / 2, (top + bottom) / 2

    return middle


def cut(picture: np.ndarray, centre: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """Return size (height, width) about (x, y), moved inside; a smaller picture is continued by reflection."""
    height, width = picture.shape[:2]
    lacks = [max(0, wanted - side) for wanted, side in zip(size, (height, width), strict=True)]
    padded = np.pad(picture, [*((lack // 2, lack - lack // 2) for lack in lacks), (0, 0)], mode="symmetric")
    starts = [
        int(np.clip(round(at + lack // 2 - wanted / 2), 0, side - wanted))
        for at, lack, wanted, side in zip(centre[::-1], lacks, size, padded.shape[:2], strict=True)
    ]
    return padded[starts[0] : starts[0] + size[0], starts[1] : starts[1] + size[1]]
