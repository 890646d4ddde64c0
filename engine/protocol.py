"""What every engine can do: the one on a thread, the one in a process of its own, and the double of the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engine.areas.area import Areas
from engine.faces.face import Box, Face
from engine.job import Job
from engine.kernels.kernel import Kernel
from engine.orders import CompareIdentities, FindFaces, FindKernel, Order, Rehearse, Restore, SuggestAreas
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


class AnyEngine(Protocol):
    """Does orders one after another. An engine implements `ask`, `call` and `close`; the rest says it in words.

    on_progress(share in [0, 1], step) and on_tile((left, top, right, bottom), h x w x 3 pixels) are called on a
    thread of the engine. The pixels are valid only until on_tile returns.
    """

    def ask(self, order: Order[T], on_progress: OnProgress | None = None, on_tile: OnTile | None = None) -> Job[T]:
        """Queue an order."""

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function where the engine computes, outside the queue of jobs; it may need PyTorch or the device."""

    def close(self) -> None:
        """Cancel everything, and wait for all threads and processes to end."""

    def submit(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Job[Result]:
        """Queue the restoration of a photo."""
        return self.ask(Restore(photo, request), on_progress, on_tile)

    def find_faces(self, photo: Photo, smallest: int = 40) -> Job[list[Face]]:
        """Queue a search for the faces of at least `smallest` px, the largest first."""
        return self.ask(FindFaces(photo, smallest))

    def find_kernel(self, photo: Photo, box: Box) -> Job[Kernel | None]:
        """Queue a search for the kernel of a box in px; it is None where the box holds no edges."""
        return self.ask(FindKernel(photo, box))

    def suggest_areas(
        self, photo: Photo, count: int, taken: tuple[Box, ...] = (), *, on_progress: OnProgress | None = None
    ) -> Job[Areas]:
        """Queue a search for up to `count` areas that tell most about the blur and differ, beside boxes `taken`."""
        return self.ask(SuggestAreas(photo, count, taken), on_progress)

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> Job[list[float]]:
        """Queue a comparison of each face in one photo with the same place in another photo of the same size.

        The result is cosines in [-1, 1]. The job fails with a WeightsError if the face embedding is not installed.
        """
        return self.ask(CompareIdentities(before, after, tuple(faces)))

    def rehearse(self, request: Request, *, on_progress: OnProgress | None = None) -> Job[None]:
        """Queue the measurement of this machine for such requests. Any other job cancels it, and goes first."""
        return self.ask(Rehearse(request), on_progress)
