"""What became of one photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

SURE = 0.85  # probability of help from which on the advice is given without a "may"


@dataclass(frozen=True)
class Triaged:
    """A photo and its diagnosis; None if it could not be read, and then `reason` says why in one line.

    size: width and height in px. taken, camera: by EXIF, None and "" if unknown. notes: on how it was read. known:
    the answer was remembered. burst: number of the burst, 0 for none.
    """

    path: Path
    diagnosis: Diagnosis | None = None
    reason: str = ""
    size: tuple[int, int] = (0, 0)
    taken: datetime | None = None
    camera: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    known: bool = False
    burst: int = 0

    def plain(self) -> dict[str, Any]:
        """Return what is remembered of it as JSON data: all that depends on the file's content alone."""
        assert self.diagnosis is not None
        return {
            "diagnosis": self.diagnosis.plain(),
            "size": list(self.size),
            "taken": None if self.taken is None else self.taken.isoformat(),
            "camera": self.camera,
            "notes": [str(note) for note in self.notes],
        }

    @classmethod
    def of(cls, path: Path, plain: dict[str, Any]) -> Triaged:
        """Return what `plain` described; raise KeyError, TypeError or ValueError for anything else."""
        taken = None if plain["taken"] is None else datetime.fromisoformat(plain["taken"])
        width, height = plain["size"]
        diagnosis = Diagnosis.of(plain["diagnosis"])
        notes = tuple(plain["notes"])
        return cls(path, diagnosis, "", (int(width), int(height)), taken, str(plain["camera"]), notes, known=True)


def described(found: Triaged) -> str:
    """Return the diagnosis in one line of English."""
    if found.diagnosis is None:
        return found.reason
    told = found.diagnosis
    parts = [*blur_in_words(told)]
    if told.faces:
        parts.append(f"sharpest face {told.face_sharpness or 0:.2f}")
    what = ", ".join([str(told.kind), *parts])
    if told.kind in (Kind.SHARP, Kind.CANNOT_TELL) or told.advice is Advice.KEEP:
        return f"{what}; keep"
    if told.advice is Advice.CAN_BE_SAVED:
        return f"{what}; {saving(told)}"
    return f"{what}; cannot be saved"


def saving(told: Diagnosis) -> str:
    """Return in English how surely a photo can be saved; the gain in whole dB: it is often wrong by one or two."""
    can = "can" if told.confidence >= SURE else "may"
    return f"{can} be saved ({told.confidence:.0%} sure, about {max(told.gain, 1):.0f} dB)"


def blur_in_words(told: Diagnosis) -> list[str]:
    """Return extent, direction, radius and place of the blur in English."""
    parts = []
    if told.extent is not None:
        share = f"{told.share:.2%} of the frame" if told.share else ""
        angle = f"{told.angle:.2f}° of the view" if told.angle else ""
        inside = ", ".join(filter(None, [share, angle]))
        parts.append(f"{told.extent:.0f} px" + (f" ({inside})" if inside else ""))
    if told.direction is not None:
        parts.append(f"direction {told.direction:.0f}°")
    if told.radius is not None:
        parts.append(f"radius {told.radius:.1f} px")
    for place in told.places[:1]:
        x, y = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        parts.append(f"at {x:.0%} from the left, {y:.0%} from the top")
    return parts
