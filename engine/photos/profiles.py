"""ICC profiles for colour spaces that files name by number: matrix and curve (ICC.1:2022, sections 7 to 10)."""

from __future__ import annotations

import struct
from functools import cache

import numpy as np

Chromaticity = tuple[float, float]

D65: Chromaticity = (0.3127, 0.3290)
# ITU-T H.273, table 2: red, green, blue by code point; white is D65 for all of these.
PRIMARIES: dict[int, tuple[Chromaticity, Chromaticity, Chromaticity]] = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_UNKNOWN = 2
_NAMES = {1: "BT.709", 9: "BT.2020", 12: "Display P3"}
_SRGB = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # g, a, b, c, d of ICC's parametric curve, type 3
# H.273, table 3, for viewing photos: the camera curves of video (1, 6, 14, 15) count as sRGB's, as in browsers.
_CURVES: dict[int, tuple[float, ...]] = {
    **dict.fromkeys((1, 2, 6, 13, 14, 15), _SRGB),
    4: (2.2,),
    5: (2.8,),
    8: (1.0,),
}
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_D50 = np.array([0.9642, 1.0, 0.8249])  # of the profile connection space


class UnknownColours(ValueError):  # noqa: N818
    """Code points without a matrix and curve here: HDR (PQ, HLG), films, or unassigned numbers."""


def of_code_points(primaries: int, transfer: int) -> bytes | None:
    """Return a profile of the space that H.273's numbers name; None for sRGB. Raise UnknownColours."""
    primaries = 1 if primaries == _UNKNOWN else primaries
    if primaries not in PRIMARIES or transfer not in _CURVES:
        raise UnknownColours(primaries, transfer)
    curve = _CURVES[transfer]
    return None if primaries == 1 and curve == _SRGB else profile(_NAMES[primaries], PRIMARIES[primaries], D65, curve)


@cache
def profile(
    name: str,
    primaries: tuple[Chromaticity, Chromaticity, Chromaticity],
    white: Chromaticity,
    curve: tuple[float, ...] = _SRGB,
) -> bytes:
    """Return an RGB display profile, version 4. primaries, white: x, y.

    curve: an exponent, or g, a, b, c, d of type 3.
    """
    columns, adaptation = _to_d50(primaries, white)
    parametric = b"para\0\0\0\0" + struct.pack(">HH", 0 if len(curve) == 1 else 3, 0) + _fixed(*curve)
    tags = {
        b"desc": _text(name),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(*_D50),
        b"chad": b"sf32\0\0\0\0" + _fixed(*adaptation.ravel()),
        **{key: b"XYZ \0\0\0\0" + _fixed(*columns[:, n]) for n, key in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), parametric),
    }
    table, values = struct.pack(">I", len(tags)), b""
    for key, value in tags.items():
        table += key + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(values), len(value))
        values += value + bytes(-len(value) % 4)
    return _header(128 + len(table) + len(values)) + table + values


def _header(size: int) -> bytes:
    dated = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x04300000, b"mntr", b"RGB ", b"XYZ ") + dated + b"acsp"
    return (head + bytes(28) + _fixed(*_D50)).ljust(128, b"\0")


def _to_d50(
    primaries: tuple[Chromaticity, Chromaticity, Chromaticity], white: Chromaticity
) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrix from linear RGB to XYZ at D50, and Bradford's adaptation to D50 from `white`."""
    colours = np.array([_xyz(point) for point in primaries]).T
    seen = _xyz(white)
    cones = np.diag(_BRADFORD @ _D50 / (_BRADFORD @ seen))
    adaptation = np.linalg.inv(_BRADFORD) @ cones @ _BRADFORD
    return adaptation @ (colours * np.linalg.solve(colours, seen)), adaptation


def _xyz(point: Chromaticity) -> np.ndarray:
    x, y = point
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def _text(text: str) -> bytes:
    coded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(coded), 28) + coded
