"""The one list of methods: every folder of `engine.networks` that holds a `METHOD`, and those of other packages.

A package offers its methods under the entry point group `acutance.methods`; each entry point names a `Method`.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
from functools import cache
from importlib.metadata import EntryPoint, entry_points

import engine.networks
from engine.errors import Sentence, UserError
from engine.networks.method import Method

_log = logging.getLogger(__name__)

GROUP = "acutance.methods"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # it names files


class UnknownMethodError(UserError):
    """No method with that id is installed."""


@cache
def shipped_methods() -> dict[str, Method]:
    """Return the methods of this program by id, in the alphabetical order of their folders. Imports no torch."""
    found: dict[str, Method] = {}
    for entry in pkgutil.iter_modules(engine.networks.__path__):
        if not entry.ispkg:
            continue
        method: Method = importlib.import_module(f"engine.networks.{entry.name}").METHOD
        if method.id in found:
            raise ValueError(f"two methods are called {method.id!r}")
        found[method.id] = method
    return found


def methods() -> dict[str, Method]:
    """Return all methods by id: those of this program, then those of other packages in the order of their names."""
    return _found()[0]


def unusable_methods() -> dict[str, Sentence]:
    """Return why a method of another package is left out, by "PACKAGE: NAME"."""
    return _found()[1]


def preferred_methods() -> list[Method]:
    """Return all methods in the order in which Automatic prefers them: those of other packages come last."""
    own = shipped_methods()
    return sorted(methods().values(), key=lambda each: (each.id not in own, each.preference, each.id))


def known_method(weights_id: str) -> Method | None:
    """Return the method of weights called "METHOD" or "METHOD@NAME"; None where it is not installed."""
    return methods().get(weights_id.partition("@")[0])


def method(weights_id: str) -> Method:
    """Return the same; raise `UnknownMethodError` with the known ids where it is not installed."""
    found = known_method(weights_id)
    if found is None:
        raise UnknownMethodError(
            "There is no method {method_id!r}. Installed are: {known}.",
            method_id=weights_id.partition("@")[0],
            known=", ".join(methods()),
        )
    return found


def forget() -> None:
    """Look for the methods of other packages anew at the next call, since packages came or went."""
    _found.cache_clear()


@cache
def _found() -> tuple[dict[str, Method], dict[str, Sentence]]:
    found, unusable = dict(shipped_methods()), dict[str, Sentence]()
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            made = _loaded(entry)
            reason = _fault(made, found)
        except Exception as error:  # noqa: BLE001 - the code of others may raise anything, and must not end the program
            _log.warning("the method %s cannot be loaded", entry.value, exc_info=error)
            reason = Sentence("it cannot be loaded ({error})", error=f"{type(error).__name__}: {error}")
        if reason is None:
            found[made.id] = made
        else:
            unusable[f"{entry.dist.name if entry.dist else '?'}: {entry.name}"] = reason
    return found, unusable


def _loaded(entry: EntryPoint) -> Method:
    made: Method = entry.load()
    return made


def _fault(made: object, known: dict[str, Method]) -> Sentence | None:
    if not isinstance(made, Method):
        return Sentence("it is no method")
    if not _ID.fullmatch(made.id):
        return Sentence("its id {id!r} is not made of small letters, digits and hyphens", id=made.id)
    if made.id in known:
        return Sentence("there is a method {id!r} already", id=made.id)
    return None
