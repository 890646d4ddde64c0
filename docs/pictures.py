"""Make the pictures of README and of the guide: python docs/pictures.py (`make pictures`)."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SCREENSHOTS = ROOT / "build" / "screenshots"
OF_THE_GUIDE = ("empty", "wipe", "trust", "kernel-editor", "compare", "batch", "training-going", "settings")
SIZE = "1280x720"


def take() -> None:
    """Take pictures of every page of the window, by the real engine; that takes minutes."""
    subprocess.run([sys.executable, "-m", "tools.screenshots", "--size", SIZE], cwd=ROOT, check=True)


def keep() -> None:
    """Keep those of the guide as JPEG, and README's."""
    for name in OF_THE_GUIDE:
        with Image.open(SCREENSHOTS / f"{name}-light-{SIZE}.png") as picture:
            picture.convert("RGB").save(PICTURES / f"{name}.jpg", quality=85, optimize=True)
    with Image.open(SCREENSHOTS / f"wipe-light-{SIZE}.png") as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(PICTURES / "window.png", optimize=True)


if __name__ == "__main__":
    take()
    keep()
    subprocess.run([sys.executable, ROOT / "docs" / "examples" / "before_and_after.py"], check=True)
