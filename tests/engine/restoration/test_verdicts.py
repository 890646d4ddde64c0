"""The verdicts for known cases; `pytest -m slow -s tests/engine/restoration/test_verdicts.py` prints the table."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.families import draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.restoration.explain import explain

FACES = Path(__file__).parents[4] / "shared/data/faces/test"
MANY = 4
KERNELS = [
    Kernel(linear_kernel(13, 30)),
    *(Kernel(draw_kernel("trajectory", 21, np.random.default_rng(seed))) for seed in range(1, MANY)),
]
CROP = np.s_[64:192, 64:192]


def pictures() -> list[np.ndarray]:
    """Return four held-out faces of 256 px if they exist, otherwise four parts of the astronaut."""
    files = sorted(path for path in FACES.glob("*") if path.suffix in (".png", ".jpg"))[:: 100 // MANY][:MANY]
    if files:
        return [(np.asarray(Image.open(path).convert("RGB")) / 255).astype(np.float32) for path in files]
    corners = ((0, 80), (0, 256), (256, 0), (200, 200))
    return [(data.astronaut()[y : y + 256, x : x + 256] / 255).astype(np.float32) for y, x in corners]


def as_jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray((pixels.clip(0, 1) * 255).round().astype(np.uint8)).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream)).astype(np.float32) / 255


def cases(sharp: np.ndarray, other: np.ndarray, kernel: Kernel) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield the name of the case, the photo, and a result."""
    rng = np.random.default_rng(1)
    clean = blur(sharp, kernel)
    photo = add_noise(clean, 0.01, rng).astype(np.float32)
    middle = np.zeros(sharp.shape[:2], np.float32)
    middle[70:186, 70:186] = 1
    middle = ndimage.gaussian_filter(middle, 4)[..., None]
    yield "honest: sharp", photo, sharp
    yield "honest: sharp, 128 px", photo[CROP], sharp[CROP]
    yield "honest: deconvolved", photo, deconvolve(photo, kernel)
    yield "honest: deconvolved, 128 px", photo[CROP], deconvolve(photo, kernel)[CROP]
    yield "honest: smoothed photo", photo, ndimage.gaussian_filter(photo, (0.7, 0.7, 0))
    for quality in (95, 85, 70):
        yield f"honest: sharp, photo as JPEG {quality}", as_jpeg(clean, quality), sharp
    for name, base in (("sharp", sharp), ("deconvolved", deconvolve(photo, kernel))):
        yield f"exchanged: {name}", photo, base * (1 - middle) + other * middle


@pytest.mark.slow
def test_an_honest_result_is_never_said_to_contradict_the_photo_and_an_exchanged_face_always_is():
    table: dict[str, Counter[Verdict]] = defaultdict(Counter)
    sources = pictures()
    for n, (sharp, kernel) in enumerate(zip(sources, KERNELS, strict=True)):
        for name, photo, result in cases(sharp, sources[(n + 1) % MANY], kernel):
            verdict = explain(photo, result).verdict
            assert verdict is not None
            table[name][verdict] += 1
    for name, counts in table.items():
        print(f"{name:36s}", dict(sorted((str(verdict), many) for verdict, many in counts.items())))  # noqa: T201
        assert (counts[Verdict.CHANGED] == MANY) if name.startswith("exchanged") else not counts[Verdict.CHANGED]
    assert table["honest: sharp"][Verdict.WELL] == table["honest: sharp, 128 px"][Verdict.WELL] == MANY
