"""The connection between a run and its observer: progress, notes, and cancellation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from engine.errors import Cancelled

PixelBox = tuple[int, int, int, int]
OnProgress = Callable[[float, str], None]
OnTile = Callable[[PixelBox, np.ndarray], None]


@dataclass
class Watch:
    """Progress, tiles, notes, timings and the cancel flag of one run, shared by all its steps.

    on_progress gets a share in [0, 1] and the step's name. on_tile gets a box in px and its restored pixels. into:
    memory in which the pixels of the result may be made.
    """

    on_progress: OnProgress | None = None
    on_tile: OnTile | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    span: tuple[float, float] = (0.0, 1.0)
    into: np.ndarray | None = None

    def part(self, start: float, end: float, tiles: bool = True, whole: bool = False) -> Watch:
        """Return the watch of a part of this run: its 0 is `start` here and its 1 is `end`.

        whole: the part makes the picture of the run, which goes to `into`.
        """
        low, high = self.span
        span = low + (high - low) * start, low + (high - low) * end
        on_tile = self.on_tile if tiles else None
        into = self.into if whole else None
        return Watch(self.on_progress, on_tile, self.cancelled, self.notes, self.seconds, span, into)

    def report(self, share: float, step: str) -> None:
        """Report the progress of this part; raise Cancelled if the run is cancelled."""
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")
        if self.on_progress is not None:
            low, high = self.span
            self.on_progress(low + (high - low) * share, step)

    def tile(self, box: PixelBox, pixels: np.ndarray) -> None:
        """Show restored pixels, h x w x 3 or x 1, of a box."""
        if self.on_tile is not None:
            self.on_tile(box, np.broadcast_to(pixels, (*pixels.shape[:2], 3)))

    def note(self, sentence: str) -> None:
        """Keep a sentence for the user; repeated ones are kept once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the time within this context to that of `step`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - start
