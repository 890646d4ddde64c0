"""Peak memory and processor seconds of `acutance deblur` against the size of the photo, each in its own process.

python tests/bench/memory_of_photos.py [--megapixels 1 6 24 45] [--kind jpeg|tiff] [--cap GIB] [--light]
    [--region whole|faces] [more options of deblur]

prints a line a photo and, for several, the straight lines through peaks and seconds. --kind: a JPEG, or a TIFF of 16
bits. --cap: as on a machine with that much memory free: Linux gives the process no more (RLIMIT_DATA), and the engine
finds no more. --light: a wrfn of one block in place of eight, random weights, which takes the same memory and a fifth
of the time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import skimage.data
import tifffile
from PIL import Image, ImageFilter

from app.cli.console import tell
from engine.weights import FOLDER_VARIABLE

RUN = """
import json, os, resource, sys, types
import psutil
if cap := int(os.environ.get("ACUTANCE_BENCH_CAP", 0)):
    resource.setrlimit(resource.RLIMIT_DATA, (cap, cap))
    own = psutil.Process()
    psutil.virtual_memory = lambda: types.SimpleNamespace(total=cap, available=max(cap - own.memory_info().rss, 0))
from app.__main__ import main
sys.argv = ["acutance", "deblur", *sys.argv[1:]]
try:
    code = main()
except SystemExit as leaving:
    code = leaving.code
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"code": code, "gib": used.ru_maxrss / 2**20, "seconds": used.ru_utime + used.ru_stime}))
"""


def photo(folder: Path, megapixels: float, kind: str = "jpeg") -> Path:
    """Write a photo of 3:2 with a portrait in its middle, blurred, on a slope with grain."""
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
    path = folder / f"{megapixels:g}.{kind[:3].replace('jpe', 'jpg')}"
    if kind == "tiff":
        tifffile.imwrite(path, np.asarray(whole) * np.uint16(257), photometric="rgb")
    else:
        whole.save(path, quality=92)
    return path


def light_weights(folder: Path) -> Path:
    """Write random weights of a wrfn of one block; return their folder."""
    import torch
    from safetensors.torch import save

    from engine.networks.registry import method

    torch.manual_seed(0)
    settings = {"blocks": 1}
    network = method("wrfn").build(settings)
    torch.nn.init.normal_(network.blending[-1].weight, std=0.001)  # type: ignore[index, union-attr, arg-type]
    data = save({name: values.half() for name, values in network.state_dict().items()})
    digest = hashlib.sha256(data).hexdigest()
    card = {"format": 1, "id": "wrfn", "method": "wrfn", "settings": settings, "sha256": digest}
    (folder / "wrfn.safetensors").write_bytes(data)
    (folder / "wrfn.json").write_text(json.dumps(card))
    return folder


def measured(
    megapixels: float, options: Sequence[str], kind: str = "jpeg", cap: float | None = None, light: bool = False
) -> dict[str, float]:
    """Deblur a photo of that size; return exit code, GiB at the peak and seconds of the processor."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = photo(folder, megapixels, kind)
        environment = dict(os.environ)
        if cap:
            environment["ACUTANCE_BENCH_CAP"] = str(int(cap * 2**30))
        if light:
            environment[FOLDER_VARIABLE] = str(light_weights(folder))
        target = path.with_suffix(f".out{path.suffix}")
        command = [sys.executable, "-c", RUN, str(path), "-o", str(target), *options]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        took: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        assert took["code"] or target.stat().st_size
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[1, 6, 24, 45])
    parser.add_argument("--kind", choices=["jpeg", "tiff"], default="jpeg")
    parser.add_argument("--cap", type=float, metavar="GIB")
    parser.add_argument("--light", action="store_true")
    asked, options = parser.parse_known_args()
    all_took = []
    for megapixels in asked.megapixels:
        took = measured(megapixels, options, asked.kind, asked.cap, asked.light)
        all_took.append(took)
        failed = f", FAILED ({took['code']})" if took["code"] else ""
        tell(f"{megapixels:g} MP: {took['gib']:.2f} GiB, {took['seconds']:.0f} s of the processor{failed}")
    if len(all_took) > 2:
        for name, unit in (("gib", "GiB"), ("seconds", "s")):
            values = [took[name] for took in all_took]
            slope, start = np.polyfit(asked.megapixels, values, 1)
            off = np.abs(np.polyval([slope, start], asked.megapixels) - values).max()
            tell(f"{start:.2f} {unit} + {slope:.3f} {unit} a megapixel, none further than {off:.2f} {unit} from that")


if __name__ == "__main__":
    main()
