"""One photo from its file to its result, without a window: for a batch, `acutance deblur` and `acutance edit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from app.masks import mask_for
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

Restore = Callable[[Request, Photo], Result]


class PhotoOutcome(NamedTuple):
    """A photo, the result of its run, and the photo to save, which is `photo` itself if nothing became sharper."""

    photo: Photo
    result: Result
    made: Photo


def restored(path: Path, request: Request, restore: Restore, painted_masks: bool = False) -> PhotoOutcome:
    """Read a photo and restore it; raise UserError if that fails.

    painted_masks: use the mask that was painted for the photo in the window.
    """
    from engine.photos.reading import read_photo
    from engine.restoration.finishing import finished

    photo = read_photo(path, request.memory)
    mask = mask_for(photo, request.mask, painted_masks)  # before the run, which takes longer: it may not fit
    result = restore(replace(request, photo=path), photo)
    return PhotoOutcome(photo, result, finished(photo, result, mask=mask))


def saved(done: PhotoOutcome, target: Path, overwrite: bool, quality: int | None, gps: bool) -> Result:
    """Write what was restored; return its result, with notes on metadata that the file cannot hold."""
    from engine.photos.losses import not_kept
    from engine.photos.writing import write_photo

    write_photo(done.made, target, overwrite=overwrite, quality=quality, gps=gps)
    return replace(done.result, notes=done.result.notes + not_kept(done.photo, target))
