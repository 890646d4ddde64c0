"""Finds out what blurred a photo, from a few windows of it at a reduced size, without restoring it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind, Part
from engine.diagnosis.judging import KINDS, Judge, Opinion, blur_lengths, judge
from engine.diagnosis.photo_figures import MIXED, SHAKEN, coherence, direction
from engine.diagnosis.spots import FINENESS, sharpness_of, spots
from engine.diagnosis.windows import Windows, windows_of
from engine.faces.face import Face
from engine.photos.reduced import Reduced

FEWEST = 2  # windows with edges: of fewer nobody can tell
LONG = 20.0  # px: a longer blur is looked at in a smaller picture
MOST_HALVINGS = 3
SMALLEST = 160  # px of the shorter side of a picture that is looked at
AGREEING = 0.35  # how much windows must agree on the direction for there to be one
FILM_DIAGONAL = 43.27  # mm
MOVED = 0.5  # probability from which on a window shows a motion
SHARPEST = 3  # windows that stand for the sharpness of the photo
Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class _Look:
    """A photo at one size: px of the photo in one of the plane's, and what is told of it; None without edges."""

    plane: np.ndarray
    scale: float
    seen: Windows
    opinion: Opinion | None


def diagnosed(photo: Reduced, faces: Sequence[Face] | None = None, check: Check = lambda: None) -> Diagnosis:
    """Say what blurred a photo, how far, and what restoring it would win.

    faces: those in the photo, None if nobody looked for them. check is called several times a second, and may raise.
    Raise WeightsError if what was learned is missing.
    """
    learned = judge()
    first = _look(photo.luma, photo.scale, learned, check)
    sharpness = _sharpness(first.seen)
    sharpest, softest = spots(first.seen, faces or (), photo.samples.shape)
    look = _coarse_enough(first, learned, check)
    plain = Diagnosis(
        Kind.CANNOT_TELL,
        0.0,
        Advice.KEEP,
        sharpness,
        faces=None if faces is None else len(faces),
        face_sharpness=max((face.sharpness for face in faces or ()), default=None),
        sharpest=sharpest,
        softest=softest,
    )
    return plain if look.opinion is None else _told(plain, first, look, look.opinion, learned, photo)


def _told(plain: Diagnosis, first: _Look, look: _Look, opinion: Opinion, learned: Judge, photo: Reduced) -> Diagnosis:
    """Return a diagnosis with kind, measurements and advice.

    look: at the size at which the blur is measured, with its opinion. first: at the size at which restoring would see
    it; what that wins is told from there.
    """
    kind = learned.kind(opinion)
    if kind not in KINDS:
        return replace(plain, certainty=float(1 - opinion.kinds[0]))
    plain = replace(plain, kind=kind, certainty=float(opinion.kinds[KINDS.index(kind)]))
    if kind is Kind.SHARP:
        return plain
    # nothing here undoes a part that moved
    gain, confidence = (0.0, 0.0) if kind is Kind.SUBJECT_MOVED else _expected(first, look, learned)
    advice = Advice.CAN_BE_SAVED if confidence >= learned.limits.saved else Advice.CANNOT_BE_SAVED
    return replace(_measured(plain, look, opinion, photo), advice=advice, gain=max(gain, 0.0), confidence=confidence)


def _expected(first: _Look, look: _Look, learned: Judge) -> tuple[float, float]:
    """Return what restoring is expected to win; a photo without edges at its own size is judged by a smaller one."""
    seen = first if first.opinion is not None else look
    assert seen.opinion is not None
    return learned.gain(seen.opinion, seen.seen)


def _look(plane: np.ndarray, scale: float, learned: Judge, check: Check) -> _Look:
    seen = windows_of(plane, check)
    return _Look(plane, scale, seen, learned.opinion(seen) if len(seen.boxes) >= FEWEST else None)


def _coarse_enough(look: _Look, learned: Judge, check: Check) -> _Look:
    """Return the look at the size at which the blur is short enough to be measured, or the first one."""
    for _ in range(MOST_HALVINGS):
        height, width = (side // 2 for side in look.plane.shape)
        if min(height, width) < SMALLEST or not _is_long(look, learned):
            break
        smaller = cv2.resize(look.plane, (width, height), interpolation=cv2.INTER_AREA)
        following = _look(smaller, 2 * look.scale, learned, check)
        if not _is_blurred_as(look, following, learned):
            break
        look = following
    return look


def _is_long(look: _Look, learned: Judge) -> bool:
    """Whether a photo is blurred by more than a window shows, or has no edges at this size.

    The radius of a large disc is told badly, so that a photo out of focus is shrunk as long as that is seen.
    """
    if look.opinion is None:
        return True
    kind = learned.kind(look.opinion)
    if kind is Kind.OUT_OF_FOCUS:
        return True
    extent, radius = blur_lengths(look.opinion)
    return kind is not Kind.SHARP and max(extent, 2 * radius) > LONG


def _is_blurred_as(look: _Look, smaller: _Look, learned: Judge) -> bool:
    """Whether the photo is still blurred at a smaller size, and in the same way if it is out of focus."""
    if smaller.opinion is None:
        return False
    kind = learned.kind(smaller.opinion)
    if look.opinion is not None and learned.kind(look.opinion) is Kind.OUT_OF_FOCUS:
        return kind is Kind.OUT_OF_FOCUS
    return kind is not Kind.SHARP


def _sharpness(seen: Windows) -> float:
    """Return the sharpness of the sharpest windows in [0, 1]."""
    if not len(seen.figures):
        return 0.0
    finest = np.sort(seen.figures[:, FINENESS])[-SHARPEST:]
    return sharpness_of(float(finest.mean()))


def _measured(told: Diagnosis, look: _Look, opinion: Opinion, photo: Reduced) -> Diagnosis:
    """Return a diagnosis with length, direction and radius of its kind, and the places that moved."""
    moving = opinion.windows[:, SHAKEN] + opinion.windows[:, MIXED]
    extent, radius = (look.scale * length for length in blur_lengths(opinion))
    if told.kind in (Kind.OUT_OF_FOCUS, Kind.MIXED):
        told = replace(told, radius=radius)
    if told.kind is not Kind.OUT_OF_FOCUS:
        share = extent / math.hypot(*photo.size)
        agree = coherence(look.seen.turns, moving) >= AGREEING
        turn = direction(look.seen.turns, moving) if agree else None
        angle = _angle(share, photo.shot.focal_length)
        told = replace(told, extent=extent, share=share, angle=angle, direction=turn)
    if told.kind is Kind.SUBJECT_MOVED:
        told = replace(told, places=places(look.seen.boxes[moving >= MOVED]))
    return told


def _angle(share: float, focal_length: int | None) -> float | None:
    """Return the degrees that a share of the frame's diagonal is in the middle of the frame."""
    return math.degrees(math.atan(share * FILM_DIAGONAL / focal_length)) if focal_length else None


def places(boxes: np.ndarray) -> tuple[Part, ...]:
    """Return the parts that n x 4 overlapping or touching boxes cover, the largest first."""
    parts: list[np.ndarray] = []
    for box in boxes:
        near = [part for part in parts if _touch(part, box)]
        together = np.array([box, *near])
        joined = np.concatenate([together[:, :2].min(0), together[:, 2:].max(0)])
        parts = [part for part in parts if not _touch(part, box)] + [joined]
    parts.sort(key=lambda part: -float((part[2] - part[0]) * (part[3] - part[1])))
    return tuple(Part(*(round(float(edge), 4) for edge in part)) for part in parts)


def _touch(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((np.minimum(one[2:], other[2:]) >= np.maximum(one[:2], other[:2]) - 0.02).all())
