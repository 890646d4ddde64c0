"""Makes small pictures of photos, one after another, on a thread."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.window.jobs import Jobs
from app.window.photos.roll import Roll

_log = logging.getLogger(__name__)
Run = Callable[[Callable[[], QImage], Callable[[QImage], object], Callable[[BaseException], object]], object]
SIDE = 192
"""Longest side in px: twice the size in the strip, for screens at 200 %."""


class PictureQueue(QObject):
    """Makes small pictures of photos, one after another, on a thread. A photo that cannot be read is tried once.

    The one that was asked for last comes first, since it is visible. run: as `Jobs.run`. show: takes a photo and its
    picture.
    """

    def __init__(self, parent: QObject, run: Run, show: Callable[[Path, QImage], object]) -> None:
        super().__init__(parent)
        self._run, self._show = run, show
        self._asked: dict[Path, None] = {}
        self._tried: set[Path] = set()
        self._busy = False

    def ask(self, path: Path) -> None:
        """Request the picture of a photo."""
        if path not in self._tried:
            self._asked.pop(path, None)
            self._asked[path] = None
            self._go_on()

    def clear(self) -> None:
        """Forget what was requested and tried."""
        self._asked.clear()
        self._tried.clear()

    def _go_on(self) -> None:
        if self._busy or not self._asked:
            return
        path, _ = self._asked.popitem()
        self._tried.add(path)
        self._busy = True
        self._run(partial(thumbnail, path), partial(self._made, path), partial(self._failed, path))

    def _made(self, path: Path, picture: QImage) -> None:
        self._busy = False
        self._show(path, picture)
        self._tried.discard(path)
        self._go_on()

    def _failed(self, path: Path, error: BaseException) -> None:
        self._busy = False
        _log.info("no small picture of %s: %s", path, error)
        self._go_on()


class Thumbnails(PictureQueue):
    """Makes the pictures of the open photos."""

    def __init__(self, roll: Roll, jobs: Jobs) -> None:
        super().__init__(roll, jobs.run, self._keep)
        self._roll = roll

    def _keep(self, path: Path, picture: QImage) -> None:
        if path in self._roll.paths:
            self._roll.set_thumbnail(path, picture)


def thumbnail(path: Path) -> QImage:
    """Return a small picture of a photo, upright and in sRGB."""
    from engine.photos.colour import to_srgb8
    from engine.photos.cutouts import on_white
    from engine.photos.reading import read_photo

    small = _decoded_small(path)
    if small is not None:
        return _picture(small)
    photo = read_photo(path)
    step = max(1, max(photo.size) // (2 * SIDE))
    return _picture(to_srgb8(photo, np.ascontiguousarray(on_white(photo, photo.pixels)[::step, ::step])))


def _decoded_small(path: Path) -> np.ndarray | None:
    """Decode a JPEG at a small size, which is fast. Return None if the profile needs the full decoder."""
    from PIL import Image, UnidentifiedImageError

    from engine.photos.decoders.pillow import jpeg_metadata
    from engine.photos.metadata import upright_metadata
    from engine.photos.orientation import upright

    try:
        data = path.read_bytes()
        with Image.open(io.BytesIO(data)) as image:
            if image.mode != "RGB" or image.format not in ("JPEG", "MPO"):
                return None
            metadata, orientation = upright_metadata(jpeg_metadata(image, data))
            if metadata.icc:
                return None
            image.draft("RGB", (SIDE, SIDE))
            image.thumbnail((SIDE, SIDE))
            return np.ascontiguousarray(upright(np.asarray(image), orientation))
    except (UnidentifiedImageError, SyntaxError):
        return None  # JPEG XL, HEIC, RAW and 12-bit JPEG need a reader other than Pillow
    except OSError:
        return None  # cut short: the full reader shows as much as there is


def _picture(rgb: np.ndarray) -> QImage:
    from PIL import Image

    small = Image.fromarray(rgb)
    small.thumbnail((SIDE, SIDE))
    data = small.tobytes()
    return QImage(data, small.width, small.height, small.width * 3, QImage.Format.Format_RGB888).copy()
