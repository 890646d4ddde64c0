"""Writes labels, ratings and keywords into XMP sidecars, so that catalogues show what was found."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice, Kind
from engine.errors import UserError
from engine.photos.formats import RAW_SUFFIXES
from engine.photos.xmp_marks import Marks, NoXmpError, with_marks
from engine.whole_files import write_whole

FIELDS = ("label", "rating", "keyword")
FAMILY = "acutance:"
LABELS = {Advice.KEEP: "Green", Advice.CAN_BE_SAVED: "Yellow", Advice.CANNOT_BE_SAVED: "Red"}
RATINGS = {Advice.KEEP: 3, Advice.CAN_BE_SAVED: 2, Advice.CANNOT_BE_SAVED: 1}
LARGEST = 16 << 20  # bytes of a sidecar


def marks_of(found: Triaged, fields: Collection[str]) -> Marks:
    """Return the marks of a photo that was diagnosed."""
    told = found.diagnosis
    assert told is not None
    return advice_marks(told.advice, told.kind, fields)


def advice_marks(advice: Advice, kind: Kind | None, fields: Collection[str]) -> Marks:
    """Return the marks for an advice. kind: None to leave it out of the keywords."""
    words = tuple(FAMILY + str(word) for word in (kind, advice) if word is not None) if "keyword" in fields else ()
    return Marks(
        LABELS[advice] if "label" in fields else None, RATINGS[advice] if "rating" in fields else None, words, FAMILY
    )


def sidecars_of(photo: Path) -> list[Path]:
    """Return the sidecars to write: those that exist, otherwise the one whose name is usual.

    Adobe's programs call that of IMG.CR2 IMG.xmp; darktable and digiKam call it IMG.CR2.xmp, and that of a JPEG
    IMG.JPG.xmp. IMG.xmp beside IMG.CR2 and IMG.JPG belongs to the RAW file.
    """
    full, bare = photo.with_name(photo.name + ".xmp"), photo.with_suffix(".xmp")
    is_raw = photo.suffix.lower() in RAW_SUFFIXES
    own = is_raw or not _has_raw_twin(photo)
    found = [path for path in (full, bare) if path.exists() and (path == full or own)]
    return found or [bare if is_raw else full]


def write_marks(photo: Path, marks: Marks) -> tuple[str, ...]:
    """Write the marks into the sidecars of a photo; return the names of marks that somebody else had set, and stay.

    Raise UserError if a sidecar cannot be read, understood or written; it then stays as it is.
    """
    kept: tuple[str, ...] = ()
    for path in sidecars_of(photo):
        try:
            before = _read(path)
            packet, had = with_marks(before, marks)
            if packet != before:
                write_whole(path, lambda file, packet=packet: file.write(packet))  # type: ignore[misc]
        except NoXmpError as error:
            raise UserError(
                "The sidecar {path} stays as it is: {reason}.", path=path, reason=error.sentence
            ) from error
        except OSError as error:
            raise UserError("The sidecar {path} cannot be written: {reason}.", path=path, reason=error) from error
        kept += tuple(name for name in had if name not in kept)
    return kept


def _read(path: Path) -> bytes | None:
    try:
        if path.stat().st_size > LARGEST:
            raise NoXmpError("it is too large for a sidecar")
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _has_raw_twin(photo: Path) -> bool:
    twins = (photo.with_suffix(suffix) for raw in RAW_SUFFIXES for suffix in (raw, raw.upper()))
    return any(twin.exists() for twin in twins)
