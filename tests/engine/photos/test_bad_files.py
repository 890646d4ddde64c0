"""Faulty files: each gives one sentence with its name and the reason, and nothing else."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.errors import UserError
from engine.photos.errors import PhotoError
from engine.photos.reading import read_photo


def png_header(width, height, depth=8, colour=2):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    idat = b"IDAT" + zlib.compress(b"0" * 100)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (body, idat)
    )


def tiff_header(width, height, samples=3, compression=1):
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 2 if samples == 3 else 1)]
    tags += [(273, 4, 8), (277, 3, samples), (278, 4, height), (279, 4, 100)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, number) for tag, kind, number in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + bytes(200)


def encoded(kind, **options):
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(out, kind, **options)
    return out.getvalue()


BAD = {
    "empty.jpg": (b"", "empty"),
    "text.png": (b"This is no picture.\n" * 20, "no image"),
    "cut.jpg": (encoded("JPEG")[:900], "cut short"),
    "cut.png": (encoded("PNG")[:2000], "cut short"),
    "cut.tif": (encoded("TIFF")[:9000], "cut short|damaged"),
    "cut.webp": (encoded("WEBP")[:2000], "damaged|cut short"),
    "cut.bmp": (encoded("BMP")[:2000], "cut short"),
    "header-only.png": (encoded("PNG")[:20], "damaged"),
    "magic-only.jpg": (b"\xff\xd8\xff", "damaged|cut short"),
    "magic-only.tif": (b"II*\0", "damaged"),
    "magic-only.webp": (b"RIFF\0\0\0\0WEBP", "damaged|cut short"),
    "gigapixel.png": (png_header(60000, 60000), "60000 x 60000 px.*limit"),
    "gigapixel-16.png": (png_header(60000, 60000, 16), "60000 x 60000 px.*limit"),
    "gigapixel.tif": (tiff_header(60000, 60000), "60000 x 60000 px.*limit"),
    "claim.png": (png_header(20000, 20000), "20000 x 20000 px but holds only"),
    "claim-16.png": (png_header(20000, 20000, 16), "20000 x 20000 px but holds only"),
    "claim.tif": (tiff_header(20000, 20000), "20000 x 20000 px but holds only"),
    "many-samples.tif": (tiff_header(100, 100, 60000), "60000 samples"),
    "no-pixels.png": (png_header(0, 5), "damaged|without pixels"),
    "noise.cr2": (b"II*\0" + bytes(range(256)) * 40, "damaged"),
    "noise.raf": (b"FUJIFILM" + bytes(range(256)) * 40, "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_content(tmp_path, name):
    content, reason = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PhotoError, match=reason) as caught:
        read_photo(tmp_path / name)
    assert_sentence(caught.value, tmp_path / name)


def assert_sentence(error, path):
    text = str(error)
    assert isinstance(error, UserError)
    assert str(path) in text
    assert text.endswith(".")
    assert "\n" not in text
    assert "Error" not in text


def test_bad_paths(tmp_path):
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    (tmp_path / "file").write_bytes(b"x")
    reasons = {
        tmp_path / "missing.jpg": "no such file",
        tmp_path / "folder.jpg": "it is a folder",
        tmp_path / "loop.jpg": "circle",
        tmp_path / "file" / "a.jpg": "a part of its path",
        tmp_path / ("x" * 300): "too long",
        tmp_path / "nul\0.jpg": "not the path",
    }
    for path, reason in reasons.items():
        with pytest.raises(PhotoError, match=reason) as caught:
            read_photo(path)
        assert_sentence(caught.value, path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="no regular file"):
        read_photo(tmp_path / "pipe.jpg")


def test_no_permission(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG"))

    def denied(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", denied)  # root may read everything
    with pytest.raises(PhotoError, match="permission is denied"):
        read_photo(tmp_path / "a.jpg")


def test_not_enough_memory(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG"))

    def full(*_):
        raise MemoryError

    monkeypatch.setattr("engine.photos.decoders.pillow.Image.Image.load", full)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", full)
    with pytest.raises(PhotoError, match="not enough memory"):
        read_photo(tmp_path / "a.jpg")


def test_a_picture_that_memory_cannot_hold_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    (tmp_path / "a.webp").write_bytes(encoded("WEBP"))

    def loaded(*_):
        raise AssertionError("decoding began")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", loaded)
    little = type("Memory", (), {"available": 64 * 64 * 15 - 1})
    monkeypatch.setattr("engine.photos.decoders.decoded.psutil.virtual_memory", lambda: little)
    (tmp_path / "a.webp").write_bytes(encoded("WEBP", quality=50))
    with pytest.raises(PhotoError, match=r"64 x 64 px need .* not enough memory"):
        read_photo(tmp_path / "a.webp")


def test_a_picture_that_the_budget_does_not_allow_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(encoded("PNG"))
    needed = 64 * 64 * 15
    assert read_photo(tmp_path / "a.png", needed).size == (64, 64)
    with pytest.raises(PhotoError, match=r"64 x 64 px need .* the memory budget allows less"):
        read_photo(tmp_path / "a.png", needed - 1)
    assert read_photo(tmp_path / "a.png").size == (64, 64)


def test_a_system_without_memory_information_still_reads_photos(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG"))

    def no_proc():
        raise FileNotFoundError(2, "No such file or directory", "/proc/meminfo")

    monkeypatch.setattr("engine.photos.decoders.decoded.psutil.virtual_memory", no_proc)
    assert read_photo(tmp_path / "a.jpg").size == (64, 64)


def test_a_file_that_memory_cannot_hold_is_not_read(tmp_path):
    with (tmp_path / "sparse.jpg").open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(1 << 42)
    with pytest.raises(PhotoError, match="not enough memory for a file of that size"):
        read_photo(tmp_path / "sparse.jpg")


@pytest.mark.parametrize("change", ["grows", "shrinks", "is replaced", "is touched", "goes"])
def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch, change):
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded("JPEG"))
    read = Path.read_bytes

    def meanwhile(self):
        data = read(self)
        if change == "goes":
            self.unlink()
        elif change == "is touched":
            os.utime(self, ns=(1, 1))
        elif change == "is replaced":
            (tmp_path / "new").write_bytes(data)
            (tmp_path / "new").replace(self)
        else:
            self.write_bytes(data + b"more" if change == "grows" else data[:1000])
        return data

    monkeypatch.setattr("pathlib.Path.read_bytes", meanwhile)
    with pytest.raises(
        PhotoError, match="no such file" if change == "goes" else "changed while it was read"
    ) as caught:
        read_photo(path)
    assert_sentence(caught.value, path)


@pytest.mark.parametrize("packed", ["zstd", "lzma", "deflate"])
def test_a_tiff_that_claims_more_than_it_holds(tmp_path, packed):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((64, 64, 3), np.uint8), photometric="rgb", compression=packed)
    data = bytearray(path.read_bytes())
    for tag in (256, 257, 278):
        at = next(at for at in range(8, len(data)) if data[at : at + 2] == struct.pack("<H", tag))
        kind = struct.unpack_from("<H", data, at + 2)[0]
        struct.pack_into("<H" if kind == 3 else "<I", data, at + 8, 30000)
    path.write_bytes(bytes(data))
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    assert_sentence(caught.value, path)


def test_heic_without_its_package_says_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    with pytest.raises(PhotoError, match="pi-heif, which is not installed"):
        read_photo(tmp_path / "a.heic")
