"""Changes XMP packets as text; everything else stays byte for byte.

XMP specification part 1 (ISO 16684-1) for the packet, part 3, section 1.1.3.1, for packets in two parts.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect
from xml.etree import ElementTree
from xml.parsers import expat

from engine.photos.photo import Metadata
from engine.photos.places import NAME, blanked

END_OF_RDF = re.compile(rb"</(\w+):RDF\s*>")
_BEGIN_OF_RDF = re.compile(rb"<(\w+):RDF\b[^<>]*>")
_EXTENDED = re.compile(rb"(\w+:HasExtendedXMP\s*(?:=\s*[\"']|>)\s*)([0-9A-Fa-f]{32})")
_EXTENDED_PROPERTY = re.compile(
    rb"(?<!\s)\s+\w+:HasExtendedXMP\s*=\s*(?:\"[^\"]*\"|'[^']*')|<(\w+):HasExtendedXMP>[^<]*</\1:HasExtendedXMP>"
)
_WRAPPER = re.compile(rb"<\?xpacket\b[^<>]*\?>\s*")
_POINTER = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="%s"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
_GEO_PREFIX = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']http://www\.w3\.org/2003/01/geo/wgs84_pos#[\"']")
_TEXT = re.compile(rb">[^<>]+<|(?<==)\s*\"[^\"<]*\"|(?<==)\s*'[^'<]*'")
_FILM = re.compile(rb"(\b\w+:(?:MotionPhoto|MicroVideo)(?:\s*=\s*[\"']|>))1(?=[\"'<])")
_VALUE = rb"(?:\s*=\s*[\"']|>)\s*)\d+"
_WIDTH = re.compile(rb"(\b(?:tiff:ImageWidth|exif:PixelXDimension)" + _VALUE)
_HEIGHT = re.compile(rb"(\b(?:tiff:ImageLength|exif:PixelYDimension)" + _VALUE)


def with_size(packet: bytes, width: int, height: int) -> bytes:
    """Return the packet with the picture's size set wherever tiff: and exif: state it."""
    return _HEIGHT.sub(rb"\g<1>%d" % height, _WIDTH.sub(rb"\g<1>%d" % width, packet))


def without_gps(packet: bytes) -> bytes | None:
    """Return the packet without properties that hold a place (any namespace), and without coordinates in its texts.

    Return None if it is no XML, because unparsed text may hold anything. Places in words stay.
    """
    if not _is_xml(packet):
        return None
    prefix, value = rb"[\w.-]+:", rb"\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')"
    geo = b"|".join(re.escape(name) for name in {b"geo", *_GEO_PREFIX.findall(packet)})
    name = rb"(?:" + prefix + NAME + rb"|(?:" + geo + rb"):(?i:lat|lon|long|lng|alt|lat_long|point))"
    packet = re.sub(rb"(?<!\s)\s+(?!xmlns:)" + name + value, b"", packet)
    return _TEXT.sub(lambda text: blanked(text[0]), without_elements(packet, name))


def without_elements(packet: bytes, name: bytes) -> bytes:
    """The packet without elements of a name, a pattern; in one pass, whatever a hostile packet leaves open."""
    packet = re.sub(rb"<" + name + rb"(?:\s[^<>]*)?/>", b"", packet)
    ends: dict[bytes, list[tuple[int, int]]] = {}
    for end in re.finditer(rb"</(" + name + rb")\s*>", packet):
        ends.setdefault(end[1], []).append(end.span())
    kept, position = [], 0
    for begin in re.finditer(rb"<(" + name + rb")(?:\s[^<>]*)?>", packet):
        closing = ends.get(begin[1], [])
        at = bisect(closing, (begin.end(), 0))
        if begin.start() >= position and at < len(closing):
            kept.append(packet[position : begin.start()])
            position = closing[at][1]
    return b"".join([*kept, packet[position:]])


def has_film(packet: bytes) -> bool:
    """Whether it states that a film follows the photo: Google's motion photo, or the older micro video."""
    return _FILM.search(packet) is not None


def without_film(packet: bytes) -> bytes:
    """Return the packet without the statement that a film follows."""
    return _FILM.sub(rb"\g<1>0", packet)


def extended_id(packet: bytes) -> bytes | None:
    """Return the name of the second packet that this one refers to: 32 hexadecimal digits."""
    found = _EXTENDED.search(packet)
    return found[2].upper() if found else None


def digest(extended: bytes) -> bytes:
    """Return the name of a second packet: its MD5, as the specification requires."""
    return hashlib.md5(extended, usedforsecurity=False).hexdigest().upper().encode()


def in_parts(metadata: Metadata, room: int) -> tuple[bytes | None, bytes | None]:
    """Return the first packet, of at most `room` bytes, and the second one if it is needed."""
    packet, extended = metadata.xmp, metadata.xmp_extended
    if packet and len(packet) > room:
        extended = _WRAPPER.sub(b"", in_one(metadata) or packet).strip()
        packet = _POINTER % digest(extended)
    elif packet and extended:
        packet = _EXTENDED.sub(rb"\g<1>" + digest(extended), packet)
    return packet, extended


def in_one(metadata: Metadata) -> bytes | None:
    """Return both packets as one, for formats without a limit; only the first if they cannot be joined."""
    packet, extended = metadata.xmp, metadata.xmp_extended
    if not packet or not extended:
        return packet
    begin, inner_end = _BEGIN_OF_RDF.search(extended), last(END_OF_RDF, extended)
    end = last(END_OF_RDF, packet)
    if begin is None or inner_end is None or end is None or begin[1] != end[1]:
        return packet
    joined = packet[: end.start()] + extended[begin.end() : inner_end.start()] + packet[end.start() :]
    joined = _EXTENDED_PROPERTY.sub(b"", joined)
    return joined if well_formed(joined) else packet


def last(pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes] | None:
    """Return the pattern's last match."""
    return next(reversed(list(pattern.finditer(text))), None)


def _is_xml(packet: bytes) -> bool:
    """Whether it is XML in UTF-8 without declarations; prefixes are not checked."""
    plain = packet.replace(b"<![CDATA[", b"").replace(b"<!--", b"")
    if b"\0" in packet.rstrip(b"\0") or b"<!" in plain:
        return False
    try:
        expat.ParserCreate("utf-8").Parse(packet.strip(b"\0 \n\r\t\xef\xbb\xbf"), True)
    except expat.ExpatError:
        return False
    return True


def well_formed(packet: bytes) -> bool:
    """Whether it is well-formed XML: it is not if a prefix was declared outside the joined parts."""
    if b"<!" in packet.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
        return False  # no packet declares entities, except to fill the memory
    try:
        ElementTree.fromstring(packet)
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return True
