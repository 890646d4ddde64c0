"""Further kinds of JPEG and AVIF, and unsuitable profiles."""

from __future__ import annotations

import dataclasses
import io
import struct
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageCms

from engine.photos import exif
from engine.photos.avif import put_blocks
from engine.photos.boxes import box, boxes
from engine.photos.colour import to_srgb8
from engine.photos.errors import PhotoError
from engine.photos.losses import not_kept
from engine.photos.orientation import upright
from engine.photos.photo import Metadata, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

PLAIN = Metadata()
ROWS, COLUMNS = np.mgrid[:160, :240]
RGB = np.stack([COLUMNS, ROWS, 255 - COLUMNS // 2 - ROWS // 2], -1).astype(np.uint8)


def jpeg(**options):
    out = io.BytesIO()
    Image.fromarray(RGB).save(out, "JPEG", **({"quality": 92, "subsampling": 0} | options))
    return out.getvalue()


def with_segment(data, marker, body):
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + data[2:]


@pytest.mark.parametrize("profile", ["grey", "broken", "lab"])
def test_an_unsuitable_profile_counts_as_srgb_and_is_reported(tmp_path, profile, grey_profile):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    icc = {"grey": grey_profile, "broken": b"no profile at all" * 10, "lab": lab}[profile]
    (tmp_path / "a.jpg").write_bytes(jpeg(icc_profile=icc))
    (tmp_path / "b.jpg").write_bytes(jpeg())
    photo, plain = read_photo(tmp_path / "a.jpg"), read_photo(tmp_path / "b.jpg")
    assert photo.metadata.icc is None and "profile" in photo.notes[0] and not plain.notes
    np.testing.assert_array_equal(to_srgb8(photo), to_srgb8(plain))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("fits", [True, False])
def test_grey_takes_a_profile_of_grey_only(tmp_path, suffix, fits, srgb_profile, grey_profile):
    icc = grey_profile if fits else srgb_profile
    grey = Photo(np.repeat(RGB[..., :1] / np.float32(255), 3, axis=2), grey=True, metadata=Metadata(icc=icc))
    path = write_photo(grey, tmp_path / f"a{suffix}")
    assert read_photo(path).metadata.icc == (icc if fits else None)
    assert bool(not_kept(grey, path)) == (not fits)
    assert (b"iCCP" in path.read_bytes()) == (fits and suffix == ".png")


def test_a_grey_file_with_a_profile_of_colour_is_read_as_srgb(tmp_path, srgb_profile):
    Image.fromarray(RGB[..., 0]).save(tmp_path / "a.jpg", icc_profile=srgb_profile)
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.grey and photo.metadata.icc is None and "profile" in photo.notes[0]


@pytest.mark.parametrize("option", ["4:4:4", "4:2:0", "grey"])
def test_jpeg_of_12_bits(tmp_path, make_exif, option):
    from imagecodecs import jpeg_encode

    samples = RGB.astype(np.uint16) * 16 + RGB % 16
    given = np.ascontiguousarray(samples[..., 0]) if option == "grey" else samples
    sampling = {} if option == "grey" else {"subsampling": option.replace(":", "")}
    data = bytes(jpeg_encode(given, level=98, bitspersample=12, **sampling))
    (tmp_path / "a.jpg").write_bytes(with_segment(data, 0xE1, b"Exif\0\0" + make_exif(orientation=6)))
    photo = read_photo(tmp_path / "a.jpg")
    turned = upright(samples[..., :1] if option == "grey" else samples, 6)
    assert photo.bit_depth == 16 and photo.grey == (option == "grey")
    assert np.abs(photo.pixels * 4095 - turned).mean() < (40 if option == "4:2:0" else 8)
    assert b"Camera" in photo.metadata.exif
    out = write_photo(photo, tmp_path / "b.png")
    assert np.abs(read_photo(out).pixels - photo.pixels).max() < 1 / 65000
    assert "12" in not_kept(photo, tmp_path / "c.jpg")[0]


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("left", [0.999, 0.9, 0.6])
def test_a_jpeg_that_is_cut_is_opened_as_far_as_it_goes(tmp_path, progressive, left):
    whole = jpeg(progressive=progressive)
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "cut.jpg").write_bytes(whole[: int(len(whole) * left)])
    photo, full = read_photo(tmp_path / "cut.jpg"), read_photo(tmp_path / "whole.jpg")
    assert photo.size == full.size and "cut short" in photo.notes[0] and not full.notes
    rows = int(160 * (left - 0.15))
    assert np.abs(photo.pixels[:rows] - full.pixels[:rows]).mean() < (0.1 if progressive else 1e-6)


def test_the_missing_part_of_the_photo_is_reported(tmp_path):
    whole = jpeg()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) // 2])
    said = read_photo(tmp_path / "a.jpg").notes[0]
    assert 30 < int(said.split("about ")[1].split(" percent")[0]) < 70
    (tmp_path / "b.jpg").write_bytes(whole[: len(whole) // 8])
    with pytest.raises(PhotoError, match="cut short"):
        read_photo(tmp_path / "b.jpg")


def test_a_cut_jpeg_is_not_copied_as_if_it_were_whole(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg()[:-40])
    out = write_photo(read_photo(tmp_path / "a.jpg"), tmp_path / "b.jpg")
    assert not read_photo(out).notes


def test_the_first_of_two_exif_blocks_is_kept(tmp_path, make_exif):
    data = with_segment(jpeg(), 0xE1, b"Exif\0\0" + make_exif().replace(b"Camera", b"Second"))
    (tmp_path / "a.jpg").write_bytes(with_segment(data, 0xE1, b"Exif\0\0" + make_exif(orientation=8)))
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.size == (160, 240) and b"Camera" in photo.metadata.exif and b"Second" not in photo.metadata.exif
    assert "EXIF twice" in photo.notes[0]


def test_exif_that_continues_in_a_second_segment_is_joined(tmp_path, make_exif):
    block = make_exif()
    data = with_segment(jpeg(), 0xE1, b"Exif\0\0" + block[500:])
    (tmp_path / "a.jpg").write_bytes(with_segment(data, 0xE1, b"Exif\0\0" + block[:500]))
    photo = read_photo(tmp_path / "a.jpg")
    assert (
        exif.value(photo.metadata.exif, exif.first_directory(photo.metadata.exif).find(0x10F)) == b"Camera Makers\0"
    )
    assert len(photo.metadata.exif) == len(block) and not photo.notes


def with_dcf(index, space):
    inner = struct.pack("<HHHI4sI", 1, 1, 2, 4, index, 0)
    middle = struct.pack("<HHHIHHHHIII", 2, 0xA001, 3, 1, space, 0, 0xA005, 4, 1, 8, 0)
    first = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8 + len(inner), 0)
    return b"II*\0" + struct.pack("<I", 8 + len(inner) + len(middle)) + inner + middle + first


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_adobe_rgb_is_recognised_from_exif(tmp_path, suffix, srgb_profile):
    cases = [(b"R03", 65535, None, True), (b"R98", 1, None, False), (b"R03", 65535, srgb_profile, False)]
    cases += [(b"R98", 2, None, True), (b"R03", 1, None, False)]
    for index, space, icc, wide in cases:
        metadata = Metadata(exif=with_dcf(index, space), icc=icc)
        pixels = np.full((8, 8, 3), (0.2, 0.8, 0.2), np.float32)
        path = write_photo(Photo(pixels, metadata=metadata), tmp_path / f"a{suffix}", overwrite=True)
        photo = read_photo(path)
        assert (photo.metadata.icc is not None and b"A\0d\0o\0b\0e" in photo.metadata.icc) == wide
        assert to_srgb8(photo)[4, 4, 0] < (20 if wide else 60) and (wide or to_srgb8(photo)[4, 4, 0] > 40)
        again = read_photo(
            write_photo(dataclasses.replace(photo, pixels=photo.pixels * 1), tmp_path / "a.png", overwrite=True)
        )
        assert again.metadata.icc == photo.metadata.icc


def avif_with(properties, metadata=PLAIN):
    """Return an RGB AVIF file whose picture has further properties, (type, body)."""
    out = io.BytesIO()
    Image.fromarray(RGB).save(out, "AVIF", quality=95, subsampling="4:4:4")
    stream = out.getvalue()
    parts = dict(boxes(stream))
    meta = dict(boxes(parts[b"meta"][4:]))
    held = dict(boxes(meta[b"iprp"]))
    known, ipma = len(list(boxes(held[b"ipco"]))), bytearray(held[b"ipma"])
    ipma[10] += len(properties)
    ipma += bytes(0x80 | (known + 1 + number) for number in range(len(properties)))
    ipco = held[b"ipco"] + b"".join(box(kind, body) for kind, body in properties)
    longer = box(b"iprp", box(b"ipco", ipco), box(b"ipma", bytes(ipma)))
    moved = len(longer) - len(box(b"iprp", meta[b"iprp"]))
    iloc = bytearray(meta[b"iloc"])
    for at in range(8, len(iloc), 14):
        offset = struct.unpack_from(">I", iloc, at + 6)[0]
        struct.pack_into(">I", iloc, at + 6, offset + moved)
    changed = {**meta, b"iloc": bytes(iloc)}
    inner = b"".join(longer if kind == b"iprp" else box(kind, body) for kind, body in changed.items())
    data = box(b"ftyp", parts[b"ftyp"]) + box(b"meta", bytes(4), inner) + box(b"mdat", parts[b"mdat"])
    return b"".join(map(bytes, put_blocks(data, metadata)))


def clap(width, height, right=Fraction(0), down=Fraction(0)):
    numbers = (Fraction(width), Fraction(height), Fraction(right), Fraction(down))
    return b"clap", struct.pack(">IIIIiIiI", *(part for n in numbers for part in (n.numerator, n.denominator)))


@pytest.mark.parametrize(
    "crop", [(120, 80, 0, 0), (100, 60, -70, 50), (100, 60, 70, -50), (101, 61, Fraction(1, 2), Fraction(-1, 2))]
)
@pytest.mark.parametrize("turn", [None, 1, 2, 3])
def test_avif_shows_its_clean_aperture_and_no_more(tmp_path, crop, turn):
    properties = [clap(*crop)] + ([(b"irot", bytes([turn]))] if turn else [])
    (tmp_path / "a.avif").write_bytes(avif_with(properties))
    photo = read_photo(tmp_path / "a.avif")
    width, height, right, down = crop
    left, top = round((240 - width) / 2 + right), round((160 - height) / 2 + down)
    expected = np.rot90(RGB[top : top + height, left : left + width], turn or 0)
    assert photo.size == (expected.shape[1], expected.shape[0])
    assert np.abs(photo.pixels * 255 - expected).mean() < 3


@pytest.mark.parametrize("bad", [clap(300, 80), clap(0, 80), (b"clap", bytes(32)), (b"clap", b"\0")])
def test_an_aperture_beyond_the_picture_counts_as_none(tmp_path, bad):
    data = avif_with([])
    from engine.photos import boxes as module

    assert module._crop({b"ispe": bytes(4) + struct.pack(">II", 240, 160), bad[0]: bad[1]}) is None
    (tmp_path / "a.avif").write_bytes(data)
    assert read_photo(tmp_path / "a.avif").size == (240, 160)


@pytest.mark.parametrize(("turn", "axis"), [(turn, axis) for turn in (None, 1, 2, 3) for axis in (None, 0, 1)])
def test_avif_is_turned_and_its_maker_note_stays_where_it_is(tmp_path, make_exif, turn, axis):
    properties = ([(b"irot", bytes([turn]))] if turn else []) + (
        [(b"imir", bytes([axis]))] if axis is not None else []
    )
    block = make_exif(orientation=6)  # the boxes take precedence
    (tmp_path / "a.avif").write_bytes(avif_with(properties, Metadata(exif=block, xmp=b"<x/>")))
    photo = read_photo(tmp_path / "a.avif")
    expected = np.rot90(RGB, turn or 0)
    if axis is not None:
        expected = expected[:, ::-1] if axis else expected[::-1]
    assert np.abs(photo.pixels * 255 - expected).mean() < 3
    note = block.index(bytes(range(256)))
    assert photo.metadata.exif[note : note + 768] == block[note : note + 768]
    assert photo.metadata.xmp == b"<x/>"


def test_the_bytes_of_a_jpeg_called_heic_count(tmp_path):
    (tmp_path / "a.HEIC").write_bytes(jpeg())
    photo = read_photo(tmp_path / "a.HEIC")
    assert photo.format == "JPEG" and photo.size == (240, 160) and photo.coding.tables


class _Heif:
    """What pi-heif hands on of a picture whose alpha was multiplied into its colours; it cannot write one."""

    size, primary_index, premultiplied_alpha = (240, 160), 0, True
    info = {"bit_depth": 8}  # noqa: RUF012

    def __getitem__(self, index):
        return self

    def __len__(self):
        return 1

    def __array__(self, dtype=None, copy=None):
        alpha = np.full((160, 240, 1), 128, np.uint8)
        return np.concatenate([np.rint(RGB * (128 / 255)).astype(np.uint8), alpha], axis=2)


def test_heic_with_multiplied_alpha(monkeypatch):
    pi_heif = pytest.importorskip("pi_heif")
    from engine.photos.decoders import heif

    monkeypatch.setattr(pi_heif, "open_heif", lambda *_, **__: _Heif())
    decoded = heif.decode(b"", "HEIF")
    assert np.abs(decoded.samples[..., :3] * 255 - RGB).max() < 1.1 and decoded.bit_depth == 8
    np.testing.assert_allclose(decoded.samples[..., 3], 128 / 255)
