"""Labels, ratings and keywords go into XMP beside what is there already."""

from xml.etree import ElementTree

import pytest

from engine.photos.xmp_marks import Marks, NoXmpError, with_marks

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP, DC = "{http://ns.adobe.com/xap/1.0/}", "{http://purl.org/dc/elements/1.1/}"
DARKTABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"
    xmlns:darktable="http://darktable.sf.net/" xmp:Rating="4" darktable:history_end="3">
   <d:subject>
    <rdf:Bag>
     <rdf:li>holiday</rdf:li>
     <rdf:li>acutance:sharp</rdf:li>
    </rdf:Bag>
   </d:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""
MARKS = Marks("Yellow", 2, ("acutance:shaken", "acutance:can be saved"), "acutance:")


def properties(packet):
    """Return the values of label and rating, and the keywords, as a reader of XMP finds them."""
    root = ElementTree.fromstring(packet.strip())
    values = {}
    for name in ("Label", "Rating"):
        values[name] = [e.text for e in root.iter(XMP + name)]
        values[name] += [d.get(XMP + name) for d in root.iter(RDF + "Description") if d.get(XMP + name)]
    words = [item.text for subject in root.iter(DC + "subject") for item in subject.iter(RDF + "li")]
    return values["Label"], values["Rating"], words


def test_a_new_packet_holds_all_marks():
    packet, kept = with_marks(None, MARKS)
    assert properties(packet) == (["Yellow"], ["2"], ["acutance:shaken", "acutance:can be saved"])
    assert kept == ()


def test_what_somebody_set_stays_and_the_rest_is_added():
    packet, kept = with_marks(DARKTABLE, MARKS)
    assert properties(packet) == (["Yellow"], ["4"], ["holiday", "acutance:shaken", "acutance:can be saved"])
    assert kept == ("rating",)
    assert b'darktable:history_end="3"' in packet


def test_marking_twice_changes_nothing():
    once, _ = with_marks(DARKTABLE, MARKS)
    twice, kept = with_marks(once, MARKS)
    assert twice == once and kept == ("label", "rating")


def test_a_rating_of_0_counts_as_none():
    packet, kept = with_marks(DARKTABLE.replace(b'Rating="4"', b'Rating="0"'), MARKS)
    assert properties(packet)[1] == ["2"] and kept == ()


def test_nothing_asked_nothing_changed():
    assert with_marks(DARKTABLE, Marks()) == (DARKTABLE, ())


def test_signs_of_xml_in_keywords_are_escaped():
    packet, _ = with_marks(None, Marks(keywords=("a<b & c",)))
    assert properties(packet)[2] == ["a<b & c"]


@pytest.mark.parametrize(
    "packet",
    [b"", b"plain text", DARKTABLE[:300], DARKTABLE.decode().encode("utf-16"), b"<!DOCTYPE x><x/>" + DARKTABLE],
)
def test_what_is_no_xmp_is_refused(packet):
    with pytest.raises(NoXmpError):
        with_marks(packet, MARKS)
