"""What is done to a result before it covers the original; no other run is needed for it. No Qt."""

from __future__ import annotations

from typing import NamedTuple

from engine.choices import Choices


class Finish(NamedTuple):
    """fine_only: tones and colours stay the photo's own. grain: how much of it is held down, 0 to 1."""

    fine_only: bool
    grain: float


AS_RESTORED = Finish(False, 0.0)


def finish_of(choices: Choices) -> Finish:
    """Return what is chosen."""
    return Finish(choices.high_frequencies_only, choices.grain)
