"""The screen's ICC profile, as the system reports it to a program without colour management of its own.

X11 stores the profile of the first screen in a property of the root window (ICC Profiles in X Specification 0.4).
Windows knows the profile of the desktop. Elsewhere nothing is read: Wayland and macOS take a program's pictures for
sRGB and convert them. (This is from their documentation; Windows and macOS were not tried.)
"""

from __future__ import annotations

import ctypes
import logging
import sys

from PySide6.QtGui import QGuiApplication

from engine.errors import UserError

_log = logging.getLogger(__name__)
_X11 = "libX11.so.6"
_PROPERTY = b"_ICC_PROFILE"
_MOST_WORDS = 4_000_000
"""Most 32-bit words of a property that are read; profiles with large tables take a few megabytes."""


def system_profile() -> bytes | None:
    """Return the profile, None if the system names none or an unsuitable one."""
    from engine.photos.colour import check_screen_profile

    try:
        found = _of_windows() if sys.platform == "win32" else _of_x11()
        if found:
            check_screen_profile(found)
    except (OSError, UserError) as error:
        _log.info("the system's screen profile cannot be used: %s", error)
        return None
    return found or None


def _of_windows() -> bytes | None:
    from PIL import ImageCms

    profile = ImageCms.get_display_profile()
    return profile.tobytes() if profile else None


def _of_x11() -> bytes | None:
    """Ask through a separate connection: Qt's connection belongs to another thread."""
    if QGuiApplication.platformName() != "xcb":
        return None
    x11 = ctypes.CDLL(_X11)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        atom = ctypes.c_ulong(x11.XInternAtom(display, _PROPERTY, True))
        return _property(x11, display, atom) if atom.value else None
    finally:
        x11.XCloseDisplay(display)


def _property(x11: ctypes.CDLL, display: ctypes.c_void_p, atom: ctypes.c_ulong) -> bytes | None:
    """Return the bytes of a property of the root window; None if it has none, or if it does not hold bytes."""
    kind, count, left = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    bits, data = ctypes.c_int(), ctypes.POINTER(ctypes.c_ubyte)()
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    part, whole, any_kind = ctypes.c_long(0), ctypes.c_long(_MOST_WORDS), ctypes.c_ulong(0)
    answers = (ctypes.byref(answer) for answer in (kind, bits, count, left, data))
    failed = x11.XGetWindowProperty(display, root, atom, part, whole, False, any_kind, *answers)
    if failed or not data:
        return None
    try:
        return ctypes.string_at(data, count.value) if bits.value == 8 else None
    finally:
        x11.XFree(data)
