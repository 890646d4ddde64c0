"""What Acutance did to a photo, in XMP's own words, so that other programs show it; all else stays byte for byte.

XMP specification part 2, section 1.2.4: xmpMM:History, an ordered list of events, and xmpMM:DerivedFrom, the photo
that the result was made of. It is told by its name alone: a path may name people and places.
"""

from __future__ import annotations

import dataclasses
import logging
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from engine.photos.photo import Metadata
from engine.photos.xmp import END_OF_RDF, last, without_elements
from engine.program import own_version

_log = logging.getLogger(__name__)

NAMESPACE = "http://ns.adobe.com/xap/1.0/mm/"
EVENT = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
REFERENCE = "http://ns.adobe.com/xap/1.0/sType/ResourceRef#"
_PREFIX = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']http://ns\.adobe\.com/xap/1\.0/mm/[\"']")
_EMPTY_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n</rdf:RDF>\n'
    b'</x:xmpmeta>\n<?xpacket end="w"?>'
)


@dataclass(frozen=True)
class Step:
    """What was done. strength: 0 to 1. kernel: width and height of it in px, None if there is none."""

    method: str
    strength: float
    kernel: tuple[int, int] | None = None
    fine_detail_only: bool = False

    @property
    def parameters(self) -> str:
        """The step in words, without the program."""
        words = [f"method {self.method}", f"strength {self.strength:.2f}"]
        if self.kernel is not None:
            words.append(f"kernel {self.kernel[0]} x {self.kernel[1]} px")
        return ", ".join([*words, "fine detail only"] if self.fine_detail_only else words)


def noted(metadata: Metadata, step: Step, source: str = "") -> Metadata:
    """The metadata with the step as the last event of the history, derived from the photo of that file name.

    A packet is made where there is none. The result gets an instance ID of its own where the photo has one. A packet
    that is no UTF-8 XMP stays as it is, and a warning is logged.
    """
    packet, extended = metadata.xmp or _EMPTY_PACKET, metadata.xmp_extended
    end = last(END_OF_RDF, packet)
    if end is None:
        _log.warning("the XMP packet cannot be understood; no history was added")
        return metadata
    names = _Names.of(packet, extended or b"")
    ids = names.ids(packet)
    instance = f"xmp.iid:{uuid.uuid4()}" if "instanceID" in ids else ""
    event = _event(step, instance)
    derived = _derived(source, ids)
    packet = names.with_instance(packet, instance)
    packets = [without_elements(block, names.derived_from) for block in (packet, extended or b"")]
    for index, block in enumerate(packets):
        if found := names.end_of_history.search(block):
            item = b"<%b:li%b/>" % (found[1], event)
            packets[index] = block[: found.start()] + item + block[found.start() :]
            event = b""
            break
    packets = [without_elements(block, names.history) if event else block for block in packets]
    packets[0] = _with_description(packets[0], event, derived)
    return dataclasses.replace(metadata, xmp=packets[0], xmp_extended=extended and packets[1])


@dataclass(frozen=True)
class _Names:
    """Patterns of the properties, under whatever prefixes the packets give their namespace."""

    history: bytes
    derived_from: bytes
    end_of_history: re.Pattern[bytes]
    value: re.Pattern[bytes]

    @classmethod
    def of(cls, *packets: bytes) -> _Names:
        prefixes = {b"xmpMM", *(found for packet in packets for found in _PREFIX.findall(packet))}
        prefix = b"(?:" + b"|".join(sorted(map(re.escape, prefixes))) + b"):"
        return cls(
            prefix + b"History",
            prefix + b"DerivedFrom",
            re.compile(rb"</(\w+):Seq>\s*</" + prefix + rb"History\s*>"),
            re.compile(rb"(\b" + prefix + rb"(Document|Instance)ID(?:\s*=\s*[\"']|>))([^\"'<>]*)"),
        )

    def ids(self, packet: bytes) -> dict[str, str]:
        """The photo's own IDs, by their names in a reference."""
        found = {match[2]: match[3] for match in reversed(list(self.value.finditer(packet)))}
        return {f"{name.decode().lower()}ID": value.decode("utf-8", "replace") for name, value in found.items()}

    def with_instance(self, packet: bytes, instance: str) -> bytes:
        first = next((match for match in self.value.finditer(packet) if match[2] == b"Instance"), None)
        if not instance or first is None:
            return packet
        return packet[: first.start(3)] + instance.encode() + packet[first.end(3) :]


def _event(step: Step, instance: str) -> bytes:
    fields = {
        "action": "edited",
        "softwareAgent": f"Acutance {own_version() or 'unknown'}",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "parameters": step.parameters,
        "changed": "/",
        "instanceID": instance,
    }
    return b' xmlns:stEvt="%b"' % EVENT.encode() + _attributes("stEvt", fields)


def _derived(source: str, ids: dict[str, str]) -> bytes:
    fields = _attributes("stRef", {**ids, "filePath": source})
    return fields and b' xmlns:stRef="%b"' % REFERENCE.encode() + fields


def _attributes(prefix: str, fields: dict[str, str]) -> bytes:
    """Empty fields are left out; signs that XML cannot hold become question marks."""
    written = [f" {prefix}:{name}={quoteattr(_printable(value))}" for name, value in fields.items() if value]
    return "".join(written).encode()


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _with_description(packet: bytes, event: bytes, derived: bytes) -> bytes:
    """The packet with what is still to be said, as a description of its own at the end."""
    end = last(END_OF_RDF, packet)
    if end is None or not (event or derived):
        return packet
    rdf = end[1]
    list_ = b"<xmpMM:History><%b:Seq><%b:li%b/></%b:Seq></xmpMM:History>" % (rdf, rdf, event, rdf) if event else b""
    origin = b"<xmpMM:DerivedFrom%b/>" % derived if derived else b""
    opening = b'<%b:Description %b:about="" xmlns:xmpMM="%b">' % (rdf, rdf, NAMESPACE.encode())
    said = opening + list_ + origin + b"</%b:Description>\n" % rdf
    return packet[: end.start()] + said + packet[end.start() :]
