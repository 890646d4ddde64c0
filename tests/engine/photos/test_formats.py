"""JPEG XL in, AVIF in and out."""

from __future__ import annotations

import dataclasses
import struct

import numpy as np
import pytest
from imagecodecs import brotli_encode, jpegxl_encode

from engine.photos.errors import PhotoError
from engine.photos.exif_editing import without_orientation
from engine.photos.photo import Metadata
from engine.photos.reading import is_photo, read_photo
from engine.photos.writing import write_photo

SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl "


def box(kind, body):
    return struct.pack(">I", 8 + len(body)) + kind + body


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("size", [(16, 24), (29, 37), (300, 200), (90, 120)])
def test_jpeg_xl_without_loss(tmp_path, dtype, channels, size):
    random = np.random.default_rng(0).random((*size, channels))
    white = 1 if dtype == np.float32 else np.iinfo(dtype).max
    samples = (random * white).astype(dtype)
    given = samples[..., 0] if channels == 1 else samples
    (tmp_path / "a.jxl").write_bytes(jpegxl_encode(given, lossless=True))
    photo = read_photo(tmp_path / "a.jxl")
    expected = np.broadcast_to(samples[..., : min(channels, 3)], photo.pixels.shape)
    np.testing.assert_array_equal(photo.pixels, expected.astype(np.float32) / np.float32(white))
    assert (photo.alpha is not None) == (channels == 4)
    assert (photo.bit_depth, photo.format, photo.grey) == (8 * samples.dtype.itemsize, "JXL", channels == 1)
    said_to_be_linear = dtype != np.uint8  # by imagecodecs' encoder
    assert len(photo.notes) == said_to_be_linear
    assert is_photo(tmp_path / "a.jxl")


@pytest.mark.parametrize("packed", [False, True])
def test_blocks_of_jpeg_xl(tmp_path, make_exif, astronaut, packed):
    xmp = b"<rdf:RDF>" + b"x" * 500 + b"</rdf:RDF>"
    parts = [(b"Exif", bytes(4) + make_exif(1)), (b"xml ", xmp)]
    if packed:
        parts = [(b"brob", kind + brotli_encode(body)) for kind, body in parts]
    stream = jpegxl_encode(astronaut, distance=0.5)
    assert stream.startswith(b"\xff\x0a")
    data = SIGNATURE + b"".join(box(kind, body) for kind, body in parts) + box(b"jxlc", stream)
    (tmp_path / "a.jxl").write_bytes(data)
    photo = read_photo(tmp_path / "a.jxl")
    assert photo.metadata.exif == make_exif(1)
    assert photo.metadata.xmp == xmp
    assert photo.notes == ()
    assert np.abs(photo.pixels * 255 - astronaut).mean() < 4


@pytest.mark.parametrize("bad", [b"", b"\0" * 30, bytes(range(200))])
def test_broken_jpeg_xl(tmp_path, bad):
    for head in (b"\xff\x0a", SIGNATURE, SIGNATURE + struct.pack(">I", 100) + b"jxlc\xff\x0a"):
        (tmp_path / "a.jxl").write_bytes(head + bad)
        with pytest.raises(PhotoError):
            read_photo(tmp_path / "a.jxl")


@pytest.mark.parametrize(("grey", "alpha"), [(False, False), (False, True), (True, False), (True, True)])
def test_avif_keeps_the_picture_and_the_blocks_it_has_room_for(tmp_path, metadata, astronaut, grey, alpha):
    from engine.photos.photo import Photo

    pixels = astronaut.astype(np.float32) / 255
    if grey:
        pixels = np.repeat(pixels[..., :1], 3, axis=2)
    photo = Photo(pixels, pixels[..., 0].copy() if alpha else None, grey, metadata=metadata)
    again = read_photo(write_photo(photo, tmp_path / "a.avif"))
    assert np.abs(again.pixels - pixels).mean() < 0.02
    assert (again.alpha is not None) == alpha
    kept = Metadata(without_orientation(metadata.exif), metadata.xmp, None, metadata.icc)
    assert dataclasses.replace(again.metadata, resolution=None) == kept


def test_avif_quality(tmp_path, astronaut):
    from engine.photos.photo import Photo

    photo = Photo(astronaut.astype(np.float32) / 255)
    sizes = [write_photo(photo, tmp_path / f"{q}.avif", quality=q).stat().st_size for q in (20, 60, 95)]
    assert sizes == sorted(set(sizes))
