"""Lights of the photo for the kernel editor, looked for in the background."""

from __future__ import annotations

import numpy as np

from app.window.kernels.editor import KernelEditor
from app.window.kernels.streaks import Streak, light_streaks
from app.window.session import Session
from engine.faces.face import Box


def offer_lights(session: Session, editor: KernelEditor, pixels: np.ndarray, box: Box | None = None) -> None:
    """Look for lights in `pixels`, H x W x 3 float32, and offer them if the editor is still open then.

    box: only lights in this part of the photo count.
    """
    opened = [editor]
    editor.finished.connect(opened.clear)

    def offer(streaks: list[Streak]) -> None:
        for still in opened:
            still.offer_streaks(pixels, streaks)

    session.in_background(lambda *_: lights_in(pixels, box), offer)


def lights_in(pixels: np.ndarray, box: Box | None) -> list[Streak]:
    """Return the lights in a box of the photo, None for all, in px of the whole photo."""
    if box is None:
        return light_streaks(pixels)
    left, top, right, bottom = (max(0, round(side)) for side in box)
    return [Streak(left + light.x, top + light.y) for light in light_streaks(pixels[top:bottom, left:right])]
