"""`--no-gps`: no coordinates in the output, wherever the file had them, in every format."""

from __future__ import annotations

import dataclasses
import shutil
import struct
import subprocess
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.photos import exif, places
from engine.photos.exif_places import without_places
from engine.photos.iptc import to_resources
from engine.photos.metadata import upright_metadata, without_gps
from engine.photos.photo import Metadata, Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

RDF = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%b</rdf:RDF></x:xmpmeta>'
LATITUDE, LONGITUDE = (48, 1, 8, 1, 1434, 100), (11, 1, 34, 1, 3189, 100)
NUMBERS = (b"48.1372", b"11.5755", b"48,8.23", b"1434", b"geo:", b"Latitude", b"latitude", b"GPS", b"Gps")


def rationals(order, values):
    return struct.pack(f"{order}{len(values)}I", *values)


def exif_with_gps(order="<", next_ifd=True, preamble=b"", orientation=6):
    """Return IFD0 with a maker, an orientation and a pointer to a GPS IFD, which comes before it."""
    gps = struct.pack(order + "H", 4)
    values_at = 8 + 2 + 12 * 4 + 4
    for tag, kind, count, field in (
        (1, 2, 2, b"N\0\0\0"),
        (2, 5, 3, struct.pack(order + "I", values_at)),
        (3, 2, 2, b"E\0\0\0"),
        (4, 5, 3, struct.pack(order + "I", values_at + 24)),
    ):
        gps += struct.pack(order + "HHI", tag, kind, count) + field
    gps += bytes(4) + rationals(order, LATITUDE) + rationals(order, LONGITUDE)
    maker_at = 8 + len(gps)
    first_at = maker_at + 8
    first = struct.pack(order + "H", 3)
    first += struct.pack(order + "HHII", 0x010F, 2, 7, maker_at)
    first += struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    first += struct.pack(order + "HHII", 0x8825, 4, 1, 8)
    magic = b"II*\0" if order == "<" else b"MM\0*"
    block = magic + struct.pack(order + "I", first_at) + gps + b"Camera\0\0" + first
    return preamble + block + (bytes(4) if next_ifd else b"")


def record(number, text):
    return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text


def resource(number, body):
    return b"8BIM" + struct.pack(">HHI", number, 0, len(body)) + body + b"\0" * (len(body) % 2)


def description(inner, attributes=b""):
    return RDF % (b'<rdf:Description rdf:about="" %b>%b</rdf:Description>' % (attributes, inner))


PLACES = {
    "exif": Metadata(exif=exif_with_gps()),
    "exif, big-endian": Metadata(exif=exif_with_gps(">")),
    "exif without the next IFD": Metadata(exif=exif_with_gps(next_ifd=False)),
    "exif with the prefix": Metadata(exif=exif_with_gps(preamble=b"Exif\0\0")),
    "exif with the prefix twice": Metadata(exif=exif_with_gps(preamble=b"Exif\0\0Exif\0\0")),
    "exif that cannot be parsed": Metadata(exif=b"??" + exif_with_gps()[2:]),
    "exif with a pointer of the wrong type": Metadata(exif=exif_with_gps().replace(b"\x25\x88\4\0", b"\x25\x88\2\0")),
    "exif with a second copy": Metadata(exif=exif_with_gps() + rationals("<", LATITUDE)),
    "xmp, exif": Metadata(
        xmp=description(b"", b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,8.23N"')
    ),
    "xmp, drone": Metadata(
        xmp=description(
            b"<drone-dji:GpsLongtitude>+11.5755</drone-dji:GpsLongtitude>",
            b'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" drone-dji:GpsLatitude="+48.1372" '
            b'drone-dji:AbsoluteAltitude="+1434.1"',
        )
    ),
    "xmp, other makers": Metadata(
        xmp=description(b"", b'xmlns:Camera="urn:p" Camera:Latitude="48.1372" Camera:LongitudeRef="E" Camera:x="1"')
    ),
    "xmp, geo": Metadata(
        xmp=description(
            b"<p:lat>48.1372</p:lat><p:long>11.5755</p:long>", b'xmlns:p="http://www.w3.org/2003/01/geo/wgs84_pos#"'
        )
    ),
    "xmp, tags": Metadata(
        xmp=description(
            b"<dc:subject><rdf:Bag><rdf:li>tree</rdf:li><rdf:li>geo:lat=48.1372</rdf:li></rdf:Bag></dc:subject>",
            b'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        )
    ),
    "xmp, caption": Metadata(xmp=description(b"<a:b>At 48.1372, 11.5755.</a:b>", b'xmlns:a="urn:a"')),
    "xmp that is none": Metadata(xmp=b'<rdf:RDF drone-dji:GpsLatitude="+48.1372"'),
    "xmp in 16 bits": Metadata(
        xmp=description(b"", b'xmlns:a="urn:a" a:Latitude="48.1372"').decode().encode("utf-16")
    ),
    "iptc": Metadata(iptc=record(0x19, b"geo:lat=48.1372") + record(0x78, b"A tree at 48.1372 N, 11.5755 E")),
    "iptc with a long record": Metadata(
        iptc=b"\x1c\x02\x78\x80\x04" + struct.pack(">I", 40007) + b"48.1372, 11.5755".rjust(40007)
    ),
    "resource, exif": Metadata(resources=resource(0x0422, exif_with_gps()) + resource(0x040A, b"\1")),
    "resource, xmp": Metadata(resources=resource(0x0424, b'<a exif:GPSLatitude="48,8.23N"/>')),
    "comment": Metadata(others=(("COM", b"48.1372, 11.5755"),)),
    "maker's segment": Metadata(others=(("APP6", b"GoPro GPS 48.1372"),)),
    "png, text": Metadata(others=(("tEXt", b"exif:GPSLatitude\x0048/1, 8/1, 1434/100"),)),
    "png, packed text": Metadata(others=(("zTXt", b"exif:GPSLongitude\0\0" + zlib.compress(b"11.5755")),)),
    "png, comment": Metadata(others=(("iTXt", b"Comment\0\0\0\0\0lat 48.1372 lon 11.5755"),)),
    "png, text that cannot be unpacked": Metadata(others=(("zTXt", b"Comment\0\0" + b"GPS 48.1372"),)),
}


def photo_with(metadata):
    return Photo(np.full((24, 24, 3), 0.5, np.float32), metadata=metadata)


def unpacked(path):
    """Return all data of a file: its bytes, unpacked PNG chunks, and EXIF, XMP and IPTC as read."""
    found = read_photo(path).metadata
    blocks = [found.exif, found.xmp, found.iptc, found.resources, *(body for _, body in found.others)]
    whole = path.read_bytes() + b"".join(filter(None, blocks))
    return whole + whole.replace(b"\0", b"")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
@pytest.mark.parametrize("place", PLACES)
def test_no_coordinates_come_out(tmp_path, place, suffix):
    out = write_photo(photo_with(PLACES[place]), tmp_path / f"a{suffix}", gps=False)
    held = unpacked(out)
    for order in "<>":
        assert rationals(order, LATITUDE) not in held and rationals(order, LONGITUDE) not in held
    assert not [number for number in NUMBERS if number in held]
    if shutil.which("exiftool"):
        output = subprocess.run(["exiftool", "-a", "-G1", "-n", out], capture_output=True, check=False).stdout
        assert not [number for number in (b"48.13", b"11.57", b"GPSL", b"Latitude") if number in output]


def test_texts_without_a_place_stay():
    others = (("tEXt", b"Comment\0the sea"), ("COM", b"f/2.8, 1/500 s"), ("tEXt", b"Software\x001.2.3456"))
    records = record(0x5A, b"Munich") + record(0x78, b"17.5.2024, 12:30") + record(0x05, b"")
    packet = description(b"<a:b>1/500 s, f/2.8</a:b>", b'xmlns:a="urn:a" a:Pitch="-12.5" a:Copyright="me, 2024.1234"')
    plain = Metadata(xmp=packet, iptc=records, others=others, resources=resource(0x040A, b"\1"))
    assert without_gps(plain) == plain


def test_only_places_are_removed():
    cleaned = without_gps(PLACES["xmp, drone"]).xmp
    assert cleaned == description(b"", b'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"').replace(
        b'/1.0/">', b'/1.0/">'
    )
    assert b"tree" in without_gps(PLACES["xmp, tags"]).xmp
    assert without_gps(PLACES["iptc"]).iptc == record(0x78, b"A tree at")
    block = without_gps(Metadata(exif=exif_with_gps())).exif
    assert b"Camera" in block and exif.orientation(block) == 6
    assert without_gps(PLACES["resource, exif"]).resources == resource(0x040A, b"\1")


COORDINATES = [
    b"48.1372, 11.5755",
    b"48.1372 11.5755",
    b"-33.8568;151.2153",
    b"geo:48.1372,11.5755",
    b"GPS lat: 48.1372",
    b"longitude=11.5755",
    b"+48.1372+011.5755/",
    "48°8'14\"N 11°34'31\"E".encode(),
    "48° 8.23′ N, 11° 34.5′ E".encode(),
    b"48,8.23'N",
    b"48&#176;8'14\" N",
]
OTHERS = [
    b"f/2.8",
    b"1/500 s at ISO 100",
    b"3.14159",
    b"2024:05:17 12:30:11",
    b"10,000 and 2.5",
    b"+1 -2",
    b"v1.2.3456",
]


@pytest.mark.parametrize("text", COORDINATES)
def test_coordinates_are_known(text):
    assert places.tells_place(text)
    assert len(places.blanked(text)) == len(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_none(text):
    assert not places.tells_place(text) and places.blanked(text) == text


def with_exif(container, block, tmp_path):
    """Return a file of that container with exactly this EXIF block."""
    image = Image.fromarray(np.arange(24 * 32 * 3, dtype=np.uint8).reshape(24, 32, 3))
    path = tmp_path / f"in{container}"
    image.save(path, **({"quality": 95} if container == ".jpg" else {}))
    data = path.read_bytes()
    if container == ".jpg":
        body = b"Exif\0\0" + block
        data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
    elif container == ".png":
        chunk = struct.pack(">I", len(block)) + b"eXIf" + block + struct.pack(">I", zlib.crc32(b"eXIf" + block))
        data = data[:33] + chunk + data[33:]
    elif container == "raw.png":
        text = b"\nexif\n%8d\n" % len(block) + block.hex().encode() + b"\n"
        body = b"Raw profile type exif\0\0" + zlib.compress(text)
        chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
        data = data[:33] + chunk + data[33:]
    else:
        image.save(path, exif=block)
        data = path.read_bytes()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("container", [".jpg", ".png", "raw.png", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("next_ifd", [True, False])
@pytest.mark.parametrize("preamble", [b"", b"Exif\0\0", b"Exif\0\0Exif\0\0"])
def test_exif_that_is_slightly_off_turns_the_photo_and_gives_the_place_away(
    tmp_path, container, orientation, next_ifd, preamble
):
    path = with_exif(container, exif_with_gps("<", next_ifd, preamble, orientation), tmp_path)
    photo = read_photo(path)
    assert photo.size == ((24, 32) if orientation > 4 else (32, 24))
    assert b"Camera" in photo.metadata.exif and rationals("<", LATITUDE) in photo.metadata.exif
    from app.window.photos.thumbnails import thumbnail

    small = thumbnail(path)
    assert (small.width(), small.height()) == photo.size
    out = write_photo(photo, tmp_path / "out.jpg", gps=False)
    assert rationals("<", LATITUDE) not in out.read_bytes()
    with Image.open(out) as image:
        assert image.getexif().get(0x0112) == 1 and image.getexif().get(0x010F) == "Camera"


def test_a_photo_that_is_copied_as_it_is_keeps_its_place_only_where_it_may(tmp_path):
    path = with_exif(".jpg", exif_with_gps(next_ifd=False), tmp_path)
    assert write_photo(read_photo(path), tmp_path / "a.jpg").read_bytes() == path.read_bytes()
    out = write_photo(read_photo(path), tmp_path / "b.jpg", gps=False)
    assert rationals("<", LATITUDE) not in out.read_bytes()


def test_the_place_of_a_tiff_and_its_map(tmp_path):
    scale = (0.5, 0.5, 0.0)
    extra = [
        (33550, 12, 3, scale, True),
        (34737, 2, 8, b"WGS 84|\0", True),
        (270, 2, 17, b"48.1372, 11.5755\0", True),
    ]
    tifffile.imwrite(
        tmp_path / "a.tif", np.zeros((8, 8, 3), np.uint8), photometric="rgb", extratags=extra, metadata=None
    )
    kept = write_photo(photo_with(read_photo(tmp_path / "a.tif").metadata), tmp_path / "b.tif").read_bytes()
    assert struct.pack("<3d", *scale) in kept
    out = write_photo(photo_with(read_photo(tmp_path / "a.tif").metadata), tmp_path / "c.tif", gps=False).read_bytes()
    assert struct.pack("<3d", *scale) not in out and b"WGS 84" not in out and b"48.1372" not in out


def test_exif_within_resources_says_upright_too():
    block, other = exif_with_gps(), resource(0x040A, b"\1")
    metadata = Metadata(resources=resource(0x0422, block) + other)
    turned, _ = upright_metadata(metadata)
    assert turned.resources == resource(0x0422, exif_with_gps(orientation=1)) + other


def test_iptc_in_a_resource_of_exif_is_cleaned():
    tagged = record(0x78, b"48.1372, 11.5755")
    for tag, value in ((33723, tagged), (34377, to_resources(tagged)), (700, PLACES["xmp, exif"].xmp)):
        block = (
            b"II*\0" + struct.pack("<IHHHII", 8, 2, tag, 7, len(value), 38) + struct.pack("<HHIHH", 274, 3, 1, 6, 0)
        )
        whole = block + bytes(4) + value
        cleaned = without_places(whole)
        assert len(cleaned) == len(whole) and b"48" not in cleaned


def test_a_block_whose_gps_entry_leads_beyond_it_is_not_passed_on():
    block = bytearray(exif_with_gps())
    block[-7] = 1  # the second byte of the offset
    assert rationals("<", LATITUDE) in block and without_places(bytes(block)) is None


@given(st.data())
def test_the_place_never_comes_out_of_damaged_blocks(data):
    block = bytearray(exif_with_gps(data.draw(st.sampled_from("<>"))))
    header = data.draw(st.integers(0, 1))
    for at in data.draw(st.lists(st.integers(header, 7) | st.integers(128, len(block) - 1), max_size=3)):
        block[at] = data.draw(st.integers(0, 255))
    cut = bytes(block[: data.draw(st.integers(100, len(block)))])
    cleaned = without_gps(upright_metadata(Metadata(exif=cut))[0]).exif or b""
    pointer = exif.first_directory(cut)
    if pointer and pointer.find(exif.GPS_IFD) is not None:
        assert rationals("<", LATITUDE) not in cleaned and rationals(">", LATITUDE) not in cleaned


def test_a_photo_changed_by_the_engine_is_distinguished(tmp_path):
    photo = dataclasses.replace(photo_with(Metadata(exif=exif_with_gps())), path=tmp_path / "a.jpg")
    assert rationals("<", LATITUDE) in write_photo(photo, tmp_path / "a.jpg").read_bytes()
