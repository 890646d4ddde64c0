"""What edges, kernel and reblur residual say about a restored picture, as one of seven verdicts."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from engine.kernels.kernel import Kernel

SURE = 0.5  # probability from which on a kernel that was found is believed
ALMOST_CERTAIN = 0.75  # from which on a result is called well. Of kernels of unseen lessons, 94 % are right from here
# on, and 75 % of those between the two (by no command that is kept)
SAME = 0.25  # of the noise: a restored picture that is nearer to the photo is the photo
REACH = 12  # px that the map's smoothing carries an error of the border inwards
WORST = 0.99  # quantile of the residual's map that stands for the worst place
LEAST_NOISE = 0.01  # of [0, 1]: tone curve, demosaicing, JPEG and a kernel's ripple leave as much in real photos
NOISE = 2.2  # at the worst place, in units of the noise: up to here it is noise
INVENTED_IF_SHARP, INVENTED_IF_BLURRED = 4.5, 10.0  # from here on no blur of the picture gives this photo


class Verdict(StrEnum):
    """What a restored picture is to its photo.

    UNCHANGED: it is the photo. WELL: sharp, and its blur gives the photo. BLURRED: some blur of it gives the photo,
    but the photo's own is wider: nothing is invented, some is left to do. PARTLY: sharp, not quite the photo when
    blurred, or by a doubtful kernel. UNEVEN: still blurred, and not everywhere by the same. CHANGED: no blur of it
    gives this photo. UNSURE: it was deconvolved by a kernel that may be wrong: the blur could not be found.

    `pytest -m slow -s tests/engine/restoration/test_verdicts.py` prints what four held-out faces of 256 px get with
    1 % noise: sharp and deconvolved, whole and as crops of 128 px, 16 of 16 WELL; sharp, with the photo as a JPEG
    free of noise, of quality 95 4 WELL, 85 1 WELL and 3 PARTLY, 70 4 PARTLY; the smoothed photo 4 BLURRED; another
    face pasted in 8 of 8 CHANGED. By hand, on four faces with Levin's kernels 1 to 4, by an earlier search for the
    kernel: by wrfn 1 BLURRED, 3 UNEVEN; texture of 0.1 painted on that is not told apart from wrfn alone.
    """

    UNCHANGED = "unchanged"
    WELL = "well"
    BLURRED = "blurred"
    PARTLY = "partly"
    UNEVEN = "uneven"
    CHANGED = "changed"
    UNSURE = "unsure"


def unchanged(blurred: np.ndarray, restored: np.ndarray, noise: float) -> bool:
    """Return whether two H x W x C pictures are the same up to a quarter of the noise; of large ones, some rows."""
    rows = np.s_[:: max(1, blurred.shape[0] // 512)]
    difference = float(np.sqrt(np.mean((restored[rows] - blurred[rows]) ** 2)))
    return difference <= SAME * noise


def worst_place(residual: np.ndarray, border: tuple[int, int], noise: float) -> float:
    """Return the 99 % quantile of the residual's H x W map, without (y, x) px at its border and what is near.

    noise: of the photo, by which the map is divided. Of a photo almost free of it, errors of up to 0.01 count as
    noise: what a network rightly made of real photos left 0.05 to 0.09 at the worst place.
    """
    y, x = (side + REACH for side in border)
    inside = residual[y : residual.shape[0] - y, x : residual.shape[1] - x]
    worst = np.quantile(inside if inside.size else residual, WORST)
    return float(worst * min(noise / LEAST_NOISE, 1))


def judge(worst: float, sharp: bool, right: float = 1.0) -> Verdict:
    """Return what follows from the residual at the worst place and from whether the restored picture is sharp.

    right: the probability that the kernel that was undone is the photo's own. A wrong one explains the photo, too,
    and leaves edges that are sharp and doubled: nothing good is said then, and of a doubtful one not the best. What
    is still blurred is forgiven more: a network undoes blur unevenly, which no one kernel explains, and the photo
    cannot tell that from small inventions.
    """
    unsure = not right >= SURE  # NaN: nobody knows
    if sharp and unsure and worst <= INVENTED_IF_SHARP:
        return Verdict.UNSURE
    if worst <= NOISE and sharp:
        return Verdict.WELL if right >= ALMOST_CERTAIN else Verdict.PARTLY
    if worst <= NOISE:
        return Verdict.BLURRED
    if worst <= (INVENTED_IF_SHARP if sharp else INVENTED_IF_BLURRED):
        return Verdict.PARTLY if sharp else Verdict.UNEVEN
    return Verdict.CHANGED


def no_blur() -> Kernel:
    """Return the kernel that changes nothing."""
    return Kernel(np.ones((1, 1)))
