"""Removes data that identify the computer's owner from a report: home folder, user and host name."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import re
from functools import cache
from pathlib import Path


def private(text: str) -> str:
    """Return the text with the home folder as ~, and user and host name as USER and HOST everywhere."""
    for home in _homes():
        text = text.replace(home, "~")
    for names, instead in ((_users(), "USER"), (_hosts(), "HOST")):
        for name in names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text, flags=re.IGNORECASE)
    return text


def _homes() -> list[str]:
    """Return every spelling of the home folder, the longest first, also with doubled backslashes."""
    home = Path.home()
    spelt = {str(home), home.as_posix(), str(home).replace("\\", "\\\\"), str(home.resolve())}
    return sorted((name for name in spelt if name.strip("\\/")), key=len, reverse=True)


@cache
def _users() -> list[str]:
    names = {Path.home().name}
    with contextlib.suppress(KeyError, OSError, ImportError):  # an account without a name
        names.add(getpass.getuser())
    return sorted(filter(None, names), key=len, reverse=True)


@cache
def _hosts() -> list[str]:
    """Return the host's name, with and without its domain."""
    names = {platform.node(), platform.node().partition(".")[0], os.environ.get("COMPUTERNAME", "")}
    return sorted(names - {"", "localhost"}, key=len, reverse=True)
