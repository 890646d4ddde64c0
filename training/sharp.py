"""The sharp set: pictures decoded once into one uint8 buffer on the device, cropped there in batches."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engine.errors import UserError
from engine.networks.semantic.labels import MIRRORED
from training.hardware import sent
from training.sources import Source, ahead, decoded_or_reason, held_out, sources, zipped

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Crops:
    """count x C x H x W float32 in [0, 1]; labels count x H x W int64 where the set has them, else None."""

    pixels: Tensor
    labels: Tensor | None


class SharpSet:
    """Pictures of any size in one flat buffer (P x 3 uint8), so that a batch of crops is one gather."""

    def __init__(
        self,
        pictures: Sequence[np.ndarray],
        labels: Sequence[np.ndarray] | None = None,
        places: Sequence[str] = (),
    ) -> None:
        self.places = tuple(places)
        if not pictures:
            raise UserError("There are no photos to train on.")
        sizes = torch.tensor([p.shape[:2] for p in pictures])
        self.heights, self.widths = sizes[:, 0], sizes[:, 1]
        self.starts = torch.cumsum(self.heights * self.widths, 0) - self.heights * self.widths
        self.pixels = torch.from_numpy(np.concatenate([p.reshape(-1, 3) for p in pictures]))
        self.labels = torch.from_numpy(np.concatenate([x.reshape(-1) for x in labels])) if labels else None

    def __len__(self) -> int:
        return len(self.starts)

    def to(self, device: torch.device) -> SharpSet:
        """Move the buffer to a device; sizes stay on the CPU, where they are drawn from."""
        self.pixels = self.pixels.to(device)
        self.labels = None if self.labels is None else self.labels.to(device)
        return self

    def picture(self, index: int) -> np.ndarray:
        """Return one picture, H x W x 3 uint8."""
        height, width, start = int(self.heights[index]), int(self.widths[index]), int(self.starts[index])
        return self.pixels[start : start + height * width].view(height, width, 3).cpu().numpy()

    def crops(
        self, count: int, height: int, width: int, generator: torch.Generator, colour: bool, mirror: bool = True
    ) -> Crops:
        """Draw random crops; a picture smaller than the crop is continued by its reflection.

        Without `colour` each crop is one randomly chosen channel. The CPU `generator` makes all choices.
        """
        chosen = torch.randint(len(self), (count,), generator=generator)
        flipped = (torch.rand(count, generator=generator) < 0.5) & mirror
        rows = _line(self.heights[chosen], height, torch.zeros(count, dtype=torch.bool), generator)
        columns = _line(self.widths[chosen], width, flipped, generator)
        channel = torch.randint(3, (count,), generator=generator)
        device = self.pixels.device
        row_starts = self.starts[chosen, None] + rows * self.widths[chosen, None]
        where = sent(row_starts, device)[:, :, None] + sent(columns, device)[:, None, :]
        if colour:
            pixels = self.pixels[where].permute(0, 3, 1, 2)
        else:
            pixels = self.pixels.view(-1)[where * 3 + sent(channel, device)[:, None, None]][:, None]
        labels = None if self.labels is None else self._labels(where, sent(flipped, device))
        return Crops(pixels.to(torch.float32) / 255, labels)

    def _labels(self, where: Tensor, flipped: Tensor) -> Tensor:
        """Return the label maps of crops; a mirrored face has its left eye on the other side."""
        assert self.labels is not None
        labels = self.labels[where].long()
        other_side = sent(torch.tensor(MIRRORED), labels.device)
        return torch.where(flipped[:, None, None], other_side[labels], labels)


def _line(sides: Tensor, length: int, flipped: Tensor, generator: torch.Generator) -> Tensor:
    """Return count x length coordinates within 0 ... side - 1, from a random start, reflected at the ends."""
    room = sides - length
    low, high = room.clamp(max=0), room.clamp(min=0)
    start = low + (torch.rand(len(sides), generator=generator) * (high - low + 1)).long()
    steps = torch.arange(length)
    steps = torch.where(flipped[:, None], steps.flip(0), steps)
    period = (2 * (sides - 1)).clamp(min=1)[:, None]
    place = torch.remainder(start[:, None] + steps, period)
    return torch.where(place >= sides[:, None], period - place, place).clamp(max=(sides - 1)[:, None])


def load(
    paths: Sequence[Path],
    fit: int | None = None,
    labels: Path | None = None,
    most: int | None = None,
    leaves_out: tuple[str, ...] = (),
) -> tuple[SharpSet, SharpSet]:
    """Read pictures and return (training set, held-out set), see `held_out`.

    labels: a zip of label maps with the pictures' names (pictures without one are left out, and those whose names end
    in one of `leaves_out`).
    """
    maps = _label_maps(labels) if labels else None
    usable_names = ((s, Path(s.name).stem) for s in sources(paths))
    wanted = (s for s, stem in usable_names if (maps is None or stem in maps) and not stem.endswith(leaves_out))

    def read(source: Source) -> tuple[Source, np.ndarray | None]:
        return replace(source, data=b""), _try_decode(source, fit)

    found = list(ahead(read, islice(wanted, most), os.cpu_count() or 1))
    usable = [(s, p) for s, p in found if p is not None]
    log.info("%d sharp pictures, %d unreadable", len(usable), len(found) - len(usable))
    if not usable:
        raise UserError("There are no photos to train on.")
    held = held_out([source.name for source, _ in usable])
    kept = [i for i in range(len(usable)) if i not in held] or [0]
    return _packed(usable, kept, maps), _packed(usable, sorted(held), maps)


def everything(paths: Sequence[Path], fit: int | None = None) -> SharpSet:
    """Read all pictures, none held out."""
    found = (_try_decode(source, fit) for source in sources(paths))
    return SharpSet([picture for picture in found if picture is not None])


def _try_decode(source: Source, fit: int | None) -> np.ndarray | None:
    found = decoded_or_reason(source, fit)
    if isinstance(found, str):
        log.warning("%s is left out: %s", source.name, found)
        return None
    return found


def _label_maps(path: Path) -> dict[str, bytes]:
    return {Path(s.name).stem: s.data for s in zipped(path)}


def _packed(
    usable: Sequence[tuple[Source, np.ndarray]], which: Sequence[int], maps: Mapping[str, bytes] | None
) -> SharpSet:
    pictures = [usable[i][1] for i in which]
    places = [usable[i][0].place for i in which]
    if maps is None:
        return SharpSet(pictures, places=places)
    labels = [
        label_map(maps[Path(usable[i][0].name).stem], (p.shape[1], p.shape[0]))
        for i, p in zip(which, pictures, strict=True)
    ]
    return SharpSet(pictures, labels, places)


def label_map(data: bytes, size: tuple[int, int]) -> np.ndarray:
    """Return an encoded map at a size (width, height), H x W uint8."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("L").resize(size, Image.Resampling.NEAREST))
