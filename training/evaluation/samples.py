"""What is restored and compared: sharp pictures with their blurred versions, made here or given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.kernels.blurring import add_noise, blur
from engine.kernels.kernel import Kernel
from engine.photos.reading import is_photo, read_photo


@dataclass(frozen=True, eq=False)
class Sample:
    """A pair to judge by. Pictures H x W x 3 float32 in [0, 1]; kernel: the true one, where it is known."""

    name: str
    sharp: np.ndarray
    blurred: np.ndarray
    kernel: Kernel | None = None


def photos_in(folder: Path) -> list[Path]:
    """Return the photos of a folder, in the order of their names; a UserError where there are none."""
    if folder.is_file():
        return [folder]
    found = sorted(path for path in folder.glob("*") if is_photo(path))
    if not found:
        raise UserError(f"{folder}: there are no photos in this folder.")
    return found


def blurred_samples(
    sharp: Path, kernels: Sequence[Kernel], noise: float, seed: int, every_pair: bool, most: int | None
) -> Iterator[Sample]:
    """Blur the pictures of a folder: each with every kernel, or kernels in turn; Gaussian noise, 8 bits."""
    rng = np.random.default_rng(seed)
    for number, path in enumerate(photos_in(sharp)[:most]):
        picture = read_photo(path).pixels
        chosen = range(len(kernels)) if every_pair else [number % len(kernels)]
        for index in chosen:
            taken = add_noise(blur(picture, kernels[index], "reflect"), noise, rng)
            eight_bit = (taken.clip(0, 1) * 255).round().astype(np.float32) / 255
            yield Sample(f"{path.stem}, kernel {index + 1}", picture, eight_bit, kernels[index])


def paired_samples(sharp: Path, blurred: Path, most: int | None) -> Iterator[Sample]:
    """Match blurred pictures to sharp ones by name: NAME.EXT, or NAME_anything.EXT as Koehler and Lai have."""
    originals = {path.stem: path for path in photos_in(sharp)}
    for path in photos_in(blurred)[:most]:
        stem = _original(path.stem, originals)
        if stem is None:
            raise UserError(f"{path}: there is no sharp picture of this name in {sharp}.")
        before, after = read_photo(originals[stem]).pixels, read_photo(path).pixels
        if before.shape != after.shape:
            raise UserError(f"{path}: its size differs from that of {originals[stem].name}.")
        yield Sample(path.stem, before, after)


def _original(stem: str, originals: dict[str, Path]) -> str | None:
    """Return the longest name of a sharp picture that the blurred one's begins with."""
    matching = [name for name in originals if stem == name or stem.startswith((f"{name}_", f"{name}-"))]
    return max(matching, key=len, default=None)
