"""The note about the restoration, in XMP."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree

from engine.photos.history import NAMESPACE, note, noted
from engine.photos.photo import Metadata
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LIGHTROOM = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<r:RDF xmlns:r="{RDF}"><r:Description r:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>é &amp; 🙂</dc:title></r:Description></r:RDF></x:xmpmeta>" + " " * 200 + '<?xpacket end="w"?>'
).encode()


def notes(packet):
    root = ElementTree.fromstring(packet)
    return [item.text for item in root.findall(f".//{{{NAMESPACE}}}History/{{{RDF}}}Seq/{{{RDF}}}li")]


def test_a_packet_is_made_where_there_is_none():
    metadata = noted(Metadata(icc=b"profile"), "wrfn", 1.0)
    assert notes(metadata.xmp) == [note("wrfn", 1.0)]
    assert metadata.icc == b"profile"
    assert note("wrfn", 1.0).endswith(", method wrfn, strength 1.00")


def test_the_rest_of_a_packet_stays_byte_for_byte():
    packet = noted(Metadata(xmp=LIGHTROOM), "wrfn", 0.5).xmp
    at = next(at for at, (a, b) in enumerate(zip(packet, LIGHTROOM, strict=False)) if a != b)
    tail = len(LIGHTROOM) - at
    assert packet[:at] + packet[-tail:] == LIGHTROOM
    assert notes(packet) == [note("wrfn", 0.5)]
    assert "é & 🙂" in "".join(ElementTree.fromstring(packet).itertext())


def test_notes_add_up_in_order():
    metadata = Metadata(xmp=LIGHTROOM)
    for strength in (0.1, 0.2, 0.3):
        metadata = noted(metadata, "a<b>&", strength)
    assert notes(metadata.xmp) == [note("a<b>&", strength) for strength in (0.1, 0.2, 0.3)]


def test_a_packet_that_cannot_be_understood_is_left_alone(caplog):
    odd = Metadata(xmp="<rdf:RDF></rdf:RDF>".encode("utf-16"))
    assert noted(odd, "wrfn", 1.0) == odd
    assert "cannot be understood" in caplog.text


def test_the_note_reaches_the_file(tmp_path, make_photo, metadata):
    for suffix in (".jpg", ".png", ".tif", ".webp"):
        photo = dataclasses.replace(make_photo(), metadata=noted(Metadata(exif=metadata.exif), "wrfn", 1.0))
        again = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata
        assert notes(again.xmp) == [note("wrfn", 1.0)]
        assert again.exif == metadata.exif
