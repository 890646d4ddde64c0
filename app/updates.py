"""Asks the release page for the newest version, only on request, and without identifying the user.

It sends a plain GET to the release page's address plus "/latest", without cookies, version or system. The answer is
the version in the address that this redirects to (forges redirect /latest to .../v1.2.3), or the first line of the
page. The answer cannot choose an address: the browser opens the page that pyproject.toml names.
"""

from __future__ import annotations

import logging
import re
import ssl
import urllib.request
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit

from packaging.version import InvalidVersion, Version

from engine.program import own_version

_log = logging.getLogger(__name__)
_PATIENCE = 6  # seconds
_MOST = 200  # bytes of an answer
_VERSION = re.compile(r"v?(\d+(?:\.\d+){1,3})")


def release_page() -> str:
    """Return the address of the release page ("Releases" in pyproject.toml), or "" if there is none yet.

    A host that ends in ".invalid" marks a page that is not decided yet; such a host never exists (RFC 2606).
    """
    try:
        urls = metadata("acutance").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = (url.partition(", ") for url in urls)
    page = next((address for name, _, address in named if name == "Releases"), "")
    return "" if (urlsplit(page).hostname or "").endswith(".invalid") else page


def newer_version(page: str, mine: str | None = None) -> str | None:
    """Return the version on the page if it is newer than `mine` (default: this program's), else None.

    Raises OSError if the page cannot be reached or names no version. It waits for the network: call it on a thread.
    """
    newest = _newest(page)
    return newest if _version(newest) > _version(mine or own_version() or "") else None


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
    """Return the system's certificates and those of certifi, if installed: a packaged program may find none."""
    context = ssl.create_default_context()
    try:
        import certifi
    except ImportError:
        return context
    context.load_verify_locations(certifi.where())
    return context


def _version(text: str) -> Version:
    """Return a release as a comparable version: 0 for an invalid text, 1.2.dev0 for the development of 1.2."""
    try:
        return Version(Version(text).base_version)
    except InvalidVersion:
        return Version("0")
