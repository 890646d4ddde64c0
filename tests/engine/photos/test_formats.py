"""JPEG XL in, AVIF in and out."""

from __future__ import annotations

import dataclasses
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from imagecodecs import avif_encode, brotli_encode, jpegxl_encode
from PIL import Image, ImageCms

from engine.photos.errors import PhotoError
from engine.photos.losses import not_kept
from engine.photos.photo import Coding, Metadata
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
    kept = Metadata(metadata.exif, metadata.xmp, None, metadata.icc)
    assert dataclasses.replace(again.metadata, resolution=None) == kept


def test_avif_quality(tmp_path, astronaut):
    from engine.photos.photo import Photo

    photo = Photo(astronaut.astype(np.float32) / 255)
    sizes = [write_photo(photo, tmp_path / f"{q}.avif", quality=q).stat().st_size for q in (20, 60, 95)]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize(("grey", "alpha"), [(False, False), (False, True), (True, False)])
def test_avif_keeps_its_depth(tmp_path, make_photo, metadata, bits, grey, alpha):
    photo = make_photo(64, 48, 16, grey, alpha)
    photo = dataclasses.replace(photo, metadata=metadata, coding=Coding(bits=bits))
    read = read_photo(write_photo(photo, tmp_path / "a.avif", quality=100))
    assert (read.bit_depth, read.coding, read.metadata.exif) == (16, Coding(bits=bits), metadata.exif)
    white = 2**bits - 1
    np.testing.assert_array_equal(np.rint(read.pixels * white), np.rint(photo.pixels * white))
    again = read_photo(write_photo(read, tmp_path / "b.avif", quality=100))
    np.testing.assert_array_equal(again.pixels, read.pixels)
    assert not_kept(read, Path("c.avif")) == ()
    assert f"8 bits a sample; the photo has {bits}" in not_kept(read, Path("c.jpg"))[0]


def test_avif_with_damaged_exif_can_be_read_again(tmp_path, make_photo):
    photo = dataclasses.replace(make_photo(), metadata=Metadata(exif=b"nothing of TIFF"))
    assert read_photo(write_photo(photo, tmp_path / "a.avif")).metadata.exif is None
    assert not_kept(photo, Path("a.avif")) == ("AVIF has no place for EXIF that is damaged; left out.",)


@pytest.mark.parametrize("bits", [8, 16])
def test_avif_of_quality_100_has_no_loss(tmp_path, make_photo, bits):
    photo = make_photo(bits=bits)
    white = 255 if bits == 8 else 4095
    read = read_photo(write_photo(photo, tmp_path / "a.avif", quality=100))
    np.testing.assert_array_equal(np.rint(read.pixels * white), np.rint(photo.pixels * white))


def test_other_programs_read_our_avif(tmp_path, make_photo, metadata):
    photo = dataclasses.replace(make_photo(alpha=True), metadata=metadata)
    with Image.open(write_photo(photo, tmp_path / "a.avif", quality=100)) as image:
        np.testing.assert_array_equal(np.asarray(image)[..., :3], np.rint(photo.pixels * 255))
        assert image.info["exif"].removeprefix(b"Exif\0\0") == metadata.exif
        assert image.info["xmp"] == metadata.xmp
        assert image.info["icc_profile"] == metadata.icc


@pytest.mark.parametrize(
    ("primaries", "transfer", "profile"),
    [(1, 13, None), (2, 2, None), (12, 13, "Display P3"), (9, 13, "BT.2020"), (1, 8, "BT.709")],
)
def test_colours_given_by_number_become_a_profile(tmp_path, astronaut, primaries, transfer, profile):
    stream = avif_encode(astronaut, level=90, codec="aom", primaries=primaries, transfer=transfer, matrix=6)
    (tmp_path / "a.avif").write_bytes(stream)
    photo = read_photo(tmp_path / "a.avif")
    icc = photo.metadata.icc
    assert (icc and ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.profile_description) == profile
    assert photo.notes == ()


def test_colours_of_hdr_video_are_reported(tmp_path, astronaut):
    stream = avif_encode(astronaut, level=90, codec="aom", primaries=9, transfer=16, matrix=9)
    (tmp_path / "a.avif").write_bytes(stream)
    assert "HDR" in read_photo(tmp_path / "a.avif").notes[0]


@pytest.mark.parametrize(("name", "bits", "grey"), [("RGB_10__29x100", 10, False), ("L_12__29x100", 12, True)])
def test_heif_keeps_its_depth(tmp_path, name, bits, grey):
    photo = read_photo(Path(__file__).parent / "files" / f"{name}.heif")
    assert (photo.size, photo.bit_depth, photo.format, photo.grey) == ((29, 100), 16, "HEIF", grey)
    levels = photo.pixels * (2**bits - 1)
    np.testing.assert_allclose(levels, np.rint(levels), atol=1e-3)
    assert np.any(np.rint(levels) % 4)  # more than 8 bits tell
    again = read_photo(write_photo(photo, tmp_path / "a.tif"))
    np.testing.assert_allclose(again.pixels, photo.pixels, atol=0.5 / 65535)


def test_a_picture_of_heif_outlives_the_package_that_read_it():
    photos = [read_photo(Path(__file__).parent / "files" / "RGB_10__29x100.heif") for _ in range(20)]
    assert len({photo.pixels.tobytes() for photo in photos}) == 1
