"""The system's screen profile, requested on a screen without a monitor."""

import ctypes
import os
import shutil
import subprocess
import sys

import pytest
from PIL import ImageCms

from app.window.viewer import system_profile as tested

ASK = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
from app.window.viewer.system_profile import system_profile
sys.stdout.buffer.write(system_profile() or b"none")
"""


@pytest.fixture
def screen():
    """Return the number of an X server that ends with the test."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def name_profile(screen, content):
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(screen.encode()))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    names = (b"_ICC_PROFILE", b"CARDINAL")
    atom, cardinal = (ctypes.c_ulong(x11.XInternAtom(display, name, False)) for name in names)
    x11.XChangeProperty(display, root, atom, cardinal, 8, 0, content, len(content))
    x11.XCloseDisplay(display)


def ask(screen):
    environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    return subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, timeout=60).stdout


def test_the_profile_of_the_root_window_is_taken(screen):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not ask(screen):
        pytest.skip("Qt has no xcb platform that starts here")
    assert ask(screen) == b"none"
    name_profile(screen, profile)
    assert ask(screen) == profile
    name_profile(screen, b"no profile at all")
    assert ask(screen) == b"none"


def test_a_platform_without_a_screen_has_none(qapp):
    assert tested.system_profile() is None
