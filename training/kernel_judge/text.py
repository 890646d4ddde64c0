"""Pages of text, drawn: photos of signs and pages have edges unlike those of faces and landscapes."""

from __future__ import annotations

import string

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTERS = list(string.ascii_letters + string.digits)


def page(side: int, rng: np.random.Generator) -> np.ndarray:
    """Return a page of `side` x 1.3 `side` px with lines of random words, H x W x 3 float32 in [0, 1]."""
    height, width = side, round(1.3 * side)
    paper, ink = (tuple(int(part) for part in rng.integers(*span, 3)) for span in ((170, 256), (0, 90)))
    if rng.random() < 0.3:
        paper, ink = ink, paper
    image = Image.new("RGB", (width, height), paper)
    draw, top = ImageDraw.Draw(image), int(rng.integers(0, 20))
    while top < height:
        size = int(rng.integers(14, 60))
        words = ["".join(rng.choice(LETTERS, rng.integers(2, 10))) for _ in range(12)]
        draw.text((int(rng.integers(0, 30)), top), " ".join(words), fill=ink, font=ImageFont.load_default(size))
        top += round(size * rng.uniform(1.1, 2))
    return np.asarray(image, np.float32) / 255
