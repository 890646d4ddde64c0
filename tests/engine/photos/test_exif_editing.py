"""Changes in EXIF: only the intended bytes change."""

from __future__ import annotations

import dataclasses
import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.photos import exif, exif_editing
from engine.photos.exif_places import without_places
from engine.photos.metadata import without_gps
from engine.photos.photo import Metadata
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

MAKER_NOTE = bytes(range(256)) * 3


def jpeg_bytes(side, colour="red", quality=60):
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG", quality=quality)
    return out.getvalue()


def block_with(order, thumbnail, width=10, height=20):
    """Return IFD0 with sizes and an Exif IFD with a maker note, and IFD1 with a thumbnail at the end."""

    def ifd(entries, following):
        body = b"".join(struct.pack(f"{order}HHI", tag, kind, count) + field for tag, kind, count, field in entries)
        return struct.pack(order + "H", len(entries)) + body + struct.pack(order + "I", following)

    short = lambda number: struct.pack(order + "HH", number, 0)  # noqa: E731
    long = lambda number: struct.pack(order + "I", number)  # noqa: E731
    inner_at = 8 + 2 + 4 * 12 + 4
    note_at = inner_at + 2 + 3 * 12 + 4
    second_at = note_at + len(MAKER_NOTE)
    picture_at = second_at + 2 + 3 * 12 + 4
    sizes = [(0x100, 3, 1, short(width)), (0x101, 4, 1, long(height))]
    first = ifd([*sizes, (0x112, 3, 1, short(1)), (0x8769, 4, 1, long(inner_at))], second_at)
    inner = ifd(
        [
            (0x927C, 7, len(MAKER_NOTE), long(note_at)),
            (0xA002, 4, 1, long(width)),
            (0xA003, 3, 1, short(height)),
        ],
        0,
    )
    places = [(0x201, 4, 1, long(picture_at)), (0x202, 4, 1, long(len(thumbnail)))]
    second = ifd([(0x112, 3, 1, short(6)), *places], 0)
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + long(8) + first + inner + MAKER_NOTE + second + thumbnail


def thumbnail_of(block):
    """Return the thumbnail that another program shows."""
    first = exif.first_directory(block)
    ifd = exif.linked(block, first.next_position)
    if ifd is None:
        return None
    start = exif.number(block, ifd.find(exif.THUMBNAIL_OFFSET))
    length = exif.number(block, ifd.find(exif.THUMBNAIL_LENGTH))
    return Image.open(io.BytesIO(block[start : start + length])).convert("RGB")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("old", [400, 8])
def test_size_and_thumbnail_are_those_of_the_result(tmp_path, make_photo, order, suffix, old):
    block = block_with(order, jpeg_bytes(old, quality=100))
    photo = make_photo(300, 200)
    photo.pixels[:] = (0, 0, 1)
    photo = dataclasses.replace(photo, metadata=Metadata(exif=block))
    kept = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata.exif
    shown = thumbnail_of(kept)
    assert shown.size == (160, 107)
    assert np.asarray(shown)[..., 2].min() > 240
    ifd = exif.first_directory(kept)
    inner = exif.directory(kept, exif.number(kept, ifd.find(exif.EXIF_IFD)))
    for directory, tags in ((ifd, (0x100, 0x101)), (inner, (0xA002, 0xA003))):
        assert tuple(exif.number(kept, directory.find(tag)) for tag in tags) == (300, 200)
    at = block.index(MAKER_NOTE)
    assert kept[at : at + len(MAKER_NOTE)] == MAKER_NOTE
    assert len(kept) == len(block) or old == 8


def test_a_thumbnail_that_finds_no_room_is_dropped():
    block = block_with("<", jpeg_bytes(8))
    kept = exif_editing.with_thumbnail(block, len(block), lambda room: None)
    assert thumbnail_of(kept) is None
    assert jpeg_bytes(8) not in kept


def test_a_photo_that_was_turned_gets_sizes_and_thumbnail_turned(tmp_path, astronaut):
    picture = Image.fromarray(astronaut[:, :90])
    block = bytearray(block_with("<", jpeg_bytes(200), 90, 128))
    block[block.index(struct.pack("<HHI", 0x112, 3, 1)) + 8] = 6
    picture.save(tmp_path / "a.jpg", exif=b"Exif\0\0" + bytes(block))
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.size == (128, 90)
    with Image.open(write_photo(dataclasses.replace(photo), tmp_path / "b.jpg")) as image:
        found = image.getexif()
        assert (found[0x100], found[0x101], found[0x112]) == (128, 90, 1)
        inner = found.get_ifd(exif.EXIF_IFD)
        assert (inner[0xA002], inner[0xA003]) == (128, 90)
        kept = image.info["exif"][6:]
    assert thumbnail_of(kept).size == (128, 90)
    second = exif.linked(kept, exif.first_directory(kept).next_position)
    assert exif.number(kept, second.find(exif.ORIENTATION)) == 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_gps_is_left_out_on_request(tmp_path, make_photo, make_exif, order, suffix):
    block = make_exif(order=order)
    place = struct.pack(order + "6I", 48, 1, 8, 1, 12, 1)
    place_in_xmp = b' exif:GPSLatitude="48,8.2N"', b"<exif:GPSAltitude>5</exif:GPSAltitude>"
    xmp = b'<r:RDF xmlns:r="r"><r:D%b dc:x="1">%b</r:D></r:RDF>' % place_in_xmp
    others = (("APP6", b"GoPro\0track"), ("COM", b"kept"))
    photo = dataclasses.replace(make_photo(), metadata=Metadata(exif=block, xmp=xmp, others=others))
    kept = read_photo(write_photo(photo, tmp_path / f"b{suffix}", gps=True)).metadata
    assert place in kept.exif
    path = write_photo(photo, tmp_path / f"a{suffix}", gps=False)
    kept = read_photo(path).metadata
    assert place not in path.read_bytes()
    assert b"GPS" not in path.read_bytes()
    assert kept.xmp == b'<r:RDF xmlns:r="r"><r:D dc:x="1"></r:D></r:RDF>'
    found = Image.Exif()
    found.load(kept.exif)
    assert found[0x010F] == "Camera Makers"
    assert exif.GPS_IFD not in found
    assert found.get_ifd(exif.EXIF_IFD)[0x927C] == MAKER_NOTE
    assert kept.others == ((("COM", b"kept"),) if suffix == ".jpg" else ())


def test_a_prefix_of_its_own_hides_no_place():
    xmp = b'<a xmlns:e="http://ns.adobe.com/exif/1.0/" e:GPSLongitude=\'11,3E\' e:ISO="5"><e:GPSStatus/></a>'
    assert without_gps(Metadata(xmp=xmp)).xmp == b'<a xmlns:e="http://ns.adobe.com/exif/1.0/" e:ISO="5"></a>'


def test_a_block_of_nothing_but_gps_goes():
    block = b"II*\0" + struct.pack("<IHHHII", 8, 1, exif.GPS_IFD, 4, 1, 26) + bytes(4)
    assert without_places(block) is None


@settings(max_examples=150, deadline=None)
@given(data=st.data(), changes=st.lists(st.tuples(st.integers(4, 400), st.integers(0, 255)), max_size=12))
def test_broken_blocks_are_no_reason_to_fail(data, changes):
    block = bytearray(block_with(data.draw(st.sampled_from("<>")), jpeg_bytes(8)))
    for at, value in changes:
        block[at % len(block)] = value
    block = bytes(block[: data.draw(st.integers(8, len(block)))])
    assert len(exif_editing.with_size(block, 7, 9)) == len(block)
    assert len(exif_editing.with_upright_orientation(block)) == len(block)
    assert exif_editing.with_thumbnail(block, 60000, lambda room: (b"\xff\xd8\xff\xd9", 1, 1))[:4] == block[:4]
    kept = without_places(block)
    assert kept is None or len(kept) == len(block)
