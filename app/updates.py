"""Asks the release page for the newest version: only where the user wants it, and with nothing that tells who asks.

What is sent is a plain GET for the release page's address and "/latest", without cookies, version or system. The
answer is the version that the address leads to (forges redirect /latest to .../v1.2.3), or the first line of what it
holds. It chooses no address: what is opened in the browser is the page that stands in pyproject.toml.
"""

from __future__ import annotations

import logging
import re
import ssl
import urllib.request
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit

from engine.program import own_version

_log = logging.getLogger(__name__)
_PATIENCE = 6  # seconds
_MOST = 200  # bytes of an answer
_VERSION = re.compile(r"v?(\d+(?:\.\d+){1,3})")


def release_page() -> str:
    """Return the address of the release page, "Releases" of pyproject.toml's URLs; "" where there is none."""
    try:
        urls = metadata("acutance").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = (url.partition(", ") for url in urls)
    return next((address for name, _, address in named if name == "Releases"), "")


def newer_version(page: str, mine: str | None = None) -> str | None:
    """Return the version that the page has and that is newer than `mine` (this one); None where there is none.

    Raises OSError where the page cannot be asked, or says no version. Waits for the network: call it on a thread.
    """
    newest = _newest(page)
    return newest if _numbers(newest) > _numbers(mine or own_version() or "") else None


def _newest(page: str) -> str:
    try:
        request = urllib.request.Request(f"{page.rstrip('/')}/latest", headers={"User-Agent": "Acutance"})
        with urllib.request.urlopen(request, timeout=_PATIENCE, context=_certificates()) as answer:
            last = urlsplit(answer.url).path.rstrip("/").rpartition("/")[2]
            said = answer.read(_MOST).decode("utf-8", "replace").strip().partition("\n")[0].strip()
    except (HTTPException, ValueError) as error:
        raise OSError(f"{page} cannot be asked: {error}") from error
    found = _VERSION.fullmatch(last) or _VERSION.fullmatch(said)
    if found is None:
        raise OSError(f"{page} names no version")
    return found[1]


def _certificates() -> ssl.SSLContext:
    """Return the system's certificates, and those of certifi where it is there: a packaged program may know none."""
    context = ssl.create_default_context()
    try:
        import certifi
    except ImportError:
        return context
    context.load_verify_locations(certifi.where())
    return context


def _numbers(number: str) -> tuple[int, ...]:
    """Return a version as numbers that compare, e.g. (1, 2, 0, 0) of "1.2"; zeros where it is none."""
    found = _VERSION.match(number)
    parts = [int(part) for part in found[1].split(".")] if found else []
    return tuple([*parts, 0, 0, 0, 0][:4])
