"""The answer about one photo, as plain data that reports and the cache can hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What blurred a photo."""

    SHARP = "sharp"
    SHAKEN = "shaken"
    OUT_OF_FOCUS = "out of focus"
    SUBJECT_MOVED = "subject moved"
    MIXED = "mixed"
    CANNOT_TELL = "cannot tell"


class Advice(StrEnum):
    """What to do with a photo."""

    KEEP = "keep"
    CAN_BE_SAVED = "can be saved"
    CANNOT_BE_SAVED = "cannot be saved"


@dataclass(frozen=True)
class Part:
    """A part of a photo; its edges are shares of width and height, from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Spot:
    """A part to be looked at closely, and how sharp it is, in [0, 1]."""

    part: Part
    sharpness: float


@dataclass(frozen=True)
class Diagnosis:
    """What blurred a photo, and what a restoration would win.

    kind: the most probable one, CANNOT_TELL if none is probable enough. certainty: its probability in [0, 1].
    extent: px of the photo that the motion is long, None without motion. share: the same as a share of the frame's
    diagonal. angle: the same in degrees of the lens's view, None if the focal length is unknown. direction: degrees
    counter-clockwise from right, 0 to 180. radius: px of the disc of a photo out of focus, else None.
    places: where the subject moved. sharpness: of the sharpest part, in [0, 1]. face_sharpness: of the sharpest face,
    None if there is none or nobody looked. sharpest, softest: the faces to be looked at closely, or windows where
    there is no face; None if nothing has edges. gain: dB of PSNR that a restoration is expected to win. confidence:
    probability in [0, 1] that it wins anything that shows.
    """

    kind: Kind
    certainty: float
    advice: Advice
    sharpness: float
    extent: float | None = None
    share: float | None = None
    angle: float | None = None
    direction: float | None = None
    radius: float | None = None
    places: tuple[Part, ...] = ()
    faces: int | None = None
    face_sharpness: float | None = None
    sharpest: Spot | None = None
    softest: Spot | None = None
    gain: float = 0.0
    confidence: float = 0.0

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Diagnosis:
        """Return what `plain` described; raise KeyError, TypeError or ValueError for anything else."""
        places = tuple(Part(**part) for part in plain["places"])
        spots = {name: _spot(plain[name]) for name in ("sharpest", "softest")}
        told = {"kind": Kind(plain["kind"]), "advice": Advice(plain["advice"]), "places": places}
        return cls(**{**plain, **told, **spots})


def _spot(plain: dict[str, Any] | None) -> Spot | None:
    return None if plain is None else Spot(Part(**plain["part"]), float(plain["sharpness"]))
