"""Kinds of TIFF, compared with their definition and, if installed, with libtiff's own tools."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from itertools import product

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.photos.errors import PhotoError
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

ROWS, COLUMNS = np.mgrid[:37, :53]
RGB = np.stack([COLUMNS * 4, ROWS * 6, 255 - COLUMNS * 2 - ROWS], -1).astype(np.uint8)
ALPHA = np.clip(ROWS * 9 - 20, 0, 255).astype(np.uint8)
SMOOTH = np.asarray(Image.fromarray(RGB).convert("YCbCr"))


def levels(photo, bits=8):
    return np.rint(photo.pixels * (2**bits - 1)).astype(int)


def ifd(entries, at):
    """Return an IFD of (tag, type, values) at an offset, little endian, followed by its values."""
    codes, sizes = {1: "B", 2: "c", 3: "H", 4: "I", 5: "I", 7: "B"}, {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    table, rest, start = struct.pack("<H", len(entries)), b"", at + 2 + 12 * len(entries) + 4
    for tag, kind, values in sorted(entries):
        packed = struct.pack(f"<{len(values)}{codes[kind]}", *values)
        table += struct.pack("<HHI", tag, kind, len(packed) // sizes[kind])
        if len(packed) > 4:
            table += struct.pack("<I", start + len(rest))
            rest += packed + b"\0" * (len(packed) % 2)
        else:
            table += packed.ljust(4, b"\0")
    return table + b"\0\0\0\0" + rest


def tiff(entries, parts):
    """Return a TIFF file of one page. parts: its strips or tiles; the entries get their offsets and lengths."""
    tiled = any(tag == 322 for tag, _, _ in entries)
    entries = [*entries, (325 if tiled else 279, 4, [len(part) for part in parts])]
    behind = 8 + len(ifd([*entries, (324 if tiled else 273, 4, [0] * len(parts))], 8))
    starts = [behind + sum(map(len, parts[:index])) for index in range(len(parts))]
    return b"II*\0\x08\0\0\0" + ifd([*entries, (324 if tiled else 273, 4, starts)], 8) + b"".join(parts)


def units(block, across, down):
    """Return YCbCr samples in TIFF's order: units of Y, each with the means of their Cb and Cr."""
    height, width = -(-block.shape[0] // down) * down, -(-block.shape[1] // across) * across
    full = np.pad(block, ((0, height - block.shape[0]), (0, width - block.shape[1]), (0, 0)), mode="edge")
    cells = full.reshape(height // down, down, width // across, across, 3).swapaxes(1, 2)
    chroma = cells[..., 1:].mean(axis=(2, 3)).round().astype(np.uint8)
    y = cells[..., 0].reshape(*cells.shape[:2], -1)
    repeated = chroma.repeat(down, 0).repeat(across, 1)[: block.shape[0], : block.shape[1]]
    return np.concatenate([y, chroma], axis=2).tobytes(), np.dstack([block[..., :1], repeated])


def rgb_of(ycbcr):
    """Convert by ITU-R BT.601, full range, as in JFIF."""
    y, cb, cr = np.moveaxis(ycbcr.astype(np.float64), -1, 0)
    cb, cr = cb - 128, cr - 128
    rgb = np.stack([y + 1.402 * cr, y - 0.344136286 * cb - 0.714136286 * cr, y + 1.772 * cb], -1)
    return np.clip(np.rint(rgb), 0, 255).astype(int)


def ycbcr_file(across, down, packed, tiled, tell_subsampling=True):
    if tiled:
        padded = np.pad(SMOOTH, ((0, -len(SMOOTH) % 16), (0, -SMOOTH.shape[1] % 32), (0, 0)), mode="edge")
        places = list(product(range(0, padded.shape[0], 16), range(0, padded.shape[1], 32)))
        blocks = [padded[top : top + 16, left : left + 32] for top, left in places]
        layout = [(322, 3, [32]), (323, 3, [16])]
    else:
        blocks, layout = [SMOOTH[top : top + 8] for top in range(0, len(SMOOTH), 8)], [(278, 3, [8])]
    coded = [units(block, across, down) for block in blocks]
    shown = np.zeros((64, 96, 3), np.uint8)
    for index, (_, block) in enumerate(coded):
        top, left = places[index] if tiled else (8 * index, 0)
        shown[top : top + block.shape[0], left : left + block.shape[1]] = block
    parts = [zlib.compress(data) if packed else data for data, _ in coded]
    entries = [(256, 3, [53]), (257, 3, [37]), (258, 3, [8, 8, 8]), (259, 3, [8 if packed else 1]), (262, 3, [6])]
    entries += [(277, 3, [3]), (284, 3, [1]), *layout]
    if tell_subsampling:
        entries.append((530, 3, [across, down]))
    return tiff(entries, parts), shown[:37, :53]


@pytest.mark.parametrize(("across", "down"), [(1, 1), (2, 1), (2, 2), (4, 1), (4, 2), (1, 2)])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("tiled", [False, True])
def test_ycbcr_that_is_not_packed_as_jpeg(tmp_path, across, down, packed, tiled):
    data, ycbcr = ycbcr_file(across, down, packed, tiled)
    (tmp_path / "a.tif").write_bytes(data)
    assert np.abs(levels(read_photo(tmp_path / "a.tif")) - rgb_of(ycbcr)).max() <= 1


def test_ycbcr_without_subsampling_uses_that_of_the_specification(tmp_path):
    data, ycbcr = ycbcr_file(2, 2, False, False, tell_subsampling=False)
    (tmp_path / "a.tif").write_bytes(data)
    assert np.abs(levels(read_photo(tmp_path / "a.tif")) - rgb_of(ycbcr)).max() <= 1


def test_ycbcr_of_studio_levels_and_other_coefficients(tmp_path):
    bt709 = [2126, 10000, 7152, 10000, 722, 10000]
    studio = [16, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1]
    entries = [(256, 3, [2]), (257, 3, [1]), (258, 3, [8, 8, 8]), (259, 3, [1]), (262, 3, [6]), (277, 3, [3])]
    entries += [(278, 3, [1]), (284, 3, [1]), (529, 5, bt709), (530, 3, [1, 1]), (532, 5, studio)]
    (tmp_path / "a.tif").write_bytes(tiff(entries, [bytes([235, 128, 128, 63, 102, 240])]))
    # BT.709's white, and its full red
    assert np.abs(levels(read_photo(tmp_path / "a.tif"))[0] - [[255, 255, 255], [255, 0, 0]]).max() <= 2


def test_ycbcr_of_16_bits(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", SMOOTH.astype(np.uint16) * 256, photometric="ycbcr")
    photo = read_photo(tmp_path / "a.tif")
    assert photo.bit_depth == 16
    assert np.abs(levels(photo) - rgb_of(SMOOTH)).max() <= 2


@pytest.mark.skipif(not shutil.which("tiff2rgba"), reason="needs libtiff's tools")
@pytest.mark.parametrize(("across", "down"), [(1, 1), (2, 1), (2, 2), (4, 1), (4, 2)])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("tiled", [False, True])
def test_ycbcr_looks_as_in_libtiff(tmp_path, across, down, packed, tiled):
    (tmp_path / "a.tif").write_bytes(ycbcr_file(across, down, packed, tiled)[0])
    subprocess.run(["tiff2rgba", "-c", "none", "a.tif", "b.tif"], cwd=tmp_path, check=True, capture_output=True)
    shown = tifffile.imread(tmp_path / "b.tif")[..., :3].astype(int)
    assert np.abs(levels(read_photo(tmp_path / "a.tif")) - shown).max() <= 1


@pytest.mark.skipif(not shutil.which("tiffcp"), reason="needs libtiff's tools")
@pytest.mark.parametrize("extra", ["assocalpha", "unassalpha"])
@pytest.mark.parametrize("options", ["-c lzw:2", "-c zip -r 16", "-c none -t -w 16 -l 16", "-p separate", "-B"])
def test_a_tiff_repacked_by_libtiff_is_the_same(tmp_path, options, extra):
    samples = np.dstack([np.minimum(RGB, ALPHA[..., np.newaxis]), ALPHA])
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extrasamples=[extra])
    subprocess.run(["tiffcp", *options.split(), "a.tif", "b.tif"], cwd=tmp_path, check=True, capture_output=True)
    first, second = read_photo(tmp_path / "a.tif"), read_photo(tmp_path / "b.tif")
    np.testing.assert_array_equal(second.pixels, first.pixels)
    np.testing.assert_array_equal(second.alpha, first.alpha)


def dtype_of(bits):
    return {8: np.uint8, 16: np.uint16, 32: np.float32}[bits]


def scaled(samples, bits):
    return samples / np.float32(255) if bits == 32 else samples.astype(dtype_of(bits)) * (257 if bits == 16 else 1)


@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "lzw", "deflate"])
@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("kind", ["assocalpha", "unassalpha", "unspecified"])
def test_alpha_of_either_kind(tmp_path, bits, planar, compression, grey, kind):
    colours = scaled(RGB[..., :1] if grey else RGB, bits).astype(np.float64)
    alpha = scaled(ALPHA[..., np.newaxis], bits)
    white = 1 if bits == 32 else 2**bits - 1
    if kind == "assocalpha":
        colours = colours * (alpha / white)
    samples = np.dstack([colours if bits == 32 else np.rint(colours), alpha]).astype(dtype_of(bits))
    given = np.moveaxis(samples, -1, 0) if planar == "separate" else samples
    photometric = "minisblack" if grey else "rgb"
    options = {"compression": compression, "planarconfig": planar, "extrasamples": [kind]}
    tifffile.imwrite(tmp_path / "a.tif", given, photometric=photometric, **options)
    photo = read_photo(tmp_path / "a.tif")
    assert photo.bit_depth == bits and photo.grey == grey
    if kind == "unspecified":
        assert photo.alpha is None and "does not call transparency" in " ".join(photo.notes)
        seen = np.ones(ALPHA.shape, bool)
    else:
        np.testing.assert_array_equal(np.rint(photo.alpha * 255), ALPHA)
        seen = ALPHA > 60
    expected = RGB[..., :1] if grey else RGB
    error = np.abs(photo.pixels * 255 - expected)[seen]
    assert error.max() <= (2.2 if kind == "assocalpha" and bits == 8 else 0.01)


def test_alpha_stays_where_white_is_zero(tmp_path):
    samples = np.dstack([255 - RGB[..., 0], ALPHA])
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="miniswhite", planarconfig="contig", extrasamples=[2])
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo)[..., 0], RGB[..., 0])
    np.testing.assert_array_equal(np.rint(photo.alpha * 255), ALPHA)


@pytest.mark.parametrize("bits", [8, 16])
def test_cmyk_keeps_its_alpha(tmp_path, bits):
    ink = np.asarray(Image.fromarray(RGB).convert("CMYK"))
    samples = scaled(np.dstack([ink, ALPHA]), bits)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="separated", extrasamples=["unassalpha"])
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(np.rint(photo.alpha * 255), ALPHA)
    assert np.abs(levels(photo) - RGB).max() <= 1


@pytest.mark.parametrize("step", [1, 256, 257])
@pytest.mark.parametrize("alpha", [False, True])
def test_colour_maps_of_8_and_16_bits(tmp_path, step, alpha):
    table = np.stack([np.arange(256), 255 - np.arange(256), np.arange(256) // 2]).astype(np.uint16)
    index = RGB[..., 0]
    samples = np.dstack([index, ALPHA]) if alpha else index
    options = {"extrasamples": [2], "planarconfig": "contig"} if alpha else {}
    entries = [(256, 3, [53]), (257, 3, [37]), (258, 3, [8] * (1 + alpha)), (259, 3, [1]), (262, 3, [3])]
    entries += [(277, 3, [1 + alpha]), (278, 3, [37]), (284, 3, [1]), (320, 3, (table * step).ravel().tolist())]
    entries += [(338, 3, options.get("extrasamples", []))] if alpha else []
    (tmp_path / "a.tif").write_bytes(tiff(entries, [samples.tobytes()]))
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), table.T[index])
    assert (photo.alpha is not None) == alpha and photo.bit_depth == 8
    if alpha:
        np.testing.assert_array_equal(np.rint(photo.alpha * 255), ALPHA)


@pytest.mark.parametrize("extra", [[0, 2], [2, 0], [0, 0]])
def test_the_first_channel_marked_as_alpha_is_used(tmp_path, extra):
    samples = np.dstack([RGB, *(ALPHA if kind else RGB[..., 2] for kind in extra)])
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", planarconfig="contig", extrasamples=extra)
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), RGB)
    assert (photo.alpha is None) == (2 not in extra) and photo.notes
    if photo.alpha is not None:
        np.testing.assert_array_equal(np.rint(photo.alpha * 255), ALPHA)


def test_inks_that_are_not_cmyk_are_refused(tmp_path):
    entries = [(256, 3, [1]), (257, 3, [1]), (258, 3, [8] * 4), (259, 3, [1]), (262, 3, [5]), (277, 3, [4])]
    (tmp_path / "a.tif").write_bytes(tiff([*entries, (278, 3, [1]), (332, 3, [2])], [b"1234"]))
    with pytest.raises(PhotoError, match="colour model"):
        read_photo(tmp_path / "a.tif")


@pytest.mark.parametrize("bits", [2, 4, 6, 10, 12, 14])
def test_other_depths_reach_white(tmp_path, bits):
    most = 2**bits - 1
    row = np.array([[0, 1, most // 2, most] * 2], np.uint16 if bits > 8 else np.uint8)
    (tmp_path / "a.tif").write_bytes(packed_row(row[0], bits))
    np.testing.assert_allclose(read_photo(tmp_path / "a.tif").pixels[0, :, 0], row[0] / most, rtol=1e-6)


def packed_row(row, bits):
    text = "".join(f"{int(value):0{bits}b}" for value in row)
    data = int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8), "big")
    entries = [(256, 3, [len(row)]), (257, 3, [1]), (258, 3, [bits]), (259, 3, [1]), (262, 3, [1]), (277, 3, [1])]
    return tiff([*entries, (278, 3, [1])], [data])


@pytest.mark.parametrize("white", [255, 65535])
def test_float_of_other_scales(tmp_path, white):
    samples = RGB.astype(np.float32) * (white // 255)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb")
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_allclose(photo.pixels * 255, RGB, atol=1e-4)
    assert f"0 to {white}" in photo.notes[0] and photo.beyond is None


def test_lights_beyond_white_are_no_other_scale(tmp_path):
    samples = RGB.astype(np.float32) / 255
    samples[:5] *= 40
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb")
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_allclose(photo.pixels[5:] * 255, RGB[5:], atol=1e-4)
    assert photo.beyond is not None


@pytest.mark.parametrize("tag_and_value", [(254, 1), (254, 5), (255, 2)])
def test_a_preview_that_comes_first_is_not_the_photo(tmp_path, tag_and_value):
    tag, value = tag_and_value
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(RGB[::4, ::4], photometric="rgb", extratags=[(tag, 4 if tag == 254 else 3, 1, value, True)])
        file.write(RGB, photometric="rgb", description="caption")
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), RGB)
    assert "page 2 of 2" in photo.notes[0] and b"caption" in photo.metadata.exif


def test_a_file_of_nothing_but_a_preview_is_that(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", RGB, photometric="rgb", subfiletype=1)
    np.testing.assert_array_equal(levels(read_photo(tmp_path / "a.tif")), RGB)


@pytest.mark.parametrize("tag", [37724, 65001, 50255])
def test_old_pixels_in_private_tags_do_not_come_out(tmp_path, tag):
    secret = b"Adobe Photoshop Document Data Block\0" + bytes(RGB.ravel()[:5000])
    extra = [(tag, 7, len(secret), secret, True), (65002, 2, 5, b"note\0", True)]
    tifffile.imwrite(tmp_path / "a.tif", RGB, photometric="rgb", extratags=extra)
    photo = read_photo(tmp_path / "a.tif")
    assert ("layers" if tag == 37724 else str(tag)) in photo.notes[0]
    out = write_photo(photo, tmp_path / "b.tif")
    assert secret not in out.read_bytes() and b"Document Data" not in out.read_bytes()
    assert b"note\0" in photo.metadata.exif


def test_small_pictures_within_a_page_are_reported(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(RGB, photometric="rgb", subifds=1)
        file.write(RGB[::4, ::4], photometric="rgb", subfiletype=1)
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), RGB)
    assert "previews" in " ".join(photo.notes)


@pytest.mark.parametrize("order", ["<", ">"])
def test_bigtiff_keeps_its_metadata(tmp_path, order):
    extra = [(315, 2, 6, b"Painter"[:5] + b"\0", True), (33432, 2, 4, b"Me!\0", True)]
    options = {"description": "caption", "software": "Scanner", "extratags": extra, "metadata": None}
    tifffile.imwrite(tmp_path / "a.tif", RGB, photometric="rgb", bigtiff=True, byteorder=order, **options)
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), RGB)
    for suffix in (".jpg", ".tif", ".png"):
        changed = Photo(photo.pixels, metadata=photo.metadata)
        again = read_photo(write_photo(changed, tmp_path / f"b{suffix}")).metadata.exif
        with Image.open(tmp_path / f"b{suffix}") as image:
            found = dict(image.getexif())
        assert all(text in again for text in (b"caption", b"Scanner", b"Paint", b"Me!"))
        assert (found[270], found[305], found[315], found[33432]) == ("caption", "Scanner", "Paint", "Me!")


@pytest.mark.parametrize("at", [300, 3000, 40000])
def test_a_maker_note_stays_where_its_offsets_count_from(tmp_path, at):
    note = b"MakerNote" + bytes(range(200))
    picture = RGB.tobytes()
    entries = [(256, 3, [53]), (257, 3, [37]), (258, 3, [8, 8, 8]), (259, 3, [1]), (262, 3, [2]), (277, 3, [3])]
    entries += [(278, 3, [37]), (279, 4, [len(picture)]), (271, 2, [b"C", b"a", b"m", b"e", b"r", b"a", b"\0"])]
    end = at + len(note) + 1
    exif_ifd = struct.pack("<H", 2) + struct.pack("<HHIHH", 0x8827, 3, 1, 100, 0)
    exif_ifd += struct.pack("<HHIII", 0x927C, 7, len(note), at, 0)
    first = ifd([*entries, (34665, 4, [end]), (273, 4, [end + len(exif_ifd)])], 8)
    assert 8 + len(first) <= at
    data = (b"II*\0\x08\0\0\0" + first).ljust(at, b"\0") + note + b"\0" + exif_ifd + picture
    (tmp_path / "a.tif").write_bytes(data)
    photo = read_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(levels(photo), RGB)
    assert photo.metadata.exif[at : at + len(note)] == note
    out = write_photo(Photo(photo.pixels, metadata=photo.metadata), tmp_path / "b.tif")
    assert out.read_bytes()[at : at + len(note)] == note
