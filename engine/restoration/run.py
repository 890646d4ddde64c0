"""One run: what all its steps share, and the ways in which it can restore pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from engine.devices import choose_device
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import Network
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.areas import by_areas
from engine.restoration.automatic import COMPARED
from engine.restoration.choice import AREAS, DECONVOLUTION, of_weights
from engine.restoration.known_kernel import deconvolver
from engine.restoration.loaded import Loaded
from engine.restoration.memory import beside
from engine.restoration.restored import Restore, Restored
from engine.restoration.seen import Seen
from engine.restoration.self_ensemble import PICTURES, restore_as_asked
from engine.restoration.watch import Watch


@dataclass(frozen=True, eq=False)
class Run:
    """What is asked of a photo, what is known of it, and what is in memory.

    request: its memory on the CPU is what photo and result leave.
    """

    request: Request
    seen: Seen
    loaded: Loaded

    @classmethod
    def of(cls, request: Request, photo: Photo, loaded: Loaded) -> Run:
        """Return the run of a request; raise UserError if photo and result leave no memory."""
        if choose_device(request.device).type == "cpu":
            more = PICTURES if request.best_quality else 0
            request = replace(request, memory=beside(photo, request.memory, more))
        return cls(request, Seen(photo), loaded)

    @property
    def once(self) -> Run:
        """The same run in which each network sees one view of the photo."""
        return replace(self, request=replace(self.request, best_quality=False))

    @property
    def photo(self) -> Photo:
        """The photo, without hidden pixels."""
        return self.seen.photo

    def compared(self, watch: Watch) -> Network | None:
        """Return the network that the judge of kernels compares with; what it makes of the whole photo is kept."""
        network = self.loaded.compared(self.request, watch)
        if network is None or not self.loaded.ships(COMPARED):
            return network

        def keeping(pixels: np.ndarray) -> np.ndarray:
            made = network(pixels)
            if pixels.shape == self.seen.pixels.shape and not self.seen.neutral:
                self.seen.by_network = made
            return made

        return keeping

    def by(self, chosen: str, watch: Watch, kernel: Kernel | None = None) -> Restore:
        """Return what restores pixels of the photo as chosen: by weights with this id, a kernel file, or areas.

        kernel: what the weights would look for in the whole photo, if it was found before.
        """
        if chosen == DECONVOLUTION:
            return self._in_its_colours(deconvolver(self.request))
        if chosen == AREAS:
            judge = partial(self.loaded.compared, self.request)
            return self._in_its_colours(by_areas(self.request, judge, self.seen))
        method = of_weights(chosen)
        loaded = self.loaded.network(chosen, watch) if kernel is None else method.knowing(kernel, self.seen.noise)

        def restoring(pixels: np.ndarray, watch: Watch) -> Restored:
            return restore_as_asked(loaded, method, pixels, self.request, watch)

        return self._in_its_colours(restoring, method.scaling.by_plane)

    def in_its_colours(self, restored: Restored) -> Restored:
        """Return the restored pixels, without colour if the photo has none."""
        return _without_colour(restored) if self.seen.neutral else restored

    def _in_its_colours(self, restoring: Restore, by_plane: bool = False) -> Restore:
        """Restore a black-and-white photo so that no colour appears; by_plane: as a single plane."""
        return partial(_neutral, restoring, by_plane) if self.seen.neutral else restoring


def _neutral(restoring: Restore, by_plane: bool, pixels: np.ndarray, watch: Watch) -> Restored:
    return _without_colour(restoring(pixels[..., :1] if by_plane else pixels, watch))


def _without_colour(restored: Restored) -> Restored:
    plane = restored.pixels.mean(axis=2, keepdims=True)
    return replace(restored, pixels=np.repeat(plane, 3, axis=2))
