"""Files of real phones and cameras, out of source distributions on PyPI, which pip brings.

ACUTANCE_REAL_FILES names a folder to keep them in. pi-heif has photos of phones, libraw-cffi a RAW file of a Sony.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.photos import exif
from engine.photos.errors import PhotoError
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def brought(tmp_path_factory):
    """Return brought(package, version): the folder of its source distribution, unpacked; skips where pip fails."""
    folder = Path(os.environ.get("ACUTANCE_REAL_FILES") or tmp_path_factory.mktemp("real"))

    def bring(package: str, version: str) -> Path:
        stem = f"{package.replace('-', '_')}-{version}"
        if not (folder / stem).is_dir():
            wanted = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", f"{package}=={version}"]
            command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), *wanted]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            if done.returncode:
                pytest.skip(f"pip cannot bring {package} {version}: no network, or no setuptools")
            with tarfile.open(folder / f"{stem}.tar.gz") as archive:
                archive.extractall(folder, filter="data")
        return folder / stem

    return bring


@pytest.fixture(scope="module")
def images(brought) -> Path:
    return brought("pi-heif", "1.4.0") / "tests" / "images"


@pytest.fixture(scope="module")
def sony(brought) -> Path:
    """Return a concert in blue light, 18 MP."""
    return brought("libraw-cffi", "0.19.0") / "libraw_cffi" / "tests" / "_DSC2164.ARW"


REAL = [
    ("heif_other/arrow.heic", "Apple", (3024, 4032), 8, 548, ()),
    ("heif_other/pug.heic", "Apple", (4032, 3024), 8, 536, ("gain map", "depth map")),
    ("heif_other/cat.hif", "SONY", (4240, 2832), 16, 0, ()),
    ("heif_special/aux_YCbCr.heic", "samsung", (4000, 1848), 8, 632, ("gain map",)),
    ("heif_special/xiaomi.heic", "Xiaomi", (2592, 1944), 8, 0, ()),
]


@pytest.mark.parametrize(("name", "maker", "size", "bits", "profile", "said"), REAL)
def test_metadata_of_phones_and_cameras_come_back(images, tmp_path, name, maker, size, bits, profile, said):
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
    if not said:  # the announcement of a gain map is removed
        assert again.metadata.xmp == photo.metadata.xmp
    note = maker_note(photo.metadata.exif)
    assert len(note) > (40 if maker != "Xiaomi" else -1)
    assert maker_note(again.metadata.exif) == note


def test_a_raw_file_of_a_camera_comes_back_as_tiff(sony, tmp_path):
    photo = read_photo(sony)
    assert (photo.format, photo.size, photo.bit_depth) == ("RAW", (5184, 3464), 16)
    red, _, blue = photo.pixels.mean(axis=(0, 1))
    assert blue > 10 * red
    again = read_photo(write_photo(photo, tmp_path / "a.tif"))
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    first = exif.first_directory(again.metadata.exif)
    assert exif.value(again.metadata.exif, first.find(0x010F)).startswith(b"SONY")
    note = maker_note(photo.metadata.exif)
    assert len(note) > 10_000
    assert maker_note(again.metadata.exif) == note
    assert again.metadata.icc == photo.metadata.icc


def test_a_raw_file_looks_as_the_cameras_own_picture(sony):
    """The camera's own picture is brighter, by its own curve; the structure is the same."""
    import rawpy

    with rawpy.imread(str(sony)) as raw:
        preview = Image.open(io.BytesIO(raw.extract_thumb().data))
    ours = Image.fromarray((read_photo(sony).pixels * 255).astype(np.uint8))
    small = (np.asarray(picture.resize((96, 64), Image.Resampling.BOX)) for picture in (ours, preview))
    assert np.corrcoef(*(pixels.mean(axis=2).reshape(-1) for pixels in small))[0, 1] > 0.95


@pytest.mark.parametrize("share", [0.1, 0.5, 0.98])
def test_a_raw_file_of_a_camera_that_is_cut_is_a_sentence(sony, tmp_path, share):
    """LibRaw reads it without an error and fills the missing part with stripes."""
    cut = tmp_path / "cut.arw"
    cut.write_bytes(sony.read_bytes()[: int(share * sony.stat().st_size)])
    with pytest.raises(PhotoError, match="cut short"):
        read_photo(cut)


def maker_note(block):
    first = exif.first_directory(block)
    inner = exif.directory(block, exif.number(block, first.find(exif.EXIF_IFD)))
    entry = inner.find(0x927C)
    return exif.value(block, entry) if entry else b""


def test_damaged_files_of_others_are_a_sentence(images):
    for path in sorted((images / "heif_corrupted").iterdir()):
        try:
            assert read_photo(path).pixels.size > 0
        except PhotoError as error:
            assert str(path) in str(error)
