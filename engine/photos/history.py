"""Writes a note about the restoration into XMP; everything else in the packet stays byte for byte.

XMP specification part 1 (ISO 16684-1): a property of our own namespace, an ordered list with one item per run.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from xml.sax.saxutils import escape

from engine.photos.photo import Metadata
from engine.photos.xmp import END_OF_RDF, last
from engine.program import own_version

_log = logging.getLogger(__name__)

NAMESPACE = "urn:acutance:xmp:1.0/"
_END_OF_LIST = re.compile(rb"</(\w+):Seq>\s*</acutance:History>")
_EMPTY_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n</rdf:RDF>\n'
    b'</x:xmpmeta>\n<?xpacket end="w"?>'
)


def note(method: str, strength: float) -> str:
    """Return the note: program, version, method and strength."""
    return f"Acutance {own_version() or 'unknown'}, method {method}, strength {strength:.2f}"


def noted(metadata: Metadata, method: str, strength: float) -> Metadata:
    """Return the metadata with the note appended to acutance:History; make a packet if there is none.

    A packet that is not UTF-8 XMP stays unchanged, and a warning is logged.
    """
    packet = metadata.xmp or _EMPTY_PACKET
    line = escape(note(method, strength)).encode()
    if found := _END_OF_LIST.search(packet):
        added = b"<%b:li>%b</%b:li>" % (found[1], line, found[1])
    elif found := last(END_OF_RDF, packet):
        added = _description(found[1], line)
    else:
        _log.warning("the XMP packet cannot be understood; no history note was added")
        return metadata
    return dataclasses.replace(metadata, xmp=packet[: found.start()] + added + packet[found.start() :])


def _description(rdf: bytes, line: bytes) -> bytes:
    """Return the description element. rdf: the packet's own prefix of the RDF namespace."""
    return (
        b'<%(rdf)b:Description %(rdf)b:about="" xmlns:acutance="%(namespace)b"><acutance:History><%(rdf)b:Seq>'
        b"<%(rdf)b:li>%(line)b</%(rdf)b:li></%(rdf)b:Seq></acutance:History></%(rdf)b:Description>\n"
    ) % {b"rdf": rdf, b"namespace": NAMESPACE.encode(), b"line": line}
