"""The benchmarks' measures.

A restored picture is aligned with the sharp one first, since no blind method can know the exact position.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch

from engine.errors import UserError
from engine.kernels.estimation import luma, similarity
from engine.kernels.kernel import Kernel
from training import measures

SHIFTED_BORDER, REACH = 15, 10  # px left out at every side, and the largest shift
QUARTERS = np.arange(-3, 4) / 4  # px around the best integer shift
REGISTERED_BORDER = 40  # px: Koehler's pictures move by up to 30
STEPS, CLOSE, SMOOTHING = 100, 1e-6, 5  # for ECC: iterations, stopping threshold, side in px

Pair = tuple[np.ndarray, np.ndarray]


def shifted(restored: np.ndarray, sharp: np.ndarray) -> Pair:
    """Return the inner part of the sharp picture's luma, and the restored luma at the best shift; H x W x 1.

    Shifts are multiples of a quarter pixel, and 15 px of border are left out (Levin et al. 2009). Levin's shifts go
    to 5 px; ours go to 10, since some of the kernels are 4 px off their own centre. Levin interpolates linearly,
    which smooths the restored picture. With linear interpolation the 32 pictures by `l0-deconv` have 30.46 dB, with
    the cubic interpolation used here 29.70.
    """
    plane, truth = luma(restored), luma(sharp)
    inner = truth[SHIFTED_BORDER:-SHIFTED_BORDER, SHIFTED_BORDER:-SHIFTED_BORDER]

    def moved(shift: tuple[float, float]) -> np.ndarray:
        matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
        size = plane.shape[::-1]
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        laid = cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(laid[SHIFTED_BORDER:-SHIFTED_BORDER, SHIFTED_BORDER:-SHIFTED_BORDER])

    def best(across: Sequence[float], down: Sequence[float]) -> tuple[float, float]:
        return min(((x, y) for x in across for y in down), key=lambda shift: error((moved(shift), inner)))

    whole = np.arange(-REACH, REACH + 1.0)
    x, y = best(whole.tolist(), whole.tolist())
    return moved(best((x + QUARTERS).tolist(), (y + QUARTERS).tolist()))[..., None], inner[..., None]


def registered(restored: np.ndarray, sharp: np.ndarray) -> Pair:
    """Return the inner part of the sharp picture, and the restored picture aligned with it; H x W x 3.

    The alignment is the affine transform with the best correlation (ECC, Evangelidis and Psarakis 2008) and one gain
    for all channels. 40 px of border are left out. If ECC finds no transform, the picture is not moved.
    """
    matrix = np.eye(2, 3, dtype=np.float32)
    ending = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, CLOSE)
    try:
        _, matrix = cv2.findTransformECC(  # type: ignore[call-overload]
            luma(sharp), luma(restored), matrix, cv2.MOTION_AFFINE, ending, None, SMOOTHING
        )
    except cv2.error:
        matrix = np.eye(2, 3, dtype=np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(restored, matrix, sharp.shape[1::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inner = np.s_[REGISTERED_BORDER:-REGISTERED_BORDER, REGISTERED_BORDER:-REGISTERED_BORDER]
    part, truth = laid[inner].astype(np.float64), sharp[inner].astype(np.float64)
    gain = (part * truth).sum() / max((part * part).sum(), 1e-12)
    return part * gain, truth


ALIGNED = {"levin": shifted, "koehler": registered}
"""The alignment of the restored with the sharp picture, for each benchmark with sharp pictures."""


def aligned(benchmark: str, restored: np.ndarray, sharp: np.ndarray) -> Pair:
    """Align a restored picture with the sharp one as the benchmark does; raise UserError if the sizes do not fit."""
    if restored.shape != sharp.shape:
        raise UserError("A blurred picture of the benchmark {name} is not as large as its sharp one.", name=benchmark)
    border = {"levin": SHIFTED_BORDER, "koehler": REGISTERED_BORDER}[benchmark]
    if min(sharp.shape[:2]) < 2 * border + measures.WINDOW:
        raise UserError("A picture of the benchmark {name} is too small to be judged.", name=benchmark)
    return ALIGNED[benchmark](restored, sharp)


def error(pair: Pair) -> float:
    """Return the mean squared difference of an aligned pair."""
    one, other = pair
    return float(np.square(one.astype(np.float64) - other).mean())


def psnr(pair: Pair) -> float:
    """Return the PSNR of an aligned pair in dB."""
    return float(-10 * np.log10(max(error(pair), 1e-10)))


def ssim(pair: Pair) -> float:
    """Return the SSIM of an aligned pair."""
    one, other = (torch.from_numpy(np.ascontiguousarray(part.transpose(2, 0, 1)))[None].double() for part in pair)
    return float(measures.ssim(one, other))


def kernel_similarity(found: Kernel | None, known: Sequence[Kernel]) -> float | None:
    """Return the similarity to the nearest known kernel; 0 if none was found, None if none is known."""
    if not known:
        return None
    return max(similarity(found, kernel) for kernel in known) if found else 0.0


def turned(kernel: Kernel) -> Kernel:
    """Return a kernel rotated by 180 degrees."""
    return Kernel(kernel.values[::-1, ::-1])
