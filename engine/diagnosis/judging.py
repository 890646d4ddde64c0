"""What was learned about figures: forests and the limits that go with them.

`python -m training.triage` teaches them; resources/weights/photo-diagnosis.json says by what, and how often they err.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.diagnosis.diagnosis import Kind
from engine.diagnosis.learned import CARD_ID
from engine.diagnosis.photo_figures import FOCUS, MIXED, SHAKEN, SHARP, photo_figures
from engine.diagnosis.windows import Windows
from engine.kernels.forest import Forest
from engine.weights import WeightsError, find_weights, read_checked

FORESTS = ("window", "length", "kind", "gain", "helps")
"""window: how probably a window is sharp, shaken, out of focus, both. length: log2 of 1 + px of the motion, and of
the radius. kind: how probably a photo is each of KINDS. gain: dB that Automatic wins. helps: probability that it wins
HELP or more."""
KINDS = (Kind.SHARP, Kind.SHAKEN, Kind.OUT_OF_FOCUS, Kind.SUBJECT_MOVED, Kind.MIXED)
HELP = 0.5  # dB: less does not show


@dataclass(frozen=True)
class Limits:
    """How probable each kind must be to be told, so that sharp photos are rarely called blurred.

    saved: probability of help from which on a photo can be saved.
    """

    shaken: float
    out_of_focus: float
    subject_moved: float
    mixed: float
    saved: float = 0.5

    @property
    def kinds(self) -> tuple[float, ...]:
        """The limits in the order of KINDS."""
        return 0.0, self.shaken, self.out_of_focus, self.subject_moved, self.mixed


@dataclass(frozen=True, eq=False)
class Opinion:
    """What the forests say of a photo.

    windows: n x 4 probabilities. lengths: n x 2, log2 of 1 + px. figures: of the photo. kinds: 5 probabilities.
    """

    windows: np.ndarray
    lengths: np.ndarray
    figures: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True, eq=False)
class Judge:
    """The forests by name, and their limits."""

    forests: dict[str, Forest]
    limits: Limits

    def opinion(self, seen: Windows) -> Opinion:
        """Judge a photo with at least one window."""
        said, lengths = self.forests["window"](seen.figures), self.forests["length"](seen.figures)
        figures = photo_figures(seen, said, lengths)
        return Opinion(said, lengths, figures, self.forests["kind"](figures[None])[0])

    def kind(self, opinion: Opinion) -> Kind:
        """Return the most probable kind of a photo; CANNOT_TELL if it is not probable enough."""
        best = int(np.argmax(opinion.kinds))
        return KINDS[best] if opinion.kinds[best] >= self.limits.kinds[best] else Kind.CANNOT_TELL

    def gain(self, opinion: Opinion, seen: Windows) -> tuple[float, float]:
        """Return the dB that a restoration is expected to win, and the probability that it wins HELP or more."""
        row = gain_row(opinion, seen)[None]
        return float(self.forests["gain"](row)[0, 0]), float(self.forests["helps"](row)[0, 0])


def gain_row(opinion: Opinion, seen: Windows) -> np.ndarray:
    """Return the figures from which the gain is told: of the photo's kind, of its edges, and the means of all.

    The means tell most: how much is won depends on the whole of a window, its noise and its texture.
    """
    edges = [seen.figures[:, column].max() for column in (1, 2, 3)]
    noise, typical = seen.figures[:, 0].mean(), np.median(seen.figures[:, 3])
    moving, blurred = opinion.windows[:, SHAKEN] + opinion.windows[:, MIXED], 1 - opinion.windows[:, SHARP]
    lengths = [
        (column * weights).sum() / max(float(weights.sum()), 1e-6)
        for column, weights in zip(opinion.lengths.T, (moving, blurred), strict=True)
    ]
    return np.array([*opinion.kinds, *lengths, noise, *edges, typical, *seen.figures.mean(0)], np.float32)


def blur_lengths(opinion: Opinion) -> tuple[float, float]:
    """Return the motion's length and the disc's radius in px of the windows.

    The forest learned that a window without motion has a motion of no length; its answer is the mean over both.
    """
    blurred = np.maximum(1 - opinion.windows[:, SHARP], 1e-3)
    found = []
    for column, kind in zip(opinion.lengths.T, (SHAKEN, FOCUS), strict=True):
        likely = opinion.windows[:, kind] + opinion.windows[:, MIXED]
        share = np.minimum(likely / blurred, 1)
        mean = float((column * likely).sum() / max(float((share * likely).sum()), 1e-6))
        found.append(max(2**mean - 1, 0.0))
    return found[0], found[1]


@lru_cache(maxsize=1)
def judge() -> Judge:
    """Return what was learned; raise WeightsError if the file is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    weights = find_weights(CARD_ID)
    if weights is None:
        raise WeightsError("The weights {id} are missing: install Acutance again.", id=CARD_ID)
    try:
        arrays = load(read_checked(weights))
        forests = {name: Forest.of(arrays, name) for name in FORESTS}
        return Judge(forests, Limits(**{name: float(each) for name, each in weights.card.settings.items()}))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            "The weights {path} do not fit {method}: {reason}", path=weights.path, method=CARD_ID, reason=reason
        ) from error
