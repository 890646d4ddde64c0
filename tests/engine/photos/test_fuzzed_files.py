"""Damaged files of every kind: each gives a photo or one sentence, and leaves nothing open.

A small share by default; `ACUTANCE_FUZZ_CASES=1500 pytest tests/engine/photos/test_fuzzed_files.py` makes 1,500 of
each of the fourteen kinds, 21,000 in all, and ACUTANCE_FUZZ_SEED=N others than those of seed 0.
"""

from __future__ import annotations

import dataclasses
import io
import os
import random
import struct
import warnings
from pathlib import Path

import numpy as np
import psutil
import pytest
import tifffile
from imagecodecs import avif_encode, jpegxl_encode, ultrahdr_encode
from PIL import Image

from engine.photos.avif import put_blocks
from engine.photos.errors import PhotoError
from engine.photos.losses import not_kept
from engine.photos.photo import Metadata, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

CASES = int(os.environ.get("ACUTANCE_FUZZ_CASES", "50"))
SEED = os.environ.get("ACUTANCE_FUZZ_SEED", "0")
WRITTEN = (".jpg", ".png", ".tif", ".webp", ".avif")


def random_samples():
    return np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)


def by_pillow(kind, mode="RGB", **options):
    def make(block):
        out = io.BytesIO()
        picture = Image.fromarray(random_samples())
        picture = picture.quantize(8) if mode == "P" else picture.convert(mode)
        picture.save(
            out, kind, **options, **({} if kind == "BMP" else {"exif": b"Exif\0\0" + block, "dpi": (72, 72)})
        )
        return out.getvalue()

    return make


def by_tifffile(**settings):
    def make(block):
        out = io.BytesIO()
        tifffile.imwrite(out, random_samples(), photometric="rgb", **settings)
        return out.getvalue()

    return make


def png_of_16_bits(block):
    out = io.BytesIO()
    Image.new("I;16", (9, 9)).save(out, "PNG")
    return out.getvalue()


def deep_avif(block):
    stream = avif_encode(random_samples().astype(np.uint16) * 4, level=90, bitspersample=10, codec="aom")
    return b"".join(put_blocks(stream, Metadata(exif=block, xmp=b"<x/>", icc=bytes(200))))


def ultra_hdr(block):
    light = np.ones((32, 32, 4), np.float16)
    plain = ultrahdr_encode(light)
    return plain[:2] + struct.pack(">HH", 0xFFE1, len(block) + 8) + b"Exif\0\0" + block + plain[2:]


def raw(block):
    tags = [(0x010F, "s", 0, "Maker"), (33421, "H", 2, (2, 2)), (33422, "B", 4, bytes([0, 1, 1, 2]))]
    tags += [(50706, "B", 4, bytes([1, 4, 0, 0])), (50708, "s", 0, "Model"), (50717, "H", 1, 4095)]
    out = io.BytesIO()
    mosaic = np.random.default_rng(0).integers(200, 3000, (32, 32), dtype=np.uint16)
    extra = [(*tag, True) for tag in tags]
    tifffile.imwrite(out, mosaic, photometric="cfa", extratags=extra, metadata=None, software=False)
    return out.getvalue()


KINDS = {
    "JPEG": by_pillow("JPEG"),
    "ultra-hdr": ultra_hdr,
    "PNG": by_pillow("PNG"),
    "palette": by_pillow("PNG", "P"),
    "grey16": png_of_16_bits,
    "TIFF": by_pillow("TIFF"),
    "lzw": by_tifffile(compression="lzw", predictor=True),
    "tiles": by_tifffile(tile=(16, 16)),
    "WEBP": by_pillow("WEBP"),
    "BMP": by_pillow("BMP"),
    "AVIF": deep_avif,
    "HEIF": lambda block: (Path(__file__).parent / "files" / "L_12__29x100.heif").read_bytes(),
    "JXL": lambda block: jpegxl_encode(random_samples(), lossless=True, usecontainer=True),
    "RAW": raw,
}


@pytest.mark.timeout(0)
@pytest.mark.parametrize("kind", KINDS)
def test_mutated_files_give_a_photo_or_a_sentence(tmp_path, make_exif, kind):
    data = KINDS[kind](make_exif(6))
    dice = random.Random(kind + SEED)
    path = tmp_path / ("fuzzed.dng" if kind == "RAW" else "fuzzed.bin")
    outcomes = {Photo: 0, PhotoError: 0}
    open_before = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow and tifffile on damaged tags
        for _ in range(CASES):
            path.write_bytes(mutated(data, dice))
            try:
                photo = read_photo(path)
            except PhotoError as error:
                check_sentence(error, path)
                outcomes[PhotoError] += 1
            else:
                check_photo(photo)
                outcomes[Photo] += 1
                if photo.pixels.size < 20000 and dice.random() < 0.2:
                    write_again(photo, tmp_path, dice)
    assert sum(outcomes.values()) == CASES
    assert outcomes[PhotoError] > 0
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    if open_before:
        assert psutil.Process().num_fds() == open_before


def check_sentence(error, path):
    text = str(error)
    assert str(path) in text
    assert text.endswith(".")
    assert "\n" not in text
    assert "Error" not in text


def check_photo(photo):
    assert photo.pixels.ndim == 3
    assert photo.pixels.dtype == np.float32
    assert 0 <= photo.pixels.min() <= photo.pixels.max() <= 1


def write_again(photo, folder, dice):
    """Check that a readable photo can be written, whatever its blocks hold, or that the reason is given."""
    target = folder / f"again{dice.choice(WRITTEN)}"
    not_kept(photo, target)
    try:
        write_photo(dataclasses.replace(photo), target, gps=dice.random() < 0.5)
    except PhotoError as error:
        check_sentence(error, target)
    else:
        assert read_photo(target).size == photo.size
        target.unlink()


def mutated(data, dice):
    """Return a cut file, or one with changed bytes (mostly in headers), false lengths, a hole, or inserted bytes."""
    changed = bytearray(data)
    near = min(len(changed), 300)
    for _ in range(dice.choice((0, 1, 1, 2, 4, 12))):
        at = dice.randrange(near if dice.random() < 0.7 else len(changed))
        changed[at] = dice.choice((0, 1, 127, 128, 255, dice.randrange(256)))
    if dice.random() < 0.4:
        lie(changed, dice)
    if dice.random() < 0.25:
        del changed[dice.randrange(len(changed)) :]
    if dice.random() < 0.15 and changed:
        start = dice.randrange(len(changed))
        del changed[start : start + dice.randrange(1, 9)]
    if dice.random() < 0.1 and changed:
        start = dice.randrange(len(changed))
        changed[start:start] = dice.randbytes(dice.randrange(1, 9))
    return bytes(changed) or b"\0"


def lie(changed, dice):
    """Put a suspicious number of two or four bytes where a length, a count or an offset may be."""
    code = dice.choice(("<H", ">H", "<I", ">I"))
    places = [
        at for at in range(len(changed) - 3) if 0 < struct.unpack_from(code, changed, at)[0] <= 2 * len(changed)
    ]
    if places:
        top = 256 ** struct.calcsize(code) - 1
        number = dice.choice((0, 1, len(changed), len(changed) + 1, top // 2, top - 7, top, 65536 % (top + 1)))
        struct.pack_into(code, changed, dice.choice(places), number)
