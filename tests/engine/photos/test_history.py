"""The history of a result, in XMP's own words."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

from engine.photos.history import EVENT, NAMESPACE, REFERENCE, Step, noted
from engine.photos.metadata import without_gps
from engine.photos.photo import Metadata
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.program import own_version

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LIGHTROOM = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<r:RDF xmlns:r="{RDF}"><r:Description r:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>é &amp; 🙂</dc:title></r:Description></r:RDF></x:xmpmeta>" + " " * 200 + '<?xpacket end="w"?>'
).encode()
OF_OTHERS = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">
<rdf:Description rdf:about="" xmlns:mm="{NAMESPACE}" xmlns:stEvt="{EVENT}" xmlns:stRef="{REFERENCE}"
 mm:DocumentID="xmp.did:1" mm:InstanceID="xmp.iid:2">
<mm:DerivedFrom stRef:documentID="xmp.did:0"/>
<mm:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:instanceID="xmp.iid:2"/></rdf:Seq></mm:History>
</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()
STEP = Step("wrfn", 1.0)


def events(packet):
    root = ElementTree.fromstring(packet)
    return [item.attrib for item in root.findall(f".//{{{NAMESPACE}}}History/{{{RDF}}}Seq/{{{RDF}}}li")]


def parameters(packet):
    return [event[f"{{{EVENT}}}parameters"] for event in events(packet)]


def origins(packet):
    return [found.attrib for found in ElementTree.fromstring(packet).iter(f"{{{NAMESPACE}}}DerivedFrom")]


def test_a_packet_is_made_where_there_is_none():
    metadata = noted(Metadata(icc=b"profile"), STEP, "photo.tif")
    (event,) = events(metadata.xmp)
    assert event[f"{{{EVENT}}}parameters"] == "method wrfn, strength 1.00"
    assert event[f"{{{EVENT}}}softwareAgent"] == f"Acutance {own_version()}"
    assert event[f"{{{EVENT}}}action"] == "edited"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", event[f"{{{EVENT}}}when"])
    assert origins(metadata.xmp) == [{f"{{{REFERENCE}}}filePath": "photo.tif"}]
    assert metadata.icc == b"profile"


def test_a_step_says_kernel_and_fine_detail():
    assert Step("l0-deconv", 0.5, (21, 15), True).parameters == (
        "method l0-deconv, strength 0.50, kernel 21 x 15 px, fine detail only"
    )


def test_the_rest_of_a_packet_stays_byte_for_byte():
    packet = noted(Metadata(xmp=LIGHTROOM), STEP, "photo.tif").xmp
    at = next(at for at, (a, b) in enumerate(zip(packet, LIGHTROOM, strict=False)) if a != b)
    tail = len(LIGHTROOM) - at
    assert packet[:at] + packet[-tail:] == LIGHTROOM
    assert parameters(packet) == [STEP.parameters]
    assert "é & 🙂" in "".join(ElementTree.fromstring(packet).itertext())


def test_steps_add_up_in_order():
    metadata = Metadata(xmp=LIGHTROOM)
    steps = [Step('a<b>&"c"', strength) for strength in (0.1, 0.2, 0.3)]
    for step in steps:
        metadata = noted(metadata, step, "photo.tif")
    assert parameters(metadata.xmp) == [step.parameters for step in steps]
    assert len(origins(metadata.xmp)) == 1


def test_the_history_of_other_programs_goes_on():
    packet = noted(Metadata(xmp=OF_OTHERS), STEP, "photo.tif").xmp
    actions = [event[f"{{{EVENT}}}action"] for event in events(packet)]
    assert actions == ["saved", "edited"]
    assert origins(packet) == [
        {
            f"{{{REFERENCE}}}documentID": "xmp.did:1",
            f"{{{REFERENCE}}}instanceID": "xmp.iid:2",
            f"{{{REFERENCE}}}filePath": "photo.tif",
        }
    ]
    description = ElementTree.fromstring(packet).find(f".//{{{RDF}}}Description")
    own = description.attrib[f"{{{NAMESPACE}}}InstanceID"]
    assert own.startswith("xmp.iid:") and own != "xmp.iid:2"
    assert description.attrib[f"{{{NAMESPACE}}}DocumentID"] == "xmp.did:1"
    assert events(packet)[-1][f"{{{EVENT}}}instanceID"] == own


def test_a_history_in_the_second_packet_goes_on_there():
    metadata = noted(Metadata(xmp=LIGHTROOM, xmp_extended=OF_OTHERS), STEP, "photo.jpg")
    assert [event[f"{{{EVENT}}}action"] for event in events(metadata.xmp_extended)] == ["saved", "edited"]
    assert events(metadata.xmp) == [] and len(origins(metadata.xmp)) == 1 and origins(metadata.xmp_extended) == []


def test_an_empty_history_is_replaced():
    empty = OF_OTHERS.replace(b'<rdf:Seq><rdf:li stEvt:action="saved" stEvt:instanceID="xmp.iid:2"/></rdf:Seq>', b"")
    assert parameters(noted(Metadata(xmp=empty), STEP).xmp) == [STEP.parameters]


@pytest.mark.parametrize("name", ["a\udcff\n\x01.tif", 'é "日本" & <b>.tif'])
def test_any_file_name_makes_a_packet_that_can_be_read(name):
    packet = noted(Metadata(), STEP, name).xmp
    (origin,) = origins(packet)
    assert origin[f"{{{REFERENCE}}}filePath"] == "".join(sign if sign.isprintable() else "?" for sign in name)


def test_leaving_out_the_place_keeps_the_history():
    metadata = noted(Metadata(), Step("wrfn", 0.5, (21, 15)), "photo.tif")
    assert without_gps(metadata).xmp == metadata.xmp


def test_a_packet_that_cannot_be_understood_is_left_alone(caplog):
    odd = Metadata(xmp="<rdf:RDF></rdf:RDF>".encode("utf-16"))
    assert noted(odd, STEP) == odd
    assert "cannot be understood" in caplog.text


def test_the_history_reaches_the_file(tmp_path, make_photo, metadata):
    for suffix in (".jpg", ".png", ".tif", ".webp"):
        photo = dataclasses.replace(make_photo(), metadata=noted(Metadata(exif=metadata.exif), STEP, "a.tif"))
        again = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata
        assert parameters(again.xmp) == [STEP.parameters]
        assert again.exif == metadata.exif
