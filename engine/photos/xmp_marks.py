"""Puts a colour label, a rating and keywords into an XMP packet; what somebody else put there stays.

XMP specification part 1, section 7 (RDF), and part 2, section 1.2.1 (xmp:Label, xmp:Rating) and 1.1 (dc:subject). All
else in the packet stays byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from engine.errors import TranslatableError
from engine.photos.xmp import END_OF_RDF, last, well_formed

NAMESPACE = "http://ns.adobe.com/xap/1.0/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
EMPTY_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n</rdf:RDF>\n'
    b'</x:xmpmeta>\n<?xpacket end="w"?>\n'
)
_ITEM = re.compile(rb"\s*<(?P<tag>\w+:li)\b[^<>]*>(?P<text>[^<>]*)</(?P=tag)\s*>")


class NoXmpError(TranslatableError):
    """The packet cannot be understood; nothing was changed."""


@dataclass(frozen=True)
class Marks:
    """What is to be written; None or () for nothing. family: keywords that begin so are this program's own."""

    label: str | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    family: str = ""


def with_marks(packet: bytes | None, marks: Marks) -> tuple[bytes, tuple[str, ...]]:
    """Return a packet with the marks, and the names of those ("label", "rating") that it had and keeps.

    packet: None for a new one. Keywords of the family are replaced, others stay. Raise NoXmpError for a packet
    that is no XMP in UTF-8.
    """
    packet = EMPTY_PACKET if packet is None else packet
    if last(END_OF_RDF, packet) is None or not well_formed(packet.strip(b"\0 \n\r\t\xef\xbb\xbf")):
        raise NoXmpError("it is no XMP that can be understood")
    wanted = {"Label": marks.label, "Rating": None if marks.rating is None else str(marks.rating)}
    kept = tuple(name.lower() for name, value in wanted.items() if value is not None and _has(packet, name))
    new = {name: value for name, value in wanted.items() if value is not None and name.lower() not in kept}
    packet = _without_empty(packet, tuple(new))
    words = marks.keywords
    if words and (bag := _bag(packet)):
        packet, words = _with_items(packet, bag, marks), ()
    made = _described(packet, new, words)
    if not well_formed(made.strip(b"\0 \n\r\t\xef\xbb\xbf")):
        raise NoXmpError("it is no XMP that can be understood")
    return made, kept


def _prefix(packet: bytes, namespace: str, usual: bytes) -> bytes:
    """Return a pattern of the prefixes that stand for a namespace."""
    found = re.findall(rb"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(namespace.encode()) + rb"[\"']", packet)
    return b"(?:" + b"|".join(sorted({re.escape(name) for name in [usual, *found]})) + b")"


def _property(packet: bytes, name: str) -> tuple[bytes, bytes]:
    """Return the patterns of a property of xmp: as an attribute, and as an element; the value is group 1."""
    full = _prefix(packet, NAMESPACE, b"xmp") + b":" + name.encode()
    return rb"\s" + full + rb"\s*=\s*[\"']([^\"'<>]*)[\"']", rb"<" + full + rb"\s*>([^<>]*)</" + full + rb"\s*>"


def _has(packet: bytes, name: str) -> bool:
    """Whether somebody gave the property a value; a rating of 0 means that there is none."""
    values = [value.strip() for pattern in _property(packet, name) for value in re.findall(pattern, packet)]
    return any(value and not (name == "Rating" and value == b"0") for value in values)


def _without_empty(packet: bytes, names: tuple[str, ...]) -> bytes:
    """Return the packet without properties of no value that are written anew: none may stand twice."""
    for name in names:
        for pattern in _property(packet, name):
            packet = re.sub(pattern, b"", packet)
    return packet


def _bag(packet: bytes) -> re.Match[bytes] | None:
    """Return the keywords: group 1 is what comes before the items, 2 the items, 3 the end of the list."""
    subject = _prefix(packet, DUBLIN_CORE, b"dc") + b":subject"
    return re.search(
        rb"(<" + subject + rb"\s*>\s*<\w+:(?:Bag|Seq)\s*>)(.*?)(\s*</\w+:(?:Bag|Seq)\s*>\s*</" + subject + rb"\s*>)",
        packet,
        re.DOTALL,
    )


def _with_items(packet: bytes, bag: re.Match[bytes], marks: Marks) -> bytes:
    own = marks.family.encode()
    items = bag[2]
    tag = found["tag"] if (found := _ITEM.search(items)) else _tag(packet)
    if own:
        items = _ITEM.sub(lambda item: b"" if item["text"].strip().startswith(own) else item[0], items)
    has = {item["text"].strip() for item in _ITEM.finditer(items)}
    added = b"".join(_item(tag, word) for word in marks.keywords if escape(word).encode() not in has)
    return packet[: bag.start(2)] + items + added + packet[bag.start(3) :]


def _tag(packet: bytes) -> bytes:
    end = last(END_OF_RDF, packet)
    return (end[1] if end else b"rdf") + b":li"


def _item(tag: bytes, word: str) -> bytes:
    return b"\n<%b>%b</%b>" % (tag, escape(word).encode(), tag)


def _described(packet: bytes, values: dict[str, str], words: tuple[str, ...]) -> bytes:
    """Return the packet with what is new as a description of its own at the end."""
    end = last(END_OF_RDF, packet)
    if end is None or not (values or words):
        return packet
    rdf = end[1]
    inner = b"".join(
        b"<xmp:%b>%b</xmp:%b>\n" % (n.encode(), escape(v).encode(), n.encode()) for n, v in values.items()
    )
    if words:
        items = b"".join(_item(rdf + b":li", word) for word in words)
        inner += b"<dc:subject><%b:Bag>%b\n</%b:Bag></dc:subject>\n" % (rdf, items, rdf)
    opening = b'<%b:Description %b:about="" xmlns:xmp="%b" xmlns:dc="%b">\n' % (
        rdf, rdf, NAMESPACE.encode(), DUBLIN_CORE.encode(),
    )  # fmt: skip
    return packet[: end.start()] + opening + inner + b"</%b:Description>\n" % rdf + packet[end.start() :]
