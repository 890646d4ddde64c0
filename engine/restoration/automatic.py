"""What Automatic asks of the photo itself, before and after a network has seen it.

Was it shaken as a whole? Then its own edges restore it, not a network. Did the network make nothing in it sharper?
Then it was sharp already, or blurred as the network cannot undo: whatever else it changed is a loss, and the photo is
kept.
"""

from __future__ import annotations

from itertools import count

import numpy as np

from engine.errors import Sentence
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import shaken_kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.sharper import sharper_anywhere
from engine.restoration.watch import Watch
from engine.weights import find_weights

SHAKEN = "l0-deconv"
LOOKED = 0.2  # share of the progress that looking takes
STEPS = 15  # of looking, at most


def asks_the_photo(request: Request) -> bool:
    """Return whether the photo has a say in how it is restored: where a whole one is, and nothing else was asked."""
    return request.method == "auto" and request.kernel is None and request.region in ("auto", "whole")


def shaken(photo: Photo, watch: Watch) -> Kernel | None:
    """Return the kernel of a photo that was shaken as a whole, for the method `SHAKEN`; None of any other."""
    if find_weights(SHAKEN) is None:
        return None
    steps = count(1)
    with watch.timed("shaken"):
        watch.report(0.0, "shaken")
        kernel = shaken_kernel(photo.pixels, lambda: watch.report(min(next(steps) / STEPS, 1), "shaken"))
    if kernel is not None:
        watch.note(Sentence("The photo was shaken as a whole: restored by the kernel that its own edges tell."))
    return kernel


def keep_if_no_sharper(photo: Photo, restored: np.ndarray, watch: Watch) -> None:
    """Put the photo's own pixels into H x W x 3 restored ones that are sharper nowhere."""
    if sharper_anywhere(photo.pixels, restored):
        return
    np.copyto(restored, photo.pixels)
    watch.note(Sentence("Nothing in the photo became sharper: it was left as it is. Choose a method to change it."))
