"""Conditions before the first paint."""

import subprocess
import sys

HEAVY = ("torch", "cv2", "scipy", "skimage", "facenet_pytorch")


def test_the_window_is_built_without_the_heavy_libraries():
    script = (
        "import sys\n"
        "from app.window.application import make_application, make_window\n"
        "from app.window.theme.theme import Theme\n"
        "window = make_window(Theme(make_application()), lambda: None)\n"
        "window.show()\n"
        "window.grab()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "window.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    assert done.stdout.strip() == "[]"
