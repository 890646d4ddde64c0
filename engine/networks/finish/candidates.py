"""What the finish sees of a photo: several restorations, what they leave unexplained, and how far to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from engine.kernels.blind import SMOOTHNESS
from engine.kernels.blurring import blur
from engine.kernels.candidate_figures import MODEL_ERROR
from engine.kernels.candidate_judge import Found
from engine.kernels.deconvolution import deconvolve, noise_by_found_kernel, wiener, working_noise
from engine.kernels.estimation import luma, similarity
from engine.kernels.kernel import Kernel
from engine.networks.views import View

NAMES = ("photo", "network", "deconvolved", "sharper", "second kernel")
"""The pictures that are fused, in the order of their channels."""
CHANNELS = 3 * len(NAMES) + 1
TRUST = 4
SHARPER, CALM = 0.3, 1.0  # smoothness of the two quick deconvolutions
ALIKE = 0.97  # similarity from which on a second kernel tells nothing new
NOISE_UNIT, GAIN_UNIT = 0.1, 10.0  # the numbers of the trust lie about between -1 and 1


@dataclass(frozen=True, eq=False)
class AssumedBlur:
    """What is known of a photo's blur: the kernel that is most likely right, another one, and the judge's trust.

    noise: the photo's, in [0, 1]. trust: TRUST numbers of about -1 to 1, float32. exact: the kernel was not found
    but given, so that nothing is kept back for its errors.
    """

    kernel: Kernel
    second: Kernel
    noise: float
    trust: np.ndarray
    exact: bool = False

    def in_view(self, view: View) -> AssumedBlur:
        """Return what is known of the photo in another view."""
        kernel, second = (Kernel(np.ascontiguousarray(view.of(each.values))) for each in (self.kernel, self.second))
        return replace(self, kernel=kernel, second=second)


def found_blur(ranked: list[Found], noise: float) -> AssumedBlur:
    """Return what the finish is told of a photo with this noise, whose kernels are ranked, the best first."""
    best = ranked[0]
    others = [each.kernel for each in ranked[1:] if similarity(each.kernel, best.kernel) < ALIKE]
    second = others[0] if others else best.kernel
    return AssumedBlur(best.kernel, second, noise, trust(noise, best.gain, best.beyond, best.right))


def given_blur(kernel: Kernel, noise: float) -> AssumedBlur:
    """Return what the finish is told of a photo with this noise, whose kernel somebody knows."""
    return AssumedBlur(kernel, kernel, noise, trust(noise, nan, nan, 1.0), exact=True)


def trust(noise: float, gain: float, beyond: float, right: float) -> np.ndarray:
    """Return the trust in a kernel as the network sees it; see `Found`. What nobody knows (NaN) is 0."""
    numbers = [noise / NOISE_UNIT, gain / GAIN_UNIT, beyond / GAIN_UNIT, right]
    return np.nan_to_num(np.array(numbers, np.float32)).clip(-1, 1)


def deconvolved(photo: np.ndarray, known: AssumedBlur) -> np.ndarray:
    """Return the H x W x 3 photo in [0, 1] with its kernel undone: as `l0-deconv` does it, or with an exact one."""
    if known.exact:
        return deconvolve(photo, known.kernel, working_noise(photo))
    return deconvolve(photo, known.kernel, noise_by_found_kernel(photo), smoothness=SMOOTHNESS)


def quick(photo: np.ndarray, known: AssumedBlur) -> tuple[np.ndarray, np.ndarray]:
    """Return two quick deconvolutions of an H x W x 3 photo: sharper by the best kernel, calm by the second."""
    noise = known.noise if known.exact else max(known.noise, MODEL_ERROR)
    sharper = wiener(photo, known.kernel, noise, smoothness=SHARPER)
    return sharper, wiener(photo, known.second, noise, smoothness=CALM)


def stack(pictures: Sequence[np.ndarray], kernel: Kernel) -> np.ndarray:
    """Return the h x w x CHANNELS float32 planes that the network sees of pictures, h x w x 3 in the order of NAMES.

    The last plane is what the kernel leaves unexplained when the deconvolved picture is blurred again.
    """
    photo, _, sharp, *_ = pictures
    rest = luma(blur(sharp, kernel) - photo)[..., None]
    return np.concatenate([*pictures, rest], axis=2, dtype=np.float32)
