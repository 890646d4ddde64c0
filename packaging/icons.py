"""Makes the icon files of all systems from resources/icons/acutance.svg."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parents[1] / "resources" / "icons" / "acutance.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def write_pngs(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[Path]:
    """Draw the icon in each size into `folder`/NxN/acutance.png and return the paths, smallest first."""
    renderer = QSvgRenderer(str(SVG))
    written = []
    for size in sizes:
        picture = QImage(size, size, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter)
        painter.end()
        target = folder / f"{size}x{size}" / "acutance.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(target)):
            raise OSError(f"{target} cannot be written")
        written.append(target)
    return written


def write_icon(folder: Path) -> Path:
    """Write the icon of the executable for this system (.ico, .icns, else .png) into `folder`; return its path."""
    largest = Image.open(write_pngs(folder)[-1])
    suffix = {"win32": ".ico", "darwin": ".icns"}.get(sys.platform, ".png")
    target = folder / f"acutance{suffix}"
    if suffix == ".ico":
        largest.save(target, sizes=[(size, size) for size in SIZES if size <= 256])
    else:
        largest.save(target)
    return target


if __name__ == "__main__":
    write_pngs(Path(sys.argv[1]))
