"""All kinds of files that photographers have."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps

from engine.photos import formats
from engine.photos.errors import PhotoError
from engine.photos.reading import SUFFIXES, is_photo, read_photo


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def save(path, image, **options):
    image.save(path, **options)
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_orientation_is_applied_once(tmp_path, astronaut, orientation, suffix, mode):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    image = Image.fromarray(astronaut[:, :90]).convert(mode)
    photo = read_photo(save(tmp_path / f"a{suffix}", image, exif=exif.tobytes()))
    with Image.open(save(tmp_path / f"flat{suffix}", image)) as stored:
        stored.getexif()[0x0112] = orientation
        expected = ImageOps.exif_transpose(stored).convert("RGB")
    np.testing.assert_array_equal(np.rint(photo.pixels * 255), np.asarray(expected))
    kept = Image.Exif()
    kept.load(photo.metadata.exif)
    assert kept[0x0112] == 1
    assert kept[0x010F] == "Maker"


@pytest.mark.parametrize("orientation", [3, 6])
def test_orientation_of_16_bit_pictures(tmp_path, make_exif, orientation):
    from imagecodecs import png_encode

    from engine.photos.orientation import upright
    from engine.photos.photo import Metadata
    from engine.photos.png import put_blocks

    samples = np.random.default_rng(0).integers(0, 65536, (5, 7, 3), dtype=np.uint16)
    pieces = put_blocks(png_encode(samples), Metadata(exif=make_exif(orientation)))
    (tmp_path / "a.png").write_bytes(b"".join(pieces))
    photo = read_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(np.rint(photo.pixels * 65535), upright(samples, orientation))


def test_only_the_orientation_changes_in_exif(tmp_path, make_exif, astronaut):
    save(tmp_path / "a.jpg", Image.fromarray(astronaut), exif=b"Exif\0\0" + make_exif(6))
    assert read_photo(tmp_path / "a.jpg").metadata.exif == make_exif(1)


def test_orientation_of_xmp_counts_where_exif_has_none(tmp_path, astronaut):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="6"/></x:xmpmeta>'
    save(tmp_path / "a.jpg", Image.fromarray(astronaut[:, :90]), xmp=xmp)
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.size == (128, 90)
    assert photo.metadata.xmp == xmp.replace(b'"6"', b'"1"')


@pytest.mark.parametrize("compression", [None, "lzw", "deflate", "packbits"])
@pytest.mark.parametrize("layout", [{}, {"tile": (32, 48)}, {"rowsperstrip": 7}, {"planarconfig": "separate"}])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_tiff_layouts(tmp_path, compression, layout, dtype):
    random = np.random.default_rng(1)
    samples = random.random((50, 70, 3))
    samples = samples.astype(dtype) if dtype == np.float32 else (samples * np.iinfo(dtype).max).astype(dtype)
    given = np.moveaxis(samples, -1, 0) if "planarconfig" in layout else samples
    tifffile.imwrite(tmp_path / "a.tif", given, photometric="rgb", compression=compression, **layout)
    photo = read_photo(tmp_path / "a.tif")
    white = {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype]
    np.testing.assert_array_equal(photo.pixels, samples.astype(np.float32) / np.float32(white))
    assert photo.bit_depth == np.dtype(dtype).itemsize * 8


def test_tiff_with_more_pages_gives_the_first(tmp_path):
    pages = [np.full((9, 8), 50, np.uint8), np.full((20, 30), 200, np.uint8)]
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        for page in pages:
            file.write(page, photometric="minisblack")
    photo = read_photo(tmp_path / "a.tif")
    assert photo.size == (8, 9)
    assert photo.pixels.max() == np.float32(50 / 255)


def test_float_tiff_beyond_one_is_clipped(tmp_path):
    samples = np.array([[-1.0, 0.25, 7.0, np.nan, np.inf]], np.float32)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="minisblack")
    assert read_photo(tmp_path / "a.tif").pixels[0, :, 0].tolist() == [0, 0.25, 1, 0, 1]


def test_white_is_zero(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.array([[0, 65535, 7]], np.uint16), photometric="miniswhite")
    assert np.rint(read_photo(tmp_path / "a.tif").pixels[0, :, 0] * 65535).tolist() == [65535, 0, 65528]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_bilevel(tmp_path, suffix):
    image = Image.fromarray(np.array([[0, 255, 255], [255, 0, 0]], np.uint8)).convert("1")
    photo = read_photo(save(tmp_path / f"a{suffix}", image))
    assert photo.grey
    assert photo.pixels[..., 0].tolist() == [[0, 1, 1], [1, 0, 0]]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_palette(tmp_path, astronaut, suffix):
    image = Image.fromarray(astronaut).quantize(64)
    photo = read_photo(save(tmp_path / f"a{suffix}", image))
    np.testing.assert_array_equal(np.rint(photo.pixels * 255), np.asarray(image.convert("RGB")))
    assert photo.alpha is None
    assert photo.bit_depth == 8


def test_palette_with_transparency(tmp_path, astronaut):
    image = Image.fromarray(astronaut).quantize(16)
    path = save(tmp_path / "a.png", image, transparency=bytes(range(0, 256, 16)))
    photo = read_photo(path)
    with Image.open(path) as stored:
        expected = np.asarray(stored.convert("RGBA"))
    np.testing.assert_array_equal(np.rint(photo.alpha * 255), expected[..., 3])
    np.testing.assert_array_equal(np.rint(photo.pixels * 255), expected[..., :3])
    assert len(np.unique(photo.alpha)) > 3


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_one_transparent_colour(tmp_path, mode):
    image = Image.new(mode, (2, 1), 0)
    image.putpixel((1, 0), 200 if mode == "L" else (200, 0, 0))
    photo = read_photo(save(tmp_path / "a.png", image, transparency=200 if mode == "L" else (200, 0, 0)))
    assert photo.alpha.tolist() == [[1, 0]]
    assert photo.grey == (mode == "L")


def test_16_bit_grey_tiff_and_png(tmp_path):
    samples = np.arange(0, 65536, 13, dtype=np.uint16).reshape(1, -1)
    for suffix in (".tif", ".png"):
        photo = read_photo(save(tmp_path / f"a{suffix}", Image.fromarray(samples)))
        assert photo.grey
        assert photo.bit_depth == 16
        np.testing.assert_array_equal(np.rint(photo.pixels[..., 2] * 65535), samples)


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_cmyk_becomes_srgb_without_the_cmyk_profile(tmp_path, astronaut, suffix):
    image = Image.fromarray(astronaut).convert("CMYK")
    options = {"quality": 98, "icc_profile": b"no profile at all" * 10}
    photo = read_photo(save(tmp_path / f"a{suffix}", image, **options))
    assert photo.metadata.icc is None
    assert photo.pixels.shape == (128, 128, 3)
    assert np.abs(photo.pixels * 255 - astronaut).mean() < 4


def test_lab_tiff_becomes_srgb(tmp_path, astronaut):
    lab = ImageCms.profileToProfile(
        Image.fromarray(astronaut), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    photo = read_photo(save(tmp_path / "a.tif", lab))
    assert np.abs(photo.pixels * 255 - astronaut).mean() < 1.5
    assert photo.bit_depth == 8


def test_bmp_and_avif(tmp_path, astronaut):
    photo = read_photo(save(tmp_path / "a.bmp", Image.fromarray(astronaut)))
    np.testing.assert_array_equal(np.rint(photo.pixels * 255), astronaut)
    photo = read_photo(save(tmp_path / "a.avif", Image.fromarray(astronaut), quality=95))
    assert np.abs(photo.pixels * 255 - astronaut).mean() < 4
    assert photo.format == "AVIF"


def test_the_bytes_count_not_the_suffix(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "really.jpg", format="PNG")
    assert read_photo(tmp_path / "really.jpg").format == "PNG"


def test_phones_second_picture_is_left_aside(tmp_path, astronaut):
    images = [Image.fromarray(astronaut), Image.fromarray(astronaut[:64])]
    images[0].save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=images[1:])
    photo = read_photo(tmp_path / "a.jpg")
    assert (photo.size, photo.format) == ((128, 128), "JPEG")


def test_iptc_and_resolution_of_jpeg(tmp_path, astronaut):
    records = b"\x1c\x02\x78\x00\x05Hello"
    resources = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    data = io.BytesIO()
    Image.fromarray(astronaut).save(data, "JPEG", dpi=(240, 240))
    stream = data.getvalue()
    segment = b"\xff\xed" + struct.pack(">H", len(resources) + 2) + resources
    (tmp_path / "a.jpg").write_bytes(stream[:20] + segment + stream[20:])
    metadata = read_photo(tmp_path / "a.jpg").metadata
    assert metadata.iptc == records
    assert metadata.resolution == (240, 240)


def test_a_profile_that_is_a_zip_bomb_counts_as_none(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.photos.png._MAX_BLOCK", 1 << 16)
    plain = io.BytesIO()
    Image.new("I;16", (4, 4)).save(plain, "PNG")
    bomb = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1 << 17)))
    stream = plain.getvalue()
    (tmp_path / "a.png").write_bytes(stream[:33] + bomb + stream[33:])
    assert read_photo(tmp_path / "a.png").metadata.icc is None


def test_suffixes(tmp_path):
    assert {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"} <= SUFFIXES
    assert is_photo(tmp_path / "A.JPG")
    assert not is_photo(tmp_path / "a.txt")
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert formats.sniff(b"II*\0", ".nef") == "RAW"


def test_nothing_that_is_not_asked_for_is_imported():
    import subprocess

    code = "import sys, engine.photos.reading, engine.photos.writing; print({'torch', 'rawpy'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


def small_dng(path, orientation, mosaic=None):
    """Write the RAW file of an imaginary camera: noise, or the given data, under a Bayer pattern."""
    if mosaic is None:
        mosaic = np.random.default_rng(0).integers(200, 3000, (96, 128), dtype=np.uint16)
    matrix = [(round(number * 10000), 10000) for number in (0.9, 0, 0, 0, 1, 0, 0, 0, 0.8)]
    tags = [
        (0x010F, "s", 0, "Maker"),
        (0x0112, "H", 1, orientation),
        (33421, "H", 2, (2, 2)),
        (33422, "B", 4, bytes([0, 1, 1, 2])),
        (50706, "B", 4, bytes([1, 4, 0, 0])),
        (50708, "s", 0, "Maker Model"),
        (50714, "H", 1, 100),
        (50717, "H", 1, 4095),
        (50721, "2i", 9, sum(matrix, ())),
        (50728, "2I", 3, (1, 2, 1, 1, 1, 2)),
        (50778, "H", 1, 21),
    ]
    extra = [(*tag, True) for tag in tags]
    tifffile.imwrite(path, mosaic, photometric="cfa", extratags=extra, metadata=None, software=False)
    return path


def test_raw_keeps_the_brightness_of_the_camera_and_srgbs_curve(tmp_path):
    pytest.importorskip("rawpy", reason="rawpy is optional")
    values = []
    for level in (200, 1200):
        mosaic = np.full((96, 128), level, np.uint16)
        mosaic[::2, ::2] = mosaic[1::2, 1::2] = 100 + (level - 100) // 2  # AsShotNeutral
        grey = np.median(read_photo(small_dng(tmp_path / f"{level}.dng", 1, mosaic)).pixels, axis=(0, 1))
        assert np.ptp(grey) < 0.01
        values.append(float(grey[1]))
    linear = [(level - 100) / (4095 - 100) for level in (200, 1200)]
    expected = [1.055 * light ** (1 / 2.4) - 0.055 for light in linear]
    np.testing.assert_allclose(values, expected, atol=0.03)


def test_raw_that_is_cut_is_refused_though_libraw_fills_it_up(tmp_path):
    pytest.importorskip("rawpy", reason="rawpy is optional")
    blank = np.zeros((96, 128), np.uint16)
    path = small_dng(tmp_path / "a.dng", 1, blank)
    assert read_photo(path).size == (128, 96)  # black, but whole
    for mosaic in (blank, None):  # missing rows are filled with black, or with earlier data
        data = bytearray(small_dng(path, 1, mosaic).read_bytes())
        length = data.index(struct.pack("<HHI", 279, 4, 1)) + 8
        data[length : length + 4] = struct.pack("<I", 2 * len(data))
        path.write_bytes(data)
        with pytest.raises(PhotoError, match="cut short"):
            read_photo(path)


def test_raw_packed_as_jpeg_xl_is_reported(tmp_path):
    pytest.importorskip("rawpy", reason="rawpy is optional")
    path = small_dng(tmp_path / "a.dng", 1)
    data = bytearray(path.read_bytes())
    packing = data.index(struct.pack("<HHI", 259, 3, 1)) + 8
    data[packing : packing + 2] = struct.pack("<H", 52546)
    path.write_bytes(data)
    with pytest.raises(PhotoError, match="JPEG XL"):
        read_photo(path)


def test_raw_becomes_an_upright_picture_of_16_bits(tmp_path):
    pytest.importorskip("rawpy", reason="rawpy is optional")
    from engine.photos.naming import output_path
    from engine.photos.writing import write_photo

    photo = read_photo(small_dng(tmp_path / "a.dng", orientation=6))
    assert (photo.format, photo.bit_depth, photo.size) == ("RAW", 16, (96, 128))
    assert "developed as shot" in photo.notes[0]
    again = write_photo(photo, output_path(tmp_path / "a.dng"))
    assert again.name == "a-acutance.tif"
    assert read_photo(again).metadata == photo.metadata
    with Image.open(again) as image:
        assert image.getexif()[0x010F] == "Maker"
        assert image.getexif()[0x0112] == 1
        assert 50706 not in image.getexif()
