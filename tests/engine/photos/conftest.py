"""Pictures and blocks drawn in code."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import ImageCms

from engine.photos.photo import Metadata, Photo

MAKER_NOTE = bytes(range(256)) * 3


@pytest.fixture
def make_exif() -> Callable[..., bytes]:
    """Return a function that makes a camera's EXIF block: IFD0, Exif IFD with maker note, GPS, thumbnail."""

    def make(orientation: int = 1, order: str = "<", odd: bool = False) -> bytes:
        def ifd(offset: int, entries: list[tuple[int, int, int, bytes]], following: int = 0) -> bytes:
            body, values = b"", b""
            start = offset + 2 + 12 * len(entries) + 4
            for tag, kind, count, value in entries:
                if len(value) > 4:
                    field = struct.pack(order + "I", start + len(values))
                    values += value + b"\0" * (len(value) % 2)
                else:
                    field = value.ljust(4, b"\0")
                body += struct.pack(order + "HHI", tag, kind, count) + field
            return struct.pack(order + "H", len(entries)) + body + struct.pack(order + "I", following) + values

        short = lambda number: struct.pack(order + "H", number)  # noqa: E731
        long = lambda number: struct.pack(order + "I", number)  # noqa: E731

        def first(exif_at: int, gps_at: int, next_at: int) -> bytes:
            return ifd(
                8,
                [
                    (0x010F, 2, 14, b"Camera Makers\0"),
                    (0x0112, 3, 1, short(orientation)),
                    (0x8769, 4, 1, long(exif_at)),
                    (0x8825, 4, 1, long(gps_at)),
                ],
                next_at,
            )

        exif_at = 8 + len(first(0, 0, 0))
        exif_ifd = ifd(exif_at, [(0x829A, 5, 1, struct.pack(order + "II", 1, 60)), (0x927C, 7, 768, MAKER_NOTE)])
        gps_at = exif_at + len(exif_ifd)
        gps_ifd = ifd(gps_at, [(1, 2, 2, b"N\0"), (2, 5, 3, struct.pack(order + "6I", 48, 1, 8, 1, 12, 1))])
        next_at = gps_at + len(gps_ifd)
        thumbnail = ifd(next_at, [(0x0201, 4, 1, long(next_at)), (0x0202, 4, 1, long(4))])
        magic = b"II*\0" if order == "<" else b"MM\0*"
        block = magic + long(8) + first(exif_at, gps_at, next_at) + exif_ifd + gps_ifd + thumbnail
        return block + b"\xff" * odd

    return make


@pytest.fixture(scope="session")
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="session")
def grey_profile() -> bytes:
    """Return a grey ICC profile: white point and one curve."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    text = b"text\0\0\0\0grey\0\0\0\0"
    tags = [(b"wtpt", white), (b"kTRC", curve), (b"cprt", text), (b"desc", text)]
    table, values = struct.pack(">I", len(tags)), b""
    for key, value in tags:
        table += key + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(values), len(value))
        values += value.ljust(-(-len(value) // 4) * 4, b"\0")
    head = struct.pack(
        ">I4sI4s4s4s", 128 + len(table) + len(values), b"\0\0\0\0", 0x02400000, b"mntr", b"GRAY", b"XYZ "
    )
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + values


@pytest.fixture
def metadata(make_exif: Callable[..., bytes], srgb_profile: bytes) -> Metadata:
    """Return one of every block, as in a file that needs no change: upright, without a thumbnail."""
    from engine.photos.exif_editing import without_thumbnail

    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r">\xc3\xa9</rdf:RDF></x:xmpmeta>'
    iptc = b"\x1c\x02\x00\x00\x02\x00\x04\x1c\x02\x78\x00\x03abc"
    return Metadata(without_thumbnail(make_exif()), xmp, iptc, srgb_profile, (300.0, 240.0))


@pytest.fixture
def make_photo() -> Callable[..., Photo]:
    """Return a function that makes a photo of random samples with a given depth."""

    def make(width: int = 37, height: int = 29, bits: int = 8, grey: bool = False, alpha: bool = False) -> Photo:
        random = np.random.default_rng(width * 7919 + height * 104729 + bits)
        white = 255 if bits == 8 else 65535
        samples = random.integers(0, white + 1, (height, width, 4))
        if bits == 32:
            pixels = random.random((height, width, 4), dtype=np.float32)
        else:
            pixels = (samples / white).astype(np.float32)
        colours = np.repeat(pixels[..., :1], 3, axis=2) if grey else np.ascontiguousarray(pixels[..., :3])
        return Photo(colours, pixels[..., 3].copy() if alpha else None, grey, bits)

    return make


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """Return H x W x 3 uint8, 128 px, a person with a flag."""
    from skimage.data import astronaut

    return np.ascontiguousarray(astronaut()[::4, ::4])
