"""Finds the faces of photos, and remembers those of each photo."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from engine.devices import choose_device, lose_device, says_lost
from engine.errors import Sentence
from engine.faces.detection import FaceFinder
from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.restoration.watch import Watch


class FaceSearch:
    """Owns the face finder, which the first search loads. Not for several threads at once."""

    def __init__(self) -> None:
        self._finder: FaceFinder | None = None
        self._found: WeakKeyDictionary[Photo, tuple[int, list[Face]]] = WeakKeyDictionary()

    def find(self, photo: Photo, smallest: int, watch: Watch) -> list[Face]:
        """Return the faces of at least `smallest` px, the largest first; a photo is searched once."""
        known = self._found.get(photo)
        if known is None or known[0] > smallest:
            watch.report(0.0, "faces")
            with watch.timed("faces"):
                known = self._found[photo] = smallest, self._searched(photo.pixels, smallest, watch)
        return [face for face in known[1] if face.size >= smallest]

    def knows(self, photo: Photo) -> bool:
        """Return whether a photo was searched before."""
        return photo in self._found

    def _searched(self, pixels: np.ndarray, smallest: int, watch: Watch) -> list[Face]:
        device = choose_device()
        if self._finder is None:
            self._finder = FaceFinder(device.type)
        try:
            return self._finder.find(pixels, smallest)
        except RuntimeError as error:
            if device.type == "cpu" or not says_lost(error):
                raise
            lose_device(device)
            watch.note(Sentence("The device {device} failed: went on with the CPU.", device=device.type))
            self._finder = FaceFinder()
            return self._finder.find(pixels, smallest)
