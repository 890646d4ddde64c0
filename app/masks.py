"""The mask of a photo that is restored outside the window: from a file, or as it was painted in the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.photos.photo import Photo

if TYPE_CHECKING:
    from engine.masks.mask import Mask


def mask_for(photo: Photo, file: Path | None, painted: bool = False) -> Mask | None:
    """Return the mask of a photo, None where it has none; raise UserError for a file that cannot be its mask.

    file: a mask for every photo. painted: without a file, take what was painted in the window for this photo.
    """
    from engine.masks.files import load_mask

    if file is not None:
        return load_mask(file, photo.size)
    return painted_mask(photo) if painted and photo.path is not None else None


def painted_mask(photo: Photo) -> Mask | None:
    """Return what was painted in the window for a photo, None where nothing was."""
    from app.sidecar import find_choices

    assert photo.path is not None
    found = find_choices(photo.path, "beside")
    return found.mask if found is not None and found.size == photo.size else None
