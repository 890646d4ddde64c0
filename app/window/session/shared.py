"""The objects that the parts of a session share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.window.jobs import Jobs
from app.window.photos.document import Document
from app.window.photos.roll import Roll
from app.window.session.choices import ChoiceKeeper
from app.window.session.engine_access import EngineAccess


@dataclass(frozen=True)
class Shared:
    """tell: takes every error, and shows it to the user if it concerns them."""

    document: Document
    roll: Roll
    jobs: Jobs
    engine: EngineAccess
    choices: ChoiceKeeper
    tell: Callable[[BaseException], None]
