"""How the camera moved, by the photo and the restored picture, and how well they explain each other."""

from __future__ import annotations

import logging
from functools import partial

import numpy as np

from engine.explanation import Explanation
from engine.kernels.blind import WINDOW, photo_kernel
from engine.kernels.blurring import blur
from engine.kernels.candidate_judge import Found
from engine.kernels.estimation import estimate_kernel, luma, telling_window
from engine.kernels.field import blur_field, estimate_field
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.night import lit
from engine.kernels.noise import noise_level
from engine.kernels.residual import reblurred_with_light, unexplained
from engine.kernels.sharpness import became_sharp
from engine.kernels.trust import Verdict, judge, no_blur, unchanged, worst_place

logger = logging.getLogger(__name__)

LEAST = 24  # px: a smaller picture holds no kernel


def explain(
    blurred: np.ndarray,
    restored: np.ndarray,
    known: Kernel | None = None,
    field: KernelField | None = None,
    found: Found | None = None,
    window_of_kernel: int = WINDOW,
    noise: float | None = None,
) -> Explanation:
    """Explain H x W x 3 pictures, looking at the window with most detail.

    known: the method's own kernel, else it is estimated. field: the method's own, where the blur varies; the
    residual is then what it leaves. found: the kernel that the photo's own edges tell, where somebody looked for it.
    window_of_kernel: px a side of where it is looked for else. noise: of the whole picture, None to measure it.
    Without residual and verdict where the pictures are too small or flat to tell.
    """
    if min(blurred.shape[:2]) < LEAST:
        return Explanation(known)
    if unchanged(blurred, restored, noise_level(blurred) if noise is None else noise):
        part = blurred[:1024, :1024]
        residual, _ = unexplained(part, restored[:1024, :1024], (0, 0), noise_level(part))
        return Explanation(known, residual, Verdict.UNCHANGED, no_blur())
    window = telling_window(restored)
    before, after = blurred[window], restored[window]
    shown = known if found is not None and found.by_streaks else None
    try:
        relation = shown or estimate_kernel(before, after)
        sharp = shown is not None or became_sharp(luma(before), luma(after))
        kernel = known or (relation if sharp else found.kernel if found else photo_kernel(before, window_of_kernel))
    except ValueError as error:
        logger.info("no kernel: %s", error)
        return Explanation(known)
    if field is None:
        reblur, side = partial(blur, kernel=relation), len(relation.values)
    else:
        corner = window[0].start, window[1].start
        reblur, side = partial(blur_field, field=field, corner=corner), field.side
    reblurred = reblurred_with_light(before, after, reblur)
    border = side // 2, side // 2
    there = noise_level(before)
    before = np.where(lit(before, after, side)[..., None], reblurred, before)
    residual, local = unexplained(before, reblurred, border, there)
    right = found.right if found is not None and known is not None else 1.0
    verdict = judge(worst_place(local, border, there), sharp, right)
    if verdict is Verdict.WELL:
        _, local = unexplained(before, reblur(after), border, there)
        without_light = judge(worst_place(local, border, there), sharp, right)
        # what only light beyond white explains is not known: nor was anything told about the lamps of a night photo
        verdict = Verdict.WELL if without_light is Verdict.WELL and shown is None else Verdict.PARTLY
    return Explanation(kernel, residual, verdict, relation)


def explain_field(blurred: np.ndarray, restored: np.ndarray) -> KernelField | None:
    """Return the kernel of each part of H x W x 3 pictures; None where they are too small or too flat to tell."""
    if min(blurred.shape[:2]) < LEAST:
        return None
    try:
        return estimate_field(blurred, restored)
    except ValueError as error:
        logger.info("no field of kernels: %s", error)
        return None
