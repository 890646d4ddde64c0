"""What Automatic asks of the photo itself, before and after a network has seen it.

Was it blurred as a whole by a kernel that can be found? Then deconvolution restores it, not a network. Did the
network make nothing in it sharper? Then it was sharp already, or blurred as the network cannot undo: whatever else it
changed is a loss, and the photo is kept.
"""

from __future__ import annotations

import numpy as np

from engine.applicable import FUSED as FUSED
from engine.errors import Sentence
from engine.kernels.candidate_figures import extent
from engine.kernels.candidate_judge import Found
from engine.kernels.estimation import luma, telling_window
from engine.kernels.pool import LARGE_WINDOW
from engine.kernels.shaken import LONG, Network, shaken_kernels
from engine.kernels.sharpness import is_sharp
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.choice import Choice
from engine.restoration.seen import Seen
from engine.restoration.sharper import sharper_anywhere
from engine.restoration.watch import Watch
from engine.weights import find_weights

SHAKEN = "l0-deconv"
COMPARED = "wrfn"  # what the judge of kernels compares with; it learned by the weights that are shipped
LOOKED = 0.6  # share of the progress that looking takes
WORTH = 0.3  # dB that a kernel must be expected to gain over the photo, and over what the network makes of it
CERTAIN = 0.85  # probability of being right from which on a long kernel is taken: networks do little about it


def asks_the_photo(request: Request) -> bool:
    """Return whether the photo has a say in how it is restored: where a whole one is, and nothing else was asked."""
    known = request.kernel is not None or request.areas_on
    return request.method == "auto" and not known and request.region in ("auto", "whole")


def found_kernels(photo: Photo, network: Network | None, watch: Watch) -> list[Found]:
    """Return the kernels that may have blurred a photo as a whole, the most likely first; none without edges.

    network: what else restores pixels, for the judge to compare with.
    """
    with watch.timed("shaken"):
        watch.report(0.0, "shaken")
        return shaken_kernels(photo.pixels, network, lambda share: watch.report(share, "shaken"))


def best_for(photo: Photo, found: list[Found], otherwise: Choice, watch: Watch) -> Choice:
    """Return what restores a photo best in which these kernels were found; `otherwise` where that is a network alone.

    Several restorations are fused, except of a photo that is sharp already and of which the kernel wins nothing: of
    the lessons of `training.kernel_judge`, 7 of 10 sharp pictures were so, and 4 of 87 shaken ones. Without the
    weights for that, deconvolution is taken where much is expected of it. A kernel that light streaks show is
    deconvolved, too, since only deconvolution knows of lamps: the finish has seen no night.
    """
    if found and find_weights(FUSED) is not None and not found[0].by_streaks:
        return otherwise if is_sharp(_window(photo)) and not is_expected(found[0]) else Choice(FUSED)
    return Choice(SHAKEN) if found and is_worth_it(found[0], watch) else otherwise


def is_worth_it(found: Found, watch: Watch) -> bool:
    """Return whether deconvolution by a kernel is expected to restore the photo best; then a note says so."""
    if not is_expected(found) or find_weights(SHAKEN) is None:
        return False
    if found.by_streaks:
        watch.note(Sentence("Light streaks in the photo show how the camera moved: that was undone."))
    else:
        watch.note(Sentence("The photo was shaken as a whole: restored by the kernel that its own edges tell."))
    return True


def is_expected(found: Found) -> bool:
    """Return whether undoing a kernel is expected to restore a photo better than a network does."""
    return found.by_streaks or gains(found.gain, found.beyond) or is_certain(found)


def _window(photo: Photo) -> np.ndarray:
    """Return the luma of the part of a photo that tells most."""
    return luma(photo.pixels[telling_window(photo.pixels, LARGE_WINDOW)])


def gains(gain: float, beyond: float) -> bool:
    """Return whether so many dB over the photo and over the network's result are worth deconvolution."""
    return min(gain, beyond) >= WORTH


def is_certain(found: Found) -> bool:
    """Return whether a kernel is long and almost certainly right."""
    return found.right >= CERTAIN and extent(found.kernel) >= LONG


def keep_if_no_sharper(seen: Seen, restored: np.ndarray, watch: Watch) -> bool:
    """Put the photo's own pixels into H x W x 3 restored ones that are sharper nowhere; return whether it was so."""
    if sharper_anywhere(seen.pixels, restored, seen.noise):
        return False
    np.copyto(restored, seen.pixels)
    watch.note(Sentence("Nothing in the photo became sharper: it was left as it is. Choose a method to change it."))
    return True
