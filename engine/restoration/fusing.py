"""Restores a photo in several ways, and fuses what they make of it (see engine.networks.finish)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.errors import Sentence
from engine.kernels.candidate_judge import Found
from engine.kernels.deconvolution import consistent
from engine.kernels.kernel import Kernel
from engine.kernels.trust import SURE
from engine.networks.finish.candidates import AssumedBlur, found_blur, given_blur
from engine.networks.finish.network import Candidates, Finish
from engine.request import Request
from engine.restoration.automatic import COMPARED, FUSED, SHAKEN, is_expected
from engine.restoration.choice import DECONVOLUTION, of_weights
from engine.restoration.restored import Restore, Restored
from engine.restoration.seen import Seen
from engine.restoration.self_ensemble import restore_as_asked
from engine.restoration.watch import Watch
from engine.result import shares

BY_NETWORK, BY_KERNEL, FUSING = 1, 2, 1  # shares of the time, the last in one view
GUESSED = 0.3  # weight of what was fused against the photo, where the kernel is believed: of 66 lessons such pictures
# lie as near to the truth as without this step (27.4 dB), are sharper, and their blur gives the photo again
EXACT_NOISE = 0.0067  # where the kernel is exact, the weight is (noise / this)^2. Chosen on ten training faces and
# ten photos with noise of 0.003, where 0.1 to 0.3 is best; with 0.01 and more what was fused is best alone
By = Callable[[str, Kernel | None], Restore]
"""Returns what restores pixels by the method with an id, or by that method with a known kernel."""


def fused(network: Finish, by: By, found: list[Found], seen: Seen, request: Request, watch: Watch) -> Restored:
    """Restore a photo by a network and by the first of the kernels that were found, then fuse what they make of it.

    The candidates are made once, and fused in several views for the best quality. `taken` says how much comes from
    where in the upright view. A kernel that is hardly right is not shown as the photo's.
    """
    known, method = _known(found, seen, request), of_weights(FUSED)
    network_done, deconvolved = _shares(method.views if request.best_quality else 1)
    by_network = seen.by_network
    if by_network is None:
        by_network = by(COMPARED, None)(seen.pixels, watch.part(0, network_done)).pixels
    deconvolving = by(DECONVOLUTION, None) if known.exact else by(SHAKEN, known.kernel)
    by_kernel = deconvolving(seen.pixels, watch.part(network_done, deconvolved))
    given = Candidates.of(seen.pixels, by_network, by_kernel.pixels, known)
    part = watch.part(deconvolved, 1, whole=True)
    restored = restore_as_asked(network.of(given), method, seen.pixels, request, part)
    if known.exact or is_expected(found[0]):
        weight = (seen.noise / EXACT_NOISE) ** 2 if known.exact else GUESSED
        np.copyto(restored.pixels, consistent(seen.pixels, known.kernel, restored.pixels, weight))
    kernel = restored.kernel if found[0].right >= SURE else None
    return replace(restored, kernel=kernel, taken=given.taken)


def _known(found: list[Found], seen: Seen, request: Request) -> AssumedBlur:
    """Return what is known of a photo's blur; a kernel from a file is taken as it is."""
    return found_blur(found, seen.noise) if request.kernel is None else given_blur(found[0].kernel, seen.noise)


def _shares(views: int) -> tuple[float, float]:
    """Return the progress when the network's result is there, and when that of the kernel is there."""
    total = BY_NETWORK + BY_KERNEL + FUSING * views
    return BY_NETWORK / total, (BY_NETWORK + BY_KERNEL) / total


def came_from(taken: np.ndarray) -> Sentence:
    """Return a sentence on how much of a result was taken of each candidate; taken: h x w x NAMES, sums to 1."""
    photo, network, kernel = shares(taken)
    return Sentence(
        "Made of several restorations: {kernel} % by the blur that was found, {network} % by a network, "
        "{photo} % the photo as it was.",
        kernel=round(100 * kernel),
        network=round(100 * network),
        photo=round(100 * photo),
    )
