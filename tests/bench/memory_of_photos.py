"""Peak memory and processor seconds of `acutance deblur` against the size of the photo, each in its own process.

python tests/bench/memory_of_photos.py [--megapixels 1 6 24 45 100] [--region whole|faces] [more options of deblur]
prints a line a photo and, for several, the straight line through the peaks.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageFilter

from app.cli.console import tell

RUN = """
import json, resource, sys
from app.__main__ import main
sys.argv = ["acutance", "deblur", *sys.argv[1:]]
try:
    code = main()
except SystemExit as leaving:
    code = leaving.code
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"code": code, "gib": used.ru_maxrss / 2**20, "seconds": used.ru_utime + used.ru_stime}))
"""


def photo(folder: Path, megapixels: float) -> Path:
    """Write a JPEG of 3:2 with a portrait in its middle, blurred, on a slope with grain."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(1.5 * height)
    slope = np.linspace(40, 200, width, dtype=np.float32)
    rng = np.random.default_rng(0)
    picture = np.empty((height, width, 3), np.uint8)
    for row in range(height):
        picture[row] = np.clip(slope[:, None] + 6 * rng.standard_normal((width, 3), np.float32), 0, 255)
    whole = Image.fromarray(picture)
    face = Image.fromarray(skimage.data.astronaut()).filter(ImageFilter.GaussianBlur(2))
    whole.paste(face, ((width - face.width) // 2, (height - face.height) // 2))
    path = folder / f"{megapixels:g}.jpg"
    whole.save(path, quality=92)
    return path


def measured(megapixels: float, options: list[str]) -> dict[str, float]:
    """Deblur a photo of that size; return GiB at the peak and seconds of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        path = photo(Path(folder), megapixels)
        command = [sys.executable, "-c", RUN, str(path), "-o", str(path.with_suffix(".out.jpg")), *options]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[1, 6, 24, 45])
    asked, options = parser.parse_known_args()
    peaks = []
    for megapixels in asked.megapixels:
        took = measured(megapixels, options)
        peaks.append(took["gib"])
        tell(f"{megapixels:g} MP: {took['gib']:.2f} GiB, {took['seconds']:.0f} s of the processor")
    if len(peaks) > 2:
        slope, start = np.polyfit(asked.megapixels, peaks, 1)
        off = np.abs(np.polyval([slope, start], asked.megapixels) - peaks).max()
        tell(f"{start:.2f} GiB + {1024 * slope:.0f} MiB a megapixel, no photo further than {off:.2f} GiB from that")


if __name__ == "__main__":
    main()
