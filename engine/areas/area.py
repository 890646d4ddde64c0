"""A box over the photo and the kernel that blurred what is in it. No scipy here, because requests hold areas."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np

from engine.errors import UserError
from engine.faces.face import Box
from engine.kernels.kernel import Kernel

_LARGEST = 1023  # px a side of a kernel, as in files


@dataclass(frozen=True, eq=False)
class Area:
    """box: in px of the photo. kernel: what is undone there; None: it is found when the photo is restored.

    given: the user gave the kernel, which stays when the box moves; else it was found in the box. on: False leaves
    the area out. Two areas are equal if all of that is, the kernel by its values.
    """

    box: Box
    kernel: Kernel | None = None
    given: bool = False
    on: bool = True

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not all(map(isfinite, self.box)) or right - left < 1 or bottom - top < 1:
            box = ",".join(f"{side:g}" for side in self.box)
            raise UserError("An area must be at least 1 px wide and high, not {box}.", box=box)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Area) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        values = None if self.kernel is None else (self.kernel.values.shape, self.kernel.values.tobytes())
        return self.box, values, self.given, self.on

    @property
    def asked(self) -> tuple[object, ...]:
        """All that the user decided: where it is, and the kernel only if it was given."""
        return self.box, self.given, self._identity()[1] if self.given else None

    def to_plain(self) -> dict[str, Any]:
        """Return a plain dictionary for JSON; the kernel's values are kept exactly."""
        kernel = None if self.kernel is None else _packed(self.kernel)
        return {"box": list(self.box), "kernel": kernel, "given": self.given, "on": self.on}

    @classmethod
    def from_plain(cls, plain: Any) -> Area:
        """Read the output of `to_plain`; raise UserError for anything else."""
        try:
            left, top, right, bottom = map(float, plain["box"])
            packed = plain.get("kernel")
            kernel = None if packed is None else _unpacked(packed)
            given, on = bool(plain.get("given", False)), bool(plain.get("on", True))
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, zlib.error) as error:
            raise UserError("An area is not written as this version writes it.") from error
        return cls((left, top, right, bottom), kernel, given and kernel is not None, on)


Areas = tuple[Area, ...]


def changed(areas: Areas, index: int, **changes: Any) -> Areas:
    """Return the areas with other fields in one of them; a kernel that was found in another box is forgotten."""
    area = areas[index]
    if changes.get("box", area.box) != area.box and not area.given:
        changes = {"kernel": None, **changes}
    return (*areas[:index], replace(area, **changes), *areas[index + 1 :])


def left_out(areas: Areas) -> Areas:
    """Return the areas, none of them on."""
    return tuple(replace(area, on=False) for area in areas)


def with_found(areas: Areas, found: Areas) -> Areas:
    """Return the areas with the kernels that were found in the same boxes, where they have none."""
    known = {area.box: area.kernel for area in found if not area.given and area.kernel is not None}
    return tuple(area if area.kernel else replace(area, kernel=known.get(area.box)) for area in areas)


def same_run(areas: Areas, others: Areas) -> bool:
    """Whether both lead to the same result: by what the user decided of those that are on."""
    return [area.asked for area in areas if area.on] == [area.asked for area in others if area.on]


def _packed(kernel: Kernel) -> dict[str, Any]:
    height, width = kernel.values.shape
    values = zlib.compress(kernel.values.astype("<f4").tobytes())
    return {"size": [width, height], "values": base64.b64encode(values).decode()}


def _unpacked(plain: dict[str, Any]) -> Kernel:
    width, height = map(int, plain["size"])
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise ValueError(f"a kernel of {width} x {height} px")
    wanted = 4 * width * height
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(base64.b64decode(str(plain["values"]), validate=True), wanted + 1)
    if len(data) != wanted:
        raise ValueError(f"{len(data)} bytes, not {wanted}")
    values = np.frombuffer(data, "<f4").reshape(height, width).astype(np.float32)
    kernel = Kernel(values)
    object.__setattr__(kernel, "values", values)  # to divide by a sum of almost 1 again would change the last bit
    return kernel
