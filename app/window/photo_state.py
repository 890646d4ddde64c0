"""What goes on with an open photo, and what can change of it."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """What goes on with a photo. EMPTY: its pixels are neither there nor awaited."""

    EMPTY = "empty"
    OPENING = "opening"
    READY = "ready"
    WORKING = "working"


class Aspect(Enum):
    """What changed of an open photo; the value is the signal of the document that shows it."""

    PHOTO = "photo_changed"
    PICTURE = "picture_changed"
    MARKS = "marks_changed"
    MASK = "mask_changed"
    REQUEST = "request_changed"
    RESULT = "result_changed"
    PROGRESS = "progress_changed"
    STATE = "state_changed"
