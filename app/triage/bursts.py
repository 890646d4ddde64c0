"""Puts the frames of a burst beside each other, the sharper one first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Kind

APART = 2.0  # seconds between two frames of a burst


def in_bursts(found: Sequence[Triaged]) -> list[Triaged]:
    """Return the photos in order, each burst at the place of its first frame, and with its number from 1 on.

    A burst is of one camera, known by EXIF, and no two frames that follow each other are more than 2 s apart.
    """
    bursts = _bursts(found)
    number_of = {id(each): number for number, burst in enumerate(bursts, start=1) for each in burst}
    ordered: list[Triaged] = []
    placed: set[int] = set()
    for each in found:
        number = number_of.get(id(each), 0)
        if not number:
            ordered.append(each)
        elif number not in placed:
            placed.add(number)
            ordered += [replace(one, burst=number) for one in sorted(bursts[number - 1], key=_softness)]
    return ordered


def _bursts(found: Sequence[Triaged]) -> list[list[Triaged]]:
    """Return the bursts of two frames or more, in the order of their first photo in `found`."""
    place = {id(each): number for number, each in enumerate(found)}
    timed = [(each.camera, each.taken, each) for each in found if each.camera and each.taken is not None]
    timed.sort(key=lambda one: (one[0], one[1]))
    groups: list[list[Triaged]] = []
    before = None
    for camera, taken, each in timed:
        near = before is not None and before[0] == camera and (taken - before[1]).total_seconds() <= APART
        if near:
            groups[-1].append(each)
        else:
            groups.append([each])
        before = (camera, taken)
    bursts = [group for group in groups if len(group) > 1]
    return sorted(bursts, key=lambda group: min(place[id(each)] for each in group))


def _softness(found: Triaged) -> tuple[float, float, float]:
    """Return what sorts the sharpest first: photos that are sharp, sharp faces, sharp edges."""
    told = found.diagnosis
    if told is None:
        return 2.0, 0.0, 0.0
    return 0.0 if told.kind is Kind.SHARP else 1.0, -(told.face_sharpness or 0.0), -told.sharpness
