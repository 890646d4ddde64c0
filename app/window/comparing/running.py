"""Runs one method on the photo, on a thread, and measures how far its result can be trusted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.window.comparing.disk_pixels import on_disk
from app.window.faces.identities import Identities, measure
from app.window.jobs import Post, Wait
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.screen import for_screen
from engine.errors import Cancelled
from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


@dataclass(frozen=True, eq=False)
class MethodResult:
    """A method's result, ready for display."""

    result: Result
    picture: Pyramid
    identities: Identities


def run_method(
    request: Request,
    photo: Photo,
    faces: Sequence[Face],
    stop: threading.Event,
    progressed: Callable[[float, str], object],
    wait: Wait,
    post: Post,
) -> MethodResult:
    """Restore the photo as requested; call `progressed` in the GUI thread with a share in [0, 1] and the step."""

    def on_progress(fraction: float, step: str) -> None:
        if stop.is_set():
            raise Cancelled
        post(partial(progressed, fraction, step))

    result: Result = wait(lambda engine: engine.submit(request, photo, on_progress=on_progress), stop)
    from engine.photos.cutouts import on_white

    picture = Pyramid.build(on_white(photo, result.pixels), for_screen(photo))
    post(partial(progressed, 1.0, "identity"))
    identities = measure(wait, photo, result, faces, stop)
    return MethodResult(replace(result, pixels=on_disk(result.pixels)), picture, identities)
