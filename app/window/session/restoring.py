"""Runs a photo's request on the engine. Tiles appear as they are finished, even while another photo is shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.window.document import State
from app.window.parked import RunOutcome
from app.window.screen import for_screen
from app.window.session.shared import Shared
from app.window.viewer.pyramid import Pyramid
from engine.kernels.trust import Verdict
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
        self._document, self._roll, self._jobs = shared.document, shared.roll, shared.jobs
        self._stops: dict[Path, threading.Event] = {}

    def deblur(self) -> None:
        """Run the request of the current photo."""
        document = self._document
        photo, original = document.photo, document.original
        if photo is None or original is None or document.state is not State.READY:
            return
        request = document.request_to_run()
        self._shared.choices.keep()
        restored = original.blank()
        document.begin_work()
        document.show_restored(restored)
        assert document.path is not None
        self.begin(document.path, request, photo, restored)

    def begin(self, path: Path, request: Request, photo: Photo, restored: Pyramid) -> None:
        """Run a request, and let its tiles appear on `restored`."""
        stop = self._stops[path] = threading.Event()
        request = request.at(self._shared.engine.place)
        self._jobs.run(
            partial(self._restore, request, photo, restored, stop),
            partial(self._restored, path, photo),
            partial(self._not_restored, path, photo),
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
        self, request: Request, photo: Photo, restored: Pyramid, stop: threading.Event
    ) -> tuple[Result, Pyramid]:
        from engine.photos.cutouts import on_white

        convert = for_screen(photo)

        def on_tile(box: PixelBox, pixels: np.ndarray) -> None:
            restored.replace(box[0], box[1], on_white(photo, pixels, box[0], box[1]), convert)
            self._jobs.post(partial(self._painted, photo))

        def on_progress(fraction: float, text: str) -> None:
            self._jobs.post(partial(self._progressed, photo, fraction, text))

        result: Result = self._shared.engine.wait(
            lambda engine: engine.submit(request, photo, on_progress=on_progress, on_tile=on_tile), stop
        )
        return result, Pyramid.build(on_white(photo, result.pixels), convert)

    def _painted(self, photo: Photo) -> None:
        if photo is self._document.photo:
            self._document.picture_changed.emit()

    def _progressed(self, photo: Photo, fraction: float, text: str) -> None:
        if photo is self._document.photo and self._document.state is State.WORKING:
            self._document.show_progress(fraction, text)

    def _restored(self, path: Path, photo: Photo, answer: tuple[Result, Pyramid]) -> None:
        result, picture = answer
        seconds = sum(result.seconds.values())
        _log.info("restored %s by %s in %.1f s: %s", path, result.method, seconds, result.verdict or "no verdict")
        if photo is self._document.photo:
            self._document.finish_work(*answer)
        else:
            self._roll.update(
                path,
                result=result,
                restored=picture,
                before=RunOutcome(),
                saved=result.verdict is Verdict.UNCHANGED,
                state=State.READY,
            )
            self._roll.thin()
        self.ended(path, True)

    def _not_restored(self, path: Path, photo: Photo, error: BaseException) -> None:
        _log.info("not restored %s: %s", path, str(error) or type(error).__name__)
        if photo is self._document.photo:
            self._document.finish_work(None)
        elif parked := self._roll.parked(path):
            was = parked.before
            self._roll.update(path, result=was.result, restored=was.restored, before=RunOutcome(), state=State.READY)
        self._shared.tell(error)
        self.ended(path, False)
