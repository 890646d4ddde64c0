"""Recognises where a photo was taken: names of properties, and coordinates in texts."""

from __future__ import annotations

import re

_GEO = rb"geo(?:tag|loc|code|name|hash|uri|data|point|pos)"
NAME = rb"(?i:[\w.-]*(?:gps|latitude|longitude|longtitude|altitude|" + _GEO + rb")[\w.-]*)"
"""A pattern for local names of properties with a place; DJI's drones spell "longtitude"."""
_NAMES = re.compile(NAME)
_SPACE = rb"\s{0,4}"
_DECIMAL = rb"[-+]?\d{1,3}[.,]\d{3,20}"
_HEMISPHERE = rb"[\s,;]{0,4}[NSEWO]?[\s,;/]{1,4}"
_DEGREES = rb"\d{1,3}" + _SPACE + rb"(?:\xc2?\xb0|&#176;|&deg;|deg\b|d\b|,)" + _SPACE
_MINUTE = rb"\d{1,2}(?:[.,]\d{1,20})?" + _SPACE + rb"(?:['\xb4]|\xe2\x80[\xb2\x99]|&apos;|&#39;|m\b)"
_SECOND = _SPACE + rb"\d{1,2}(?:[.,]\d{1,20})?" + _SPACE + rb"(?:[\"\xa8]|\xe2\x80[\xb3\x9d]|''|&quot;|&#34;|s\b)?"
_ANGLE = _DEGREES + _MINUTE + rb"(?:" + _SECOND + rb")?" + _SPACE + rb"[NSEWO]?"
_COORDINATES = re.compile(
    rb"(?i:\bgeo:\s{0,4}(?:(?:lat|lon|long|lng|alt)\w{0,20}\s{0,4}=\s{0,4})?[-+]?\d{1,4}[\d.,;=\w-]{0,99})"
    rb"|(?i:\b(?:lat|lon|long|lng|latitude|longitude|altitude)\s{0,4}[:=]?\s{0,4}[-+]?\d{1,4}(?:[.,]\d{1,20})?)"
    rb"|" + _DECIMAL + _HEMISPHERE + _DECIMAL + rb"(?:\s{0,4}[NSEWO]\b)?"
    rb"|[-+]\d{2,4}\.\d{1,20}[-+]\d{3,5}\.\d{1,20}"  # ISO 6709
    rb"|" + _ANGLE + rb"(?:[\s,;/]{0,4}" + _ANGLE + rb")?"
)


def is_place(name: bytes) -> bool:
    """Whether a property with that name (without its namespace) holds a place."""
    return _NAMES.fullmatch(name) is not None


def tells_place(text: bytes) -> bool:
    """Whether a text contains coordinates."""
    return _COORDINATES.search(text) is not None


def blanked(text: bytes) -> bytes:
    """Return the text with spaces in place of coordinates; it keeps its length."""
    return _COORDINATES.sub(lambda found: b" " * len(found[0]), text)
