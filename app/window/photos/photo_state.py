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
    """What changed of an open photo; `Document` has a signal for each."""

    PHOTO = "photo"
    PICTURE = "picture"
    MARKS = "marks"
    MASK = "mask"
    REQUEST = "request"
    RESULT = "result"
    PROGRESS = "progress"
    STATE = "state"
