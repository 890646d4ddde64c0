"""The samples of an evaluation: sharp pictures with blurred versions, generated here or given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.errors import UserError
from engine.kernels.blurring import add_noise, blur
from engine.kernels.kernel import Kernel
from engine.photos.reading import is_photo, read_photo


@dataclass(frozen=True, eq=False)
class Sample:
    """A pair for evaluation. Pictures H x W x 3 float32 in [0, 1]. kernel: the true one, if it is known.

    frames: F x H x W x 3 uint8, sharp pictures along the camera's path, if there are any; each restoration is
    compared with the nearest one (Koehler et al. 2012).
    partner: another sharp picture. same: whether it shows the same person (verification).
    """

    name: str
    sharp: np.ndarray
    blurred: np.ndarray
    kernel: Kernel | None = None
    frames: np.ndarray | None = None
    partner: np.ndarray | None = None
    same: bool | None = None

    def reference(self, pixels: np.ndarray) -> np.ndarray:
        """Return the sharp picture to compare `pixels` with: the nearest frame if there are several."""
        if self.frames is None:
            return self.sharp
        errors = [float(np.square(frame / np.float32(255) - pixels).mean()) for frame in self.frames]
        return self.frames[int(np.argmin(errors))] / np.float32(255)


def photos_in(folder: Path) -> list[Path]:
    """Return the photos of a folder, in the order of their names; raise UserError if there are none."""
    if folder.is_file():
        return [folder]
    found = sorted(path for path in folder.glob("*") if is_photo(path))
    if not found:
        raise UserError(f"{folder}: there are no photos in this folder.")
    return found


def blurred_samples(
    sharp: Path,
    kernels: Sequence[Kernel],
    noise: float,
    seed: int,
    every_pair: bool,
    most: int | None,
    side: int | None = None,
) -> Iterator[Sample]:
    """Blur the pictures of a folder, each with every kernel or with the next one; Gaussian noise, 8 bits.

    side: px to which the longer side of the sharp pictures is reduced, None for no change.
    """
    rng = np.random.default_rng(seed)
    for number, path in enumerate(photos_in(sharp)[:most]):
        picture = shrunk(read_photo(path).pixels, side)
        chosen = range(len(kernels)) if every_pair else [number % len(kernels)]
        for index in chosen:
            taken = photographed(picture, kernels[index], noise, rng)
            yield Sample(f"{path.stem}, kernel {index + 1}", picture, taken, kernels[index])


def shrunk(pixels: np.ndarray, side: int | None) -> np.ndarray:
    """Reduce H x W x 3 pixels so that the longer side has `side` px, without aliasing; never enlarge."""
    height, width = pixels.shape[:2]
    if side is None or max(height, width) <= side:
        return pixels
    factor = side / max(height, width)
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def photographed(sharp: np.ndarray, kernel: Kernel, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Blur a picture, add Gaussian noise, round to 8 bits."""
    taken = add_noise(blur(sharp, kernel, "reflect"), noise, rng)
    return (taken.clip(0, 1) * 255).round().astype(np.float32) / 255


def paired_samples(sharp: Path, blurred: Path, most: int | None) -> Iterator[Sample]:
    """Match blurred pictures to sharp ones by name: NAME.EXT, or NAME_anything.EXT (Koehler and Lai).

    A folder NAME among the sharp pictures holds frames along the camera's path (Koehler).
    """
    originals = _originals(sharp)
    for path in photos_in(blurred)[:most]:
        stem = _original(path.stem, originals)
        if stem is None:
            raise UserError(f"{path}: there is no sharp picture of this name in {sharp}.")
        after = read_photo(path).pixels
        found = [read_photo(frame).pixels for frame in photos_in(originals[stem])]
        if any(before.shape != after.shape for before in found):
            raise UserError(f"{path}: its size differs from that of {originals[stem].name}.")
        frames = np.stack([(before * 255).round().astype(np.uint8) for before in found]) if len(found) > 1 else None
        yield Sample(path.stem, found[len(found) // 2], after, frames=frames)


def _originals(sharp: Path) -> dict[str, Path]:
    """Return the sharp pictures, and the folders of frames, by their names."""
    folders = {path.name: path for path in sharp.glob("*") if path.is_dir()}
    return folders or {path.stem: path for path in photos_in(sharp)}


def _original(stem: str, originals: dict[str, Path]) -> str | None:
    """Return the longest name of a sharp picture that begins the blurred picture's name."""
    matching = [name for name in originals if stem == name or stem.startswith((f"{name}_", f"{name}-"))]
    return max(matching, key=len, default=None)
