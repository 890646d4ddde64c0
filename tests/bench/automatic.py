"""What Automatic does with photos that are blurred in many ways, beside a network and blind deconvolution for all.

python tests/bench/automatic.py --photos ../shared/data/faces/test ../shared/data/photos/sun80-test [--each 8]

Sharp photos (folders, zip archives; the longer side shrunk to 480 px) are blurred in each way of `WAYS`, a photo for
each, and restored by `wrfn`, by `l0-deconv` and by Automatic, or by those that `--methods` names. For each way are
told: how many of the photos the last one kept as they were; the mean PSNR of the blurred photos and of each method;
how many photos are worse than the blurred one by more than 0.05 dB.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from app.cli.console import tell
from engine.engine import Engine
from engine.photos.photo import Photo
from engine.request import Request
from training.evaluation.samples import shrunk
from training.kernel_judge import ways
from training.sources import decoded, sources

SIDE = 480  # px
METHODS = "wrfn,l0-deconv,auto"
Drawn = np.random.Generator
Make = Callable[[np.ndarray, Drawn], np.ndarray]


def shaken_by(smallest: int, largest: int) -> Make:
    """Return what moves the camera in a plane by so many px."""
    return lambda sharp, rng: ways.shaken(sharp, rng, float(rng.integers(smallest, largest + 1) | 1))


def drawn(way: ways.Way, smallest: float, largest: float) -> Make:
    """Return a way with an extent in px from a range."""
    return lambda sharp, rng: way(sharp, rng, float(rng.uniform(smallest, largest)))


def photographed(make: Make, noise: tuple[float, float], *quality: int) -> Make:
    """Return what also adds noise of a strength from a range, rounds, and compresses by a quality from a range."""

    def taken(sharp: np.ndarray, rng: Drawn) -> np.ndarray:
        chosen = int(rng.integers(quality[0], quality[-1] + 1)) if quality else None
        return ways.taken(make(sharp, rng), rng, rng.uniform(*noise), chosen)

    return taken


WAYS: dict[str, Make] = {
    "shaken, noise 1 %": photographed(shaken_by(13, 27), (0.01, 0.01)),
    "shaken, noise 2 to 5 %": photographed(shaken_by(13, 27), (0.02, 0.05)),
    "shaken by 61 px, noise 1 %": photographed(shaken_by(61, 61), (0.01, 0.01)),
    "shaken, JPEG 90": photographed(shaken_by(13, 27), (0.002, 0.01), 90),
    "shaken, JPEG 75": photographed(shaken_by(13, 27), (0.002, 0.01), 75),
    "shaken, JPEG 50": photographed(shaken_by(13, 27), (0.002, 0.01), 50),
    "shaken a little, JPEG": photographed(shaken_by(3, 5), (0, 0.01), 75, 96),
    "out of focus": photographed(drawn(ways.out_of_focus, 3, 10), (0.002, 0.015)),
    "shaken in linear light, lamps, JPEG": photographed(drawn(ways.in_light, 13, 27), (0.002, 0.015), 75, 96),
    "camera turned": photographed(drawn(ways.turned, 18, 20), (0.002, 0.015)),
    "subject moved": photographed(drawn(ways.moved_subject, 9, 19), (0.002, 0.015)),
    "sharp, JPEG": photographed(lambda sharp, _: sharp, (0, 0.015), 75, 96),
}


def photos(paths: list[Path], rng: Drawn) -> Iterator[np.ndarray]:
    """Yield sharp photos from the given places without end, equally often from each place."""
    found = [list(sources([path])) for path in paths]
    while True:
        place = found[rng.integers(len(found))]
        yield shrunk(decoded(place[rng.integers(len(place))].data).astype(np.float32) / 255, SIDE)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--each", type=int, default=8, help="photos for each way")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--methods", default=METHODS, help=f"ids separated by commas (default: {METHODS})")
    options = parser.parse_args()
    methods = options.methods.split(",")
    rng = np.random.default_rng(options.seed)
    supply = photos(options.photos, rng)
    rows: dict[str, list[list[float]]] = defaultdict(list)
    request = Request(device="cpu", region="whole")
    with Engine() as engine:
        for _ in range(options.each):
            for way, make in WAYS.items():
                sharp = next(supply)
                photo = Photo(make(sharp, rng))
                made = [engine.run(replace(request, method=method), photo) for method in methods]
                pictures = [photo.pixels, *(result.pixels for result in made)]
                figures = [peak_signal_noise_ratio(sharp, pixels, data_range=1) for pixels in pictures]
                kept = np.array_equal(made[-1].pixels, photo.pixels)
                rows[way].append([*figures, kept])
    heads = ["", "kept", "blurred", *methods, *(f"worse: {method}" for method in methods)]
    tell(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    everything = [row for found in rows.values() for row in found]
    for way, found in {**rows, "all": everything}.items():
        table = np.array(found)
        worse = (table[:, 1:-1] < table[:, :1] - 0.05).mean(axis=0)
        cells = [f"{mean:.2f}" for mean in table[:, :-1].mean(axis=0)]
        kept, *shares = (f"{share:.0%}" for share in (table[:, -1].mean(), *worse))
        tell(f"| {way} | {' | '.join([kept, *cells, *shares])} |")


if __name__ == "__main__":
    main()
