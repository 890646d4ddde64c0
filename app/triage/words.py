"""Kinds, advice and measurements in the user's language, for the window and the page of a report. No Qt."""

from __future__ import annotations

from app.language import marked, number, percent, tr, translated
from app.triage.marks import Mark
from app.triage.triaged import SURE, Triaged
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

KINDS = {
    Kind.SHARP: marked("Sharp"),
    Kind.SHAKEN: marked("Shaken"),
    Kind.OUT_OF_FOCUS: marked("Out of focus"),
    Kind.SUBJECT_MOVED: marked("Subject moved"),
    Kind.MIXED: marked("Shaken, out of focus"),
    Kind.CANNOT_TELL: marked("Cannot tell"),
}
ADVICE = {
    Advice.KEEP: marked("Keep"),
    Advice.CAN_BE_SAVED: marked("Can be saved"),
    Advice.CANNOT_BE_SAVED: marked("Cannot be saved"),
}
MARKS = {Mark.KEEP: marked("Keep"), Mark.SAVE: marked("Deblur"), Mark.REJECT: marked("Reject")}


def advice(told: Diagnosis) -> str:
    """Return what to do with a photo, as surely as it is known."""
    if told.advice is Advice.CAN_BE_SAVED and told.confidence < SURE:
        return tr("May be saved")
    return tr(ADVICE[told.advice])


def hope(told: Diagnosis) -> str:
    """Return what deblurring is expected to win, as surely as it is known; "" for a photo that is kept.

    The gain is told in whole dB: that of a single photo is often wrong by one or two.
    """
    if told.advice is Advice.KEEP:
        return ""
    if told.advice is Advice.CANNOT_BE_SAVED:
        return tr("Deblurring is not expected to help")
    text = (
        tr("Deblurring helps ({sure} sure), by about {gain} dB")
        if told.confidence >= SURE
        else tr("Deblurring may help ({sure} sure), by about {gain} dB")
    )
    return text.format(sure=percent(told.confidence), gain=number(max(told.gain, 1)))


def measure(told: Diagnosis) -> str:
    """Return how large the blur is, short enough for a badge."""
    if told.extent is not None:
        return tr("{size} px").format(size=number(told.extent))
    if told.radius is not None:
        return tr("radius {size} px").format(size=number(told.radius, 1))
    return ""


def short_measure(told: Diagnosis) -> str:
    """Return how large the blur is, shorter still: beside the sign of an unfocused photo it is the radius."""
    size = told.extent if told.extent is not None else told.radius
    return "" if size is None else tr("{size} px").format(size=number(size))


def line(told: Diagnosis) -> str:
    """Return kind and size in one line."""
    size = measure(told)
    return f"{tr(KINDS[told.kind])}, {size}" if size else tr(KINDS[told.kind])


def whole_story(found: Triaged) -> str:
    """Return all that is known of a photo, line by line."""
    told = found.diagnosis
    if told is None:
        return translated(found.reason)
    lines = [found.path.name, f"{line(told)} ({percent(told.certainty)})"]
    if told.share:
        lines.append(tr("{share} of the frame's diagonal").format(share=percent(told.share, 2)))
    if told.angle:
        lines.append(tr("{angle}° of the lens's view").format(angle=number(told.angle, 2)))
    if told.direction is not None:
        lines.append(tr("Direction of the motion: {angle}°").format(angle=number(told.direction)))
    lines += filter(None, [hope(told)])
    lines.append(tr("Sharpness of the edges: {value}").format(value=percent(told.sharpness)))
    if told.face_sharpness is not None:
        lines.append(tr("Sharpest face: {value}").format(value=percent(told.face_sharpness)))
    if found.burst:
        lines.append(tr("Burst {number}").format(number=found.burst))
    return "\n".join([*lines, *map(translated, found.notes)])
