"""The request: everything that a run needs, shared by window, command line, batch and tests."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from engine.areas.area import Area, Areas
from engine.errors import UserError
from engine.faces.face import Box

RegionChoice = Literal["auto", "faces", "whole", "aligned"]
DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice = Literal["auto", "float32", "bfloat16", "float16"]
BackendChoice = Literal["auto", "pytorch", "openvino"]

GRAIN = 0.0
"""The default: a result is as it was restored until somebody asks for less grain."""


PLACE = frozenset({"device", "precision", "backend", "tile", "memory"})
"""The fields of a request that say where it runs. The others say what the user wants, and alone identify a result."""


@dataclass(frozen=True)
class Request:
    """What to do with a photo; without `photo` it is a preset.

    method: a registry id, or "auto" (the best installed one for the region). region: "auto" restores the whole
    photo with a whole-photo method and the faces with a face method; "faces" only the faces; "aligned" says that
    the photo is a face crop, which the network gets as it is. faces: boxes to restore, None for all found.
    smallest_face: px, smaller ones are left alone. strength: 0 original, 1 restored.
    high_frequencies_only: tones and colours stay the photo's own (see engine.restoration.strength). grain: how much
    of grain and ringing is held down in plain areas, 0 to 1 (see engine.restoration.grain). kernel: file of a known
    blur kernel, for non-blind deconvolution instead of a method. areas: boxes with kernels of their own (see
    engine.areas); if one of them is on, they take the place of method, region and kernel. mask: file of a greyscale
    picture, the strength for every pixel (see engine.masks.files). tile: side in px, None for as memory allows.
    memory: budget in bytes of a photo, its result and the network together on the CPU, of the network alone on a GPU;
    None for what the machine has. field: estimate a kernel for each part of the whole photo too, if the method does
    not do that itself. finish: refine the kernel that the method gives, or take that of the file, and fuse what it
    restores with other restorations (see engine.networks.finish). backend: who computes on the CPU; "auto" takes
    OpenVINO where it is installed and a test on this machine shows it right and faster.
    """

    photo: Path | None = None
    method: str = "auto"
    region: RegionChoice = "auto"
    faces: tuple[Box, ...] | None = None
    smallest_face: int = 40
    strength: float = 1.0
    high_frequencies_only: bool = False
    grain: float = GRAIN
    kernel: Path | None = None
    areas: Areas = ()
    mask: Path | None = None
    device: DeviceChoice = "auto"
    precision: PrecisionChoice = "auto"
    backend: BackendChoice = "auto"
    tile: int | None = None
    memory: int | None = None
    field: bool = False
    finish: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise UserError("The strength must lie between 0 and 1, not {strength:g}.", strength=self.strength)
        if not 0 <= self.grain <= 1:
            raise UserError("Grain must lie between 0 and 1, not {grain:g}.", grain=self.grain)
        if self.tile is not None and self.tile < 64:
            raise UserError("A tile must be at least 64 px wide, not {tile}.", tile=self.tile)
        if self.smallest_face < 1:
            raise UserError("The smallest face must be at least 1 px wide, not {px}.", px=self.smallest_face)

    @property
    def areas_on(self) -> Areas:
        """The areas that are not left out."""
        return tuple(area for area in self.areas if area.on)

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary that `from_json` reads."""
        plain = dataclasses.asdict(dataclasses.replace(self, areas=()))
        plain["areas"] = [area.to_plain() for area in self.areas]
        return {key: str(value) if isinstance(value, Path) else value for key, value in plain.items()}

    def choices(self) -> dict[str, Any]:
        """Return what the user wants, wherever it runs, as plain data."""
        return {key: value for key, value in self.to_json().items() if key not in PLACE}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Request:
        """Read the output of `to_json`; raise UserError for an unknown key or value."""
        unknown = sorted(plain.keys() - {f.name for f in dataclasses.fields(cls)})
        if unknown:
            raise UserError("This version does not know the setting {name!r}.", name=unknown[0])
        kinds = get_type_hints(cls)
        for name, value in plain.items():
            if not _fits(value, _PLAIN.get(name, kinds[name])):
                raise UserError("The setting {name!r} cannot be {value!r}.", name=name, value=value)
        values = dict(plain)
        for key in ("photo", "kernel", "mask"):
            if values.get(key) is not None:
                values[key] = Path(values[key])
        if values.get("faces") is not None:
            values["faces"] = tuple(tuple(box) for box in values["faces"])
        if "areas" in values:
            values["areas"] = tuple(map(Area.from_plain, values["areas"]))
        return cls(**values)


_PLAIN = {"photo": str | None, "kernel": str | None, "mask": str | None, "faces": list | None, "areas": list}
"""The kinds of values that JSON cannot distinguish."""


def _fits(value: object, kind: Any) -> bool:
    """Whether a value from a JSON document has the type of a field."""
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if isinstance(kind, UnionType):
        return any(_fits(value, one) for one in get_args(kind))
    if isinstance(value, bool):  # bool is an int too
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
