"""Metadata that only one format can hold, and the messages of the other formats."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from engine.photos import jpeg, xmp
from engine.photos.losses import not_kept
from engine.photos.photo import Metadata
from engine.photos.png import chunks
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%s</rdf:RDF>'
DESCRIPTION = b'<rdf:Description rdf:about="" xmlns:%s="urn:%s">%s</rdf:Description>'


def packet(name, text):
    return RDF % (DESCRIPTION % (name, name, b"<%s:p>%s</%s:p>" % (name, text, name)))


def long_packet():
    return packet(b"deep", b"0123456789abcdef" * 20000)


def test_extended_xmp_comes_back_byte_for_byte(tmp_path, make_photo):
    extended = long_packet()
    first = xmp._POINTER % xmp.digest(extended)
    metadata = Metadata(xmp=first, xmp_extended=extended)
    photo = read_photo(write_photo(dataclasses.replace(make_photo(), metadata=metadata), tmp_path / "a.jpg"))
    assert photo.metadata.xmp == first
    assert photo.metadata.xmp_extended == extended
    for suffix in (".png", ".tif", ".webp"):
        joined = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata
        assert b"0123456789abcdef" * 20000 in joined.xmp
        assert b"HasExtendedXMP" not in joined.xmp
        assert not_kept(photo, Path(f"a{suffix}")) == (
            ("WebP has no place for the resolution; left out.",)
            if suffix == ".webp" and photo.metadata.resolution
            else ()
        )


def test_a_packet_too_long_for_jpeg_is_written_in_two(tmp_path, make_photo):
    photo = dataclasses.replace(make_photo(), metadata=Metadata(xmp=long_packet()))
    again = read_photo(write_photo(photo, tmp_path / "a.jpg")).metadata
    assert again.xmp_extended == long_packet()
    assert long_packet()[70:-20] in xmp.in_one(again)


def test_a_second_packet_with_a_hole_counts_as_none():
    extended = long_packet()
    parts = jpeg.put_segments(Metadata(xmp=xmp._POINTER % xmp.digest(extended), xmp_extended=extended))
    assert jpeg.extended_xmp(b"\xff\xd8" + b"".join(parts), xmp._POINTER % xmp.digest(extended)) == extended
    assert jpeg.extended_xmp(b"\xff\xd8" + b"".join(parts[:-1]), xmp._POINTER % xmp.digest(extended)) is None


@pytest.mark.parametrize("bad", [b"<a:b>", b"<!DOCTYPE x>", b"<b x:y='1'/>"])
def test_packets_that_cannot_be_joined_stay_separate_and_are_reported(make_photo, bad):
    metadata = Metadata(xmp=packet(b"a", b""), xmp_extended=RDF % bad)
    assert xmp.in_one(metadata) == metadata.xmp
    photo = dataclasses.replace(make_photo(), metadata=metadata)
    assert not_kept(photo, Path("a.png")) == ("PNG has no place for extended XMP; left out.",)
    assert not_kept(photo, Path("a.jpg")) == ()


def test_a_large_profile_takes_several_segments(tmp_path, make_photo, srgb_profile):
    icc = srgb_profile + np.random.default_rng(0).bytes(200_000)
    photo = dataclasses.replace(make_photo(), metadata=Metadata(icc=icc))
    assert read_photo(write_photo(photo, tmp_path / "a.jpg")).metadata.icc == icc


def test_comments_and_makers_segments_of_jpeg(tmp_path, make_photo, metadata):
    others = (("APP5", b"maker\0" + bytes(range(256))), ("APP1", b"FLIR\0heat"), ("COM", b"Gr\xfc\xdfe"))
    photo = dataclasses.replace(make_photo(), metadata=dataclasses.replace(metadata, others=others))
    again = read_photo(write_photo(photo, tmp_path / "a.jpg")).metadata
    assert again.others == others
    assert again.exif == metadata.exif
    assert "JPEG's comments and makers' segments" in not_kept(photo, Path("a.png"))[0]


def test_further_pictures_and_signatures_are_reported_and_dropped(tmp_path, astronaut):
    images = [Image.fromarray(astronaut), Image.fromarray(astronaut[:64])]
    images[0].save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=images[1:])
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[:2] + b"\xff\xeb\x00\x06JP\0\0" + data[2:])
    photo = read_photo(tmp_path / "a.jpg")
    assert "2 pictures" in photo.notes[0]
    assert "C2PA" in photo.notes[1]
    written = write_photo(photo, tmp_path / "b.jpg").read_bytes()
    assert b"MPF" not in written
    assert not jpeg.is_signed(written)


PNG_CHUNKS = (
    ("cICP", bytes([12, 13, 0, 1])),
    ("gAMA", struct.pack(">I", 45455)),
    ("cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)),
    ("tEXt", b"Author\0me"),
    ("iTXt", b"Title\0\0\0de\0Titel\0Gr\xc3\xbc\xc3\x9fe"),
)


@pytest.mark.parametrize("bits", [8, 16])
def test_colour_and_text_chunks_of_png(tmp_path, make_photo, bits):
    photo = dataclasses.replace(make_photo(bits=bits), metadata=Metadata(others=PNG_CHUNKS))
    path = write_photo(photo, tmp_path / "a.png")
    again = read_photo(path)
    assert again.metadata.others == PNG_CHUNKS
    np.testing.assert_array_equal(again.pixels, photo.pixels)
    names = [kind.decode() for kind, _ in chunks(path.read_bytes())]
    assert max(names.index(name) for name, _ in PNG_CHUNKS[:3]) < names.index("IDAT")
    said = not_kept(photo, Path("a.tif"))[0]
    assert "PNG's own description of its colours, PNG's texts" in said


def test_exif_and_xmp_in_imagemagicks_way(tmp_path, make_photo, make_exif):
    body = b"Exif\0\0" + make_exif()
    plain = write_photo(make_photo(), tmp_path / "a.png").read_bytes()
    pieces = []
    for name, block in (("exif", body), ("xmp", packet(b"a", b"x"))):
        text = (
            b"Raw profile type "
            + name.encode()
            + b"\0\0"
            + zlib.compress(f"\n{name}\n{len(block):8}\n{block.hex()}\n".encode())
        )
        pieces.append(struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text)))
    (tmp_path / "a.png").write_bytes(plain[:33] + b"".join(pieces) + plain[33:])
    found = read_photo(tmp_path / "a.png").metadata
    assert found.exif == make_exif()
    assert found.xmp == packet(b"a", b"x")
    assert found.others == ()


def test_losses_are_reported(make_photo, metadata):
    photo = dataclasses.replace(make_photo(bits=16, alpha=True), metadata=metadata)
    assert not_kept(photo, Path("a.tif")) == not_kept(photo, Path("a.png")) == not_kept(photo, Path("a.xyz")) == ()
    assert not_kept(photo, Path("a.webp")) == (
        "WebP has no place for IPTC, the resolution; left out.",
        "WebP holds 8 bits a sample; the photo has 16.",
    )
    assert not_kept(photo, Path("a.JPG")) == (
        "JPEG holds 8 bits a sample; the photo has 16.",
        "JPEG has no transparency; transparent parts became white.",
    )
    long = dataclasses.replace(metadata, exif=bytes(70000), iptc=bytes(70000), icc=b"x" * 16 + b"CMYK" + bytes(99))
    photo = dataclasses.replace(make_photo(), metadata=long)
    said = "JPEG has no place for EXIF, IPTC, a colour profile of another kind of picture; left out."
    assert not_kept(photo, Path("a.jpg")) == (said,)


def test_lights_beyond_white_come_back_on_top_of_the_result(tmp_path):
    from engine.photos.photo import Photo

    samples = np.linspace(-0.5, 9, 600, dtype=np.float32).reshape(10, 20, 3)
    samples[0, 0] = (np.nan, np.inf, -np.inf)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb")
    photo: Photo = read_photo(tmp_path / "a.tif")
    assert 0 <= photo.pixels.min() <= photo.pixels.max() <= 1
    assert "outside 0 to 1" in photo.notes[0]
    np.testing.assert_array_equal(tifffile.imread(write_photo(photo, tmp_path / "same.tif")), samples)
    darker = dataclasses.replace(photo, pixels=photo.pixels * np.float32(0.5))
    found = tifffile.imread(write_photo(darker, tmp_path / "darker.tif"))
    np.testing.assert_allclose(found[1:], (samples + (darker.pixels - photo.pixels))[1:], atol=1e-6)
    assert not_kept(photo, Path("a.png"))[-1] == "PNG holds no values outside 0 to 1; they were clipped."
    assert read_photo(write_photo(photo, tmp_path / "a.png")).pixels.max() == 1


def test_pages_and_conversions_are_reported(tmp_path, astronaut):
    with tifffile.TiffWriter(tmp_path / "pages.tif") as file:
        for _ in range(3):
            file.write(np.zeros((4, 4), np.uint8), photometric="minisblack")
    assert read_photo(tmp_path / "pages.tif").notes == ("This is page 1 of 3; the others are not kept.",)
    for suffix in (".jpg", ".tif"):
        Image.fromarray(astronaut).convert("CMYK").save(tmp_path / f"ink{suffix}")
        assert read_photo(tmp_path / f"ink{suffix}").notes == ("CMYK was converted to sRGB.",)
    out = io.BytesIO()
    frames = [Image.fromarray(astronaut), Image.fromarray(astronaut[::-1])]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    (tmp_path / "a.webp").write_bytes(out.getvalue())
    assert "2 pictures" in read_photo(tmp_path / "a.webp").notes[0]


def resource(number, body, name=b""):
    title = bytes([len(name)]) + name
    return (
        b"8BIM" + struct.pack(">H", number) + title + b"\0" * (len(title) % 2)
        + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
    )  # fmt: skip


def test_photoshops_resources(tmp_path, make_photo, metadata):
    copyright_mark, path = resource(0x040A, b"\1"), resource(0x07D0, bytes(range(256)) * 300, b"Path 1")
    old_thumbnail, iptc = resource(0x040C, b"old picture"), resource(0x0404, metadata.iptc)
    plain = write_photo(make_photo(), tmp_path / "a.jpg").read_bytes()
    bodies = copyright_mark + old_thumbnail + iptc + path
    parts = [bodies[:60000], bodies[60000:]]
    segments = [b"\xff\xed" + struct.pack(">H", len(part) + 16) + b"Photoshop 3.0\0" + part for part in parts]
    (tmp_path / "a.jpg").write_bytes(plain[:20] + b"".join(segments) + plain[20:])
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.metadata.resources == copyright_mark + path
    assert photo.metadata.iptc == metadata.iptc
    for suffix in (".tif", ".jpg"):
        again = read_photo(write_photo(dataclasses.replace(photo), tmp_path / f"b{suffix}")).metadata
        assert (again.resources, again.iptc) == (photo.metadata.resources, photo.metadata.iptc)
        assert not_kept(photo, Path(f"b{suffix}")) == ()
    assert "Photoshop's image resources" in not_kept(photo, Path("b.png"))[0]
