"""What Automatic asks of the photo itself: was it shaken as a whole? Then its own edges restore it, not a network."""

from __future__ import annotations

from itertools import count

from engine.errors import Sentence
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import shaken_kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import Watch
from engine.weights import find_weights

SHAKEN = "l0-deconv"
LOOKED = 0.2  # share of the progress that looking takes
STEPS = 15  # of looking, at most


def asks_the_photo(request: Request) -> bool:
    """Return whether the photo has a say in how it is restored: where a whole one is, and nothing else was asked."""
    free = request.method == "auto" and request.kernel is None and request.region in ("auto", "whole")
    return free and find_weights(SHAKEN) is not None


def shaken(photo: Photo, watch: Watch) -> Kernel | None:
    """Return the kernel of a photo that was shaken as a whole, for the method `SHAKEN`; None of any other."""
    steps = count(1)
    with watch.timed("shaken"):
        watch.report(0.0, "shaken")
        kernel = shaken_kernel(photo.pixels, lambda: watch.report(min(next(steps) / STEPS, 1), "shaken"))
    if kernel is not None:
        watch.note(Sentence("The photo was shaken as a whole: restored by the kernel that its own edges tell."))
    return kernel
