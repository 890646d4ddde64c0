"""What a user chooses for a photo. A preset, a sidecar and a batch keep this, wherever the photo is restored."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from engine.areas.area import Area, Areas
from engine.errors import UserError
from engine.faces.face import Box
from engine.option_fields import option

RegionChoice = Literal["auto", "faces", "whole", "aligned"]

GRAIN = 0.0
"""The default: a result is as it was restored until somebody asks for less grain."""

_OF_ONE_PHOTO = {"of one photo": True}
_AT_ONCE = {"at once": True}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What to do with a photo. Most fields are options of the command line, too.

    method: a registry id, or "auto" (the best installed one for the region). region: "auto" restores the whole
    photo with a whole-photo method and the faces with a face method; "faces" only the faces; "aligned" says that
    the photo is a face crop, which the network gets as it is. faces: boxes to restore, None for all found.
    smallest_face: px, smaller ones are left alone. strength: 0 original, 1 restored.
    high_frequencies_only: tones and colours stay the photo's own (see engine.restoration.strength). grain: how much
    of grain and ringing is held down in plain areas, 0 to 1 (see engine.restoration.grain). kernel: file of a known
    blur kernel, for non-blind deconvolution instead of a method. areas: boxes with kernels of their own (see
    engine.areas); if one of them is on, they take the place of method, region and kernel. mask: file of a greyscale
    picture, the strength for every pixel (see engine.masks.files). field: estimate a kernel for each part of the
    whole photo too, if the method does not do that itself. finish: refine the kernel that the method gives, or take
    that of the file, and fuse what it restores with other restorations (see engine.networks.finish).
    best_quality: networks restore the photo mirrored and turned too, and the mean is taken (see
    engine.restoration.self_ensemble). `engine.applicable` says for which methods the last two mean something.
    """

    method: str = option(
        "auto", metavar="ID", help="a method of `acutance methods` (default: auto, the best for the photo)"
    )
    region: RegionChoice = option(
        "auto",
        help="what to restore; auto (the default) restores the whole photo and the faces, as far as the method can; "
        "aligned means that the photo is a cut-out face",
    )
    faces: tuple[Box, ...] | None = dataclasses.field(default=None, metadata=_OF_ONE_PHOTO)
    smallest_face: int = option(40, read=int, metavar="PX", help="ignore smaller faces (default: 40)")
    strength: float = option(
        1.0, read=float, metavar="0..1", marks=_AT_ONCE, help="0 is the original, 1 the result (default: 1)"
    )
    high_frequencies_only: bool = option(False, marks=_AT_ONCE, help="keep tones and colours exactly as they are")
    grain: float = option(
        GRAIN,
        read=float,
        metavar="0..1",
        marks=_AT_ONCE,
        help="how much of grain and ringing is held down in plain areas such as skies and walls; 0 leaves all as it "
        f"was restored (default: {GRAIN:g})",
    )
    kernel: Path | None = option(
        None, read=Path, metavar="FILE", help="undo this known blur kernel, instead of using a method"
    )
    areas: Areas = dataclasses.field(default=(), metadata=_OF_ONE_PHOTO)
    mask: Path | None = option(
        None,
        read=Path,
        metavar="FILE",
        marks={**_OF_ONE_PHOTO, **_AT_ONCE},
        help="a greyscale picture of the photo's shape: white is restored, black stays as it is, grey lies between",
    )
    field: bool = dataclasses.field(default=False, metadata=_OF_ONE_PHOTO)
    finish: bool = option(
        False,
        help="refine the kernel of --kernel or of a method that gives one, and fuse what it restores with the result "
        "of a network; auto does so anyway",
    )
    best_quality: bool = option(
        False,
        help="restore the photo mirrored and turned too, and take the mean: the best that a network can give, up to "
        "eight times slower",
    )

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise UserError("The strength must lie between 0 and 1, not {strength:g}.", strength=self.strength)
        if not 0 <= self.grain <= 1:
            raise UserError("Grain must lie between 0 and 1, not {grain:g}.", grain=self.grain)
        if self.smallest_face < 1:
            raise UserError("The smallest face must be at least 1 px wide, not {px}.", px=self.smallest_face)

    @property
    def areas_on(self) -> Areas:
        """The areas that are not left out."""
        return tuple(area for area in self.areas if area.on)

    @property
    def choices(self) -> Choices:
        """These choices alone, without photo and place."""
        return Choices(**{name: getattr(self, name) for name in names_of(Choices)})

    @property
    def of_any_photo(self) -> dict[str, Any]:
        """The choices that mean the same for every photo, by name."""
        return {name: getattr(self, name) for name in OF_ANY_PHOTO}

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary that `from_json` reads."""
        plain = dataclasses.asdict(dataclasses.replace(self, areas=()))
        plain["areas"] = [area.to_plain() for area in self.areas]
        return {key: str(value) if isinstance(value, Path) else value for key, value in plain.items()}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """Read the output of `to_json`; raise UserError for an unknown key or value."""
        unknown = sorted(plain.keys() - set(names_of(cls)))
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


def names_of(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields."""
    return tuple(field.name for field in dataclasses.fields(kind))


OF_ANY_PHOTO = tuple(each.name for each in dataclasses.fields(Choices) if "of one photo" not in each.metadata)
"""The choices that presets keep; boxes and masks belong to one photo."""

NEED_A_RUN = tuple(each.name for each in dataclasses.fields(Choices) if "at once" not in each.metadata)
"""The choices that only another run can meet; strength, grain and fine detail take effect on a result at once."""

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
