"""Does the same for one photo after another; names those that fail, and goes on with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.batch.work import failure_line, unexpected_line
from app.cli.console import DONE, FAILED, ReaderGoneError, print_json, say
from engine.errors import Cancelled, UserError


def one_by_one(
    paths: Iterable[Path],
    do: Callable[[Path], dict[str, Any]],
    as_json: bool,
    expected: tuple[type[Exception], ...] = (UserError,),
) -> int:
    """Do something for each photo, and return the exit code. do: returns the JSON fields of a photo.

    expected: errors whose text says enough; all others are logged.
    """
    results: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    for path in paths:
        try:
            results.append(do(path))
        except (Cancelled, ReaderGoneError):
            raise
        except expected as error:
            failures.append({"photo": str(path), "reason": str(error)})
            say(failure_line(path, error if isinstance(error, UserError) else str(error)))
        except Exception as error:  # noqa: BLE001 - the photo's end, not the others'
            failures.append({"photo": str(path), "reason": unexpected_line(path, error)})
            say(failures[-1]["reason"])
    if as_json:
        print_json({"results": results, "failures": failures})
    return FAILED if failures else DONE
