"""The list of methods: every folder of `engine.networks` with a `METHOD`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import engine.networks
from engine.errors import UserError
from engine.networks.method import Method


class UnknownMethodError(UserError):
    """No method with that id is installed."""


@cache
def methods() -> dict[str, Method]:
    """Return all methods by id, in the alphabetical order of their folders. Imports no torch."""
    found: dict[str, Method] = {}
    for entry in pkgutil.iter_modules(engine.networks.__path__):
        if not entry.ispkg:
            continue
        method: Method = importlib.import_module(f"engine.networks.{entry.name}").METHOD
        if method.id in found:
            raise ValueError(f"two methods are called {method.id!r}")
        found[method.id] = method
    return found


def method(method_id: str) -> Method:
    """Return the method with that id; raise `UnknownMethodError` with the known ids."""
    try:
        return methods()[method_id]
    except KeyError:
        known = ", ".join(methods())
        raise UnknownMethodError(
            "There is no method {method_id!r}. Installed are: {known}.", method_id=method_id, known=known
        ) from None
