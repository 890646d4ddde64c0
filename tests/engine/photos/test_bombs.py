"""Files made to exhaust time or memory: refused, or read in time proportional to their size."""

from __future__ import annotations

import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from imagecodecs import brotli_encode, jpegxl_encode, zstd_encode
from PIL import Image

from engine.photos import gain_maps, history, xmp
from engine.photos.errors import PhotoError
from engine.photos.metadata import upright_metadata, without_gps
from engine.photos.photo import Metadata
from engine.photos.reading import read_photo

MEGABYTE = 1 << 20


def tiff(width, height, compression, strip):
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 2), (273, 4, 122)]
    tags += [(277, 3, 3), (278, 4, height), (279, 4, len(strip))]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, number) for tag, kind, number in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + strip


@pytest.mark.parametrize(("compression", "pack"), [(8, zlib.compress), (50000, zstd_encode)])
def test_a_strip_that_unpacks_to_more_than_its_picture(tmp_path, compression, pack):
    (tmp_path / "a.tif").write_bytes(tiff(16, 16, compression, pack(bytes(64 * MEGABYTE))))
    tracemalloc.start()
    with pytest.raises(PhotoError, match="damaged"):
        read_photo(tmp_path / "a.tif")
    assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    tracemalloc.stop()


def test_a_bilevel_tiff_that_claims_more_than_it_holds(tmp_path):
    data = bytearray(tiff(16, 16777228, 1, bytes(576)))
    data[data.index(struct.pack("<HHI", 258, 3, 1)) + 8] = 1
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(PhotoError, match="holds only"):
        read_photo(tmp_path / "a.tif")


def test_a_tiff_whose_strips_are_not_all_listed(tmp_path):
    data = bytearray(tiff(16, 16, 1, bytes(768)))
    data[data.index(struct.pack("<HHI", 278, 4, 1)) + 8] = 4
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(PhotoError, match="cut short"):
        read_photo(tmp_path / "a.tif")


def test_a_blank_page_is_no_bomb(tmp_path):
    Image.new("1", (3000, 3000), 1).save(tmp_path / "a.png", optimize=True)
    assert (tmp_path / "a.png").stat().st_size < 9_000_000 / 2000
    assert read_photo(tmp_path / "a.png").size == (3000, 3000)


def test_strips_that_share_their_bytes(tmp_path):
    count = 20000
    tags = [
        (256, 4, 1, 1000),
        (257, 4, 1, count),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, count, 200),
    ]
    tags += [(277, 3, 1, 1), (278, 4, 1, 1), (279, 4, count, 200 + 4 * count)]
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    data = head.ljust(200, b"\0") + struct.pack("<I", 8) * count + struct.pack("<I", 1000) * count
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(PhotoError, match="parts overlap"):
        read_photo(tmp_path / "a.tif")


def test_a_block_of_jpeg_xl_that_unpacks_to_a_gigabyte_counts_as_none(tmp_path):
    def box(kind, body):
        return struct.pack(">I", 8 + len(body)) + kind + body

    head = b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl "
    bomb = box(b"brob", b"xml " + brotli_encode(bytes(64 * MEGABYTE)))
    picture = box(b"jxlc", jpegxl_encode(np.zeros((9, 9, 3), np.uint8)))
    (tmp_path / "a.jxl").write_bytes(head + bomb + picture)
    assert read_photo(tmp_path / "a.jxl").metadata.xmp is None


HOSTILE = {
    "spaces": b" " * MEGABYTE,
    "elements left open": b"<exif:GPSa>" * 90000,
    "elements left open, each its own": b"".join(b"<exif:GPS%d>" % number for number in range(70000)),
    "tags without an end": b"<exif:GPSa " * 90000,
    "values without an end": b' exif:GPSa="' * 90000,
    "beginnings of RDF": b"<rdf:RDF " * 110000,
    "wrappers": b"<?xpacket " * 100000,
    "items": b"hdrgm:Version<C:Item " * 50000,
    "lists": b"<xmpMM:History><rdf:Seq>" * 40000,
    "ends of lists": b"</rdf:Seq> " * 90000,
    "directories": b"hdrgm:Version<C:Directory>" * 40000,
}


@pytest.mark.timeout(120)  # each once took minutes, and now takes well below a second
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xmp_takes_no_longer_than_its_size(name):
    packet = HOSTILE[name]
    metadata = Metadata(xmp=packet, xmp_extended=packet)
    assert len(without_gps(metadata).xmp or b"") <= len(packet)
    assert upright_metadata(metadata)[1] == 1
    assert history.noted(metadata, history.Step("wrfn", 1)).xmp == packet
    assert xmp.in_one(metadata) == packet
    assert xmp.in_parts(Metadata(xmp=packet), 60000)[1] is not None
    assert gain_maps.announced(packet, b"") == packet
    assert len(gain_maps.renounced(packet)) <= len(packet)
    assert xmp.without_film(xmp.with_size(packet, 1, 1)) == packet


TEXTS = {
    "spaces": b"1.234" + b" " * MEGABYTE,
    "digits": b"1" * MEGABYTE,
    "points": b"1.234," * 150000,
    "minutes": b"1,1'" * 200000,
    "words": b"geo:lat=" + b"a" * MEGABYTE,
    "gps": b"gps" * 300000,
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", TEXTS)
def test_hostile_texts_are_searched_for_places_in_no_longer_than_their_size(name):
    text = TEXTS[name]
    packet = b'<a b:c="%b">%b<d:e f:gps%b="1"/></a>' % (text, text, text.replace(b" ", b"").replace(b"'", b""))
    records = b"\x1c\x02\x78\x80\x04" + len(text).to_bytes(4, "big") + text
    metadata = Metadata(xmp=packet, iptc=records, others=(("tEXt", b"Comment\0" + text), ("COM", text)))
    assert len(without_gps(metadata).xmp or b"") <= len(packet)
