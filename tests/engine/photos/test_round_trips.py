"""Files read, written and read again: pixels bit for bit, blocks byte for byte."""

from __future__ import annotations

import dataclasses
import io
import struct

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from engine.photos import exif
from engine.photos.exif_editing import without_thumbnail
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

LOSSLESS = [
    (suffix, bits, grey, alpha)
    for suffix, depths in ((".png", (8, 16)), (".tif", (8, 16, 32)))
    for bits in depths
    for grey in (False, True)
    for alpha in (False, True)
]


@pytest.mark.parametrize(("suffix", "bits", "grey", "alpha"), LOSSLESS)
def test_lossless_formats_return_every_bit(tmp_path, make_photo, suffix, bits, grey, alpha):
    photo = make_photo(bits=bits, grey=grey, alpha=alpha)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}"))
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    assert (again.grey, again.bit_depth) == (grey, bits)
    assert again.pixels.dtype == np.float32
    assert again.pixels.flags.c_contiguous
    if alpha:
        np.testing.assert_array_equal(again.alpha, photo.alpha)
    else:
        assert again.alpha is None


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp"])
@pytest.mark.parametrize("grey", [False, True])
def test_every_block_comes_back_byte_for_byte(tmp_path, make_photo, metadata, grey_profile, suffix, grey):
    if grey and suffix != ".webp":  # WebP has no grey
        metadata = dataclasses.replace(metadata, icc=grey_profile)
    photo = dataclasses.replace(make_photo(grey=grey), metadata=metadata)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata
    assert again.exif == metadata.exif
    assert again.xmp == metadata.xmp
    assert again.icc == metadata.icc
    if suffix != ".webp":  # WebP has no place for these two
        assert again.iptc == metadata.iptc
        assert again.resolution == metadata.resolution


def test_blocks_survive_a_journey_through_all_formats(tmp_path, make_photo, metadata):
    photo = dataclasses.replace(make_photo(bits=16), metadata=metadata)
    for suffix in (".png", ".tif", ".jpg", ".tif", ".png"):
        photo = read_photo(write_photo(photo, tmp_path / f"a{suffix}", overwrite=True))
    assert photo.metadata == metadata


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("bits", [8, 16, 32])
def test_tiff_keeps_exif_at_its_offsets_in_both_byte_orders(tmp_path, make_photo, make_exif, order, odd, bits):
    block = without_thumbnail(make_exif(order=order, odd=odd))
    photo = make_photo(bits=bits)
    photo = dataclasses.replace(photo, metadata=dataclasses.replace(photo.metadata, exif=block))
    path = write_photo(photo, tmp_path / "a.tif")
    assert path.read_bytes()[8 : len(block)] == block[8:]
    assert read_photo(path).metadata.exif == block
    np.testing.assert_array_equal(read_photo(path).pixels, photo.pixels)


def test_other_programs_read_our_tiff(tmp_path, make_photo, metadata):
    photo = dataclasses.replace(make_photo(bits=8), metadata=metadata)
    path = write_photo(photo, tmp_path / "a.tif")
    expected = np.rint(photo.pixels * 255).astype(np.uint8)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), expected)
        assert image.getexif()[0x010F] == "Camera Makers"
        assert image.getexif().get_ifd(exif.EXIF_IFD)[0x927C] == bytes(range(256)) * 3
        assert image.getexif().get_ifd(exif.GPS_IFD)[1] == "N"
        assert image.info["icc_profile"] == metadata.icc
    np.testing.assert_array_equal(tifffile.imread(path), expected)


@pytest.mark.parametrize("bits", [16, 32])
@pytest.mark.parametrize("alpha", [False, True])
def test_tifffile_reads_our_deep_tiff(tmp_path, make_photo, bits, alpha):
    photo = make_photo(bits=bits, alpha=alpha)
    found = tifffile.imread(write_photo(photo, tmp_path / "a.tif"))
    scale = 65535 if bits == 16 else 1
    np.testing.assert_array_equal(found[..., :3].astype(np.float32) / np.float32(scale), photo.pixels)


@pytest.mark.parametrize("bits", [8, 16])
def test_other_programs_read_our_png(tmp_path, make_photo, metadata, bits):
    photo = dataclasses.replace(make_photo(bits=bits), metadata=metadata)
    with Image.open(write_photo(photo, tmp_path / "a.png")) as image:
        image.load()
        assert image.info["icc_profile"] == metadata.icc
        assert image.info["xmp"] == metadata.xmp
        assert image.getexif()[0x010F] == "Camera Makers"
        np.testing.assert_allclose(np.asarray(image) / 255, photo.pixels, atol=1 / 255)  # Pillow cuts to 8 bits


@pytest.mark.parametrize(("quality", "subsampling"), [(60, 2), (85, 1), (97, 0)])
def test_jpeg_is_coded_as_the_original_was(tmp_path, astronaut, quality, subsampling):
    Image.fromarray(astronaut).save(tmp_path / "a.jpg", quality=quality, subsampling=subsampling)
    photo = dataclasses.replace(read_photo(tmp_path / "a.jpg"))
    with Image.open(tmp_path / "a.jpg") as before, Image.open(write_photo(photo, tmp_path / "b.jpg")) as after:
        assert after.quantization == before.quantization
        assert after.layer == before.layer  # sampling factors
    assert read_photo(tmp_path / "b.jpg").coding == photo.coding
    assert np.abs(read_photo(tmp_path / "b.jpg").pixels - photo.pixels).mean() < 1 / 255


def test_jpeg_without_an_original_is_fine_and_444(tmp_path, make_photo):
    photo = read_photo(write_photo(make_photo(), tmp_path / "a.jpg"))
    assert photo.coding is not None
    assert photo.coding.subsampling == 0
    assert max(photo.coding.tables[0]) <= 12  # quality 95


def test_quality_asked_for_wins(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "a.jpg", quality=50)
    photo = read_photo(tmp_path / "a.jpg")
    sizes = [write_photo(photo, tmp_path / f"{q}.jpg", quality=q).stat().st_size for q in (20, 60, 95)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3


def test_jpeg_lays_transparency_on_white(tmp_path, make_photo):
    photo = make_photo(16, 16, alpha=True)
    photo.alpha[:] = 0
    again = read_photo(write_photo(photo, tmp_path / "a.jpg"))
    assert again.alpha is None
    assert again.pixels.min() > 0.99


def test_lossless_webp_stays_lossless(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "a.webp", lossless=True)
    photo = read_photo(tmp_path / "a.webp")
    again = read_photo(write_photo(dataclasses.replace(photo), tmp_path / "b.webp"))
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    Image.fromarray(astronaut).save(tmp_path / "c.webp", quality=80)
    assert read_photo(tmp_path / "c.webp").coding.lossless is False


def test_stale_thumbnail_is_not_written(tmp_path, make_photo, make_exif):
    photo = make_photo()
    photo = dataclasses.replace(photo, metadata=dataclasses.replace(photo.metadata, exif=make_exif()))
    kept = read_photo(write_photo(photo, tmp_path / "a.jpg")).metadata.exif
    ifd = exif.first_directory(kept)
    assert struct.unpack_from("<I", kept, ifd.next_position) == (0,)
    different = [at for at, (a, b) in enumerate(zip(kept, make_exif(), strict=True)) if a != b]
    assert set(different) <= set(range(ifd.next_position, ifd.next_position + 4))


samples8 = arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4)))
samples16 = arrays.arrays(np.uint16, st.tuples(st.integers(1, 30), st.integers(1, 30), st.just(4)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=st.one_of(samples8, samples16), suffix=st.sampled_from([".png", ".tif"]), colours=st.integers(1, 4))
def test_any_samples_of_any_shape_come_back(tmp_path, samples, suffix, colours):
    bits = samples.dtype.itemsize * 8
    data = io.BytesIO()
    shown = samples[..., 0] if colours == 1 else samples[..., :colours]
    extra = {"extrasamples": ["unassalpha"]} if colours in (2, 4) else {}
    photometric = "minisblack" if colours < 3 else "rgb"
    tifffile.imwrite(data, shown, photometric=photometric, planarconfig="contig" if colours > 1 else None, **extra)
    (tmp_path / "in.tif").write_bytes(data.getvalue())
    photo = read_photo(tmp_path / "in.tif")
    again = read_photo(write_photo(dataclasses.replace(photo), tmp_path / f"out{suffix}", overwrite=True))
    white = 2**bits - 1
    np.testing.assert_array_equal(
        np.rint(again.pixels * white),
        shown.reshape(*samples.shape[:2], -1)[..., : 3 if colours > 2 else 1] * np.ones(3),
    )
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    assert again.bit_depth == bits
    if colours in (2, 4):
        np.testing.assert_array_equal(np.rint(again.alpha * white), shown[..., -1])


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 3)])
def test_the_smallest_and_thinnest(tmp_path, make_photo, suffix, size):
    photo = make_photo(*size)
    again = read_photo(write_photo(photo, tmp_path / f"a{suffix}"))
    assert again.size == size
    if suffix in (".png", ".tif"):
        np.testing.assert_array_equal(again.pixels, photo.pixels)


@pytest.mark.parametrize("name", ["🙂", "é", "日本 語", "a b'\"c", "ё" * 100, "x" * 240])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp"])
def test_any_name(tmp_path, make_photo, name, suffix):
    folder = tmp_path / name
    folder.mkdir()
    photo: Photo = read_photo(write_photo(make_photo(5, 5), folder / f"{name}{suffix}"))
    assert photo.size == (5, 5)
    assert photo.path == folder / f"{name}{suffix}"
