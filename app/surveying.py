"""Puts the findings of a survey of photos into words, for the command line and the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.language import marked, number, tr, translated, trn

if TYPE_CHECKING:
    from training.survey import Look

REASONS = {
    "blurred": marked("Too blurred: sharpness {sharpness}, less than {least}"),
    "small": marked("Too small: the shorter side has {side} px, {smallest} are needed"),
    "duplicate": marked("A copy of {like}"),
    "unreadable": marked("Cannot be read: {reason}"),
}


def reason(look: Look) -> str:
    """Say why a photo is left out; "" if it is used."""
    from training.survey import SHARPEST_PART, SMALLEST

    if look.verdict == "good":
        return ""
    values = {
        "sharpness": number(look.sharpness, 2),
        "least": number(SHARPEST_PART, 2),
        "side": min(look.size),
        "smallest": SMALLEST,
        "like": look.like,
        "reason": translated(look.reason),
    }
    return tr(REASONS[look.verdict]).format(**values)


def summary(looks: Sequence[Look], taken: int) -> str:
    """Say how many photos are taken and left out, and how many faces were counted."""
    text = trn("One photo is used", "{count} photos are used", taken).format(count=number(taken))
    if any(look.faces is not None for look in looks):
        faces = sum(look.faces or 0 for look in looks)
        text += trn(", with one face", ", with {count} faces", faces).format(count=number(faces))
    left_out = len(looks) - taken
    return text + trn("; one is left out.", "; {count} are left out.", left_out).format(count=number(left_out))


def measured(rate: float, memory: int, device: str) -> str:
    """Say how fast this machine trains and with how much memory (bytes), as a trial measured it."""
    return tr("About {rate} samples a second here ({device}), with {memory} GB of memory.").format(
        rate=number(rate, 0 if rate >= 10 else 1), device=device, memory=number(memory / 1e9, 1)
    )


def promised(rate: float, minutes: float, shipped_samples: int | None) -> str:
    """Say how many samples fit into the minutes, compared with those of the shipped weights."""
    samples = number(round(rate * 60 * minutes, -2))
    text = trn("One minute is about {samples} samples", "{count} minutes are about {samples} samples", round(minutes))
    text = text.format(count=number(minutes), samples=samples)
    if shipped_samples is None:
        return tr("{text}; no weights of this method are shipped.").format(text=text)
    return tr("{text}; the shipped weights saw {shipped}.").format(text=text, shipped=number(shipped_samples))
