"""Runs a photo's request on the engine. Tiles appear as they are finished, even while another photo is shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import Aspect, State
from app.window.session.shared import Shared
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.screen import for_screen
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

if TYPE_CHECKING:
    from engine.restoration.watch import PixelBox


_log = logging.getLogger(__name__)


class Restoring:
    """Starts restorations of several open photos; the engine runs them one after another.

    ended: called with a photo and whether it was restored.
    """

    def __init__(self, shared: Shared, ended: Callable[[Path, bool], object]) -> None:
        self._shared, self.ended = shared, ended
        self._roll, self._jobs = shared.roll, shared.jobs
        self._stops: dict[Path, threading.Event] = {}

    def deblur(self, opened: OpenPhoto) -> None:
        """Run the request of an open photo, and let its tiles appear."""
        photo, original, path = opened.photo, opened.original, opened.path
        if photo is None or original is None or path is None or opened.state is not State.READY:
            return
        request = Request.of(opened.choices_to_run(), self._shared.engine.place_now, path)
        self._shared.choices.keep()
        restored = original.blank()
        opened.begin_work()
        opened.show_restored(restored)
        stop = self._stops[path] = threading.Event()
        self._jobs.run(
            partial(self._restore, opened, request, photo, restored, stop),
            partial(self._restored, opened, path),
            partial(self._not_restored, opened, path),
        )

    def cancel(self, path: Path | None) -> None:
        """Stop the run of a photo, and everything that is done beside it."""
        stop = self._stops.get(path) if path else None
        if stop is not None:
            stop.set()
        self._shared.engine.cancel(None, stop)

    def stop_all(self) -> None:
        """Stop all runs, also those that wait."""
        for stop in self._stops.values():
            stop.set()

    def _restore(
        self, opened: OpenPhoto, request: Request, photo: Photo, restored: Pyramid, stop: threading.Event
    ) -> tuple[Result, Pyramid]:
        from engine.photos.cutouts import on_white

        convert = for_screen(photo)

        def on_tile(box: PixelBox, pixels: np.ndarray) -> None:
            restored.replace(box[0], box[1], on_white(photo, pixels, box[0], box[1]), convert)
            self._jobs.post(partial(opened.tell, Aspect.PICTURE))

        def on_progress(fraction: float, text: str) -> None:
            self._jobs.post(partial(self._progressed, opened, fraction, text))

        result: Result = self._shared.engine.wait(
            lambda engine: engine.submit(request, photo, on_progress=on_progress, on_tile=on_tile), stop
        )
        return result, Pyramid.build(on_white(photo, result.pixels), convert)

    @staticmethod
    def _progressed(opened: OpenPhoto, fraction: float, text: str) -> None:
        if opened.state is State.WORKING:
            opened.show_progress(fraction, text)

    def _restored(self, opened: OpenPhoto, path: Path, answer: tuple[Result, Pyramid]) -> None:
        result, picture = answer
        seconds = sum(result.seconds.values())
        _log.info("restored %s by %s in %.1f s: %s", path, result.method, seconds, result.verdict or "no verdict")
        opened.finish_work(result, picture)
        self._roll.thin()
        self.ended(path, True)

    def _not_restored(self, opened: OpenPhoto, path: Path, error: BaseException) -> None:
        _log.info("not restored %s: %s", path, str(error) or type(error).__name__)
        opened.finish_work(None)
        self._shared.tell(error)
        self.ended(path, False)
