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
from engine.networks.finish.candidates import explanation
from engine.networks.finish.network import Candidates, Finish
from engine.request import Request
from engine.restoration.automatic import COMPARED, FUSED, SHAKEN, is_expected
from engine.restoration.choice import of_weights
from engine.restoration.restored import Restore, Restored
from engine.restoration.runner import restore
from engine.restoration.seen import Seen
from engine.restoration.watch import Watch
from engine.result import shares

NETWORK_DONE, DECONVOLVED = 0.25, 0.75  # shares of the progress
GUESSED = 0.3  # weight of what was fused against the photo, where the kernel is believed: of 66 lessons such pictures
# lie as near to the truth as without this step (27.4 dB), are sharper, and their blur gives the photo again
By = Callable[[str, Kernel | None], Restore]
"""Returns what restores pixels by the method with an id, or by that method with a known kernel."""


def fused(network: Finish, by: By, found: list[Found], seen: Seen, request: Request, watch: Watch) -> Restored:
    """Restore a photo by a network and by the first of the kernels that were found, then fuse what they make of it.

    `taken` says how much comes from where. A kernel that is hardly right is not shown as the photo's.
    """
    known = explanation(found, seen.noise)
    by_network = seen.by_network
    if by_network is None:
        by_network = by(COMPARED, None)(seen.pixels, watch.part(0, NETWORK_DONE)).pixels
    by_kernel = by(SHAKEN, known.kernel)(seen.pixels, watch.part(NETWORK_DONE, DECONVOLVED))
    given = Candidates.of(seen.pixels, by_network, by_kernel.pixels, known)
    part = watch.part(DECONVOLVED, 1, whole=True)
    restored = restore(network.of(given), of_weights(FUSED), seen.pixels, request, part)
    if is_expected(found[0]):
        np.copyto(restored.pixels, consistent(seen.pixels, known.kernel, restored.pixels, GUESSED))
    kernel = restored.kernel if found[0].right >= SURE else None
    return replace(restored, kernel=kernel, taken=given.taken)


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
