"""What every engine can do: the one on a thread, the one in a process of its own, and the double of the tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engine.areas.area import Areas
from engine.engine import Job
from engine.faces.face import Box, Face
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


class AnyEngine(Protocol):
    """Does jobs one after another; `engine.engine.Engine` says what each means."""

    def submit(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Job[Result]:
        """Queue the restoration of a photo."""

    def find_faces(
        self, photo: Photo, smallest: int = 40, *, on_progress: OnProgress | None = None
    ) -> Job[list[Face]]:
        """Queue a search for the faces of at least `smallest` px, the largest first."""

    def find_kernel(self, photo: Photo, box: Box, *, on_progress: OnProgress | None = None) -> Job[Kernel | None]:
        """Queue a search for the kernel of a box in px; it is None where the box holds no edges."""

    def suggest_areas(
        self, photo: Photo, count: int, taken: tuple[Box, ...] = (), *, on_progress: OnProgress | None = None
    ) -> Job[Areas]:
        """Queue a search for up to `count` areas that tell most about the blur, beside the boxes `taken`."""

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> Job[list[float]]:
        """Queue a comparison of each face in two photos."""

    def rehearse(self, request: Request, *, on_progress: OnProgress | None = None) -> Job[None]:
        """Queue the measurement of this machine for such requests; any other job goes first."""

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function where the engine computes, outside the queue of jobs."""

    def close(self) -> None:
        """Cancel everything, and wait for all threads and processes to end."""
