"""The settings: one table defines them; they are stored as JSON in the user's configuration folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from app.language import marked
from engine.choices import OF_ANY_PHOTO, Choices, RegionChoice
from engine.errors import Sentence, UserError
from engine.photos.naming import TEMPLATE, check_template
from engine.place import BackendChoice, DeviceChoice, Place, PrecisionChoice
from engine.user_folders import config_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)

ThemeChoice = Literal["system", "light", "dark"]
SidecarPlace = Literal["beside", "own", "no"]

_MEGABYTE = 1_000_000
VERSION = 1
"""Version of the file's schema. Of a file of a later version, the values that are known and fit are used."""


@dataclass(frozen=True)
class Setting:
    """One setting. group: its heading in the dialog; "" for values that the program only remembers.

    choices: the allowed (value, title) pairs. least, most: bounds of a number. unset: describes the smallest number
    or the empty text, if that means "leave it to the program". files: the kind of file for a path.
    check: raises UserError for an invalid value.
    """

    key: str
    default: Any
    group: str = ""
    label: str = ""
    help: str = ""
    choices: tuple[tuple[Any, str], ...] = ()
    least: int = 0
    most: int = 0
    unit: str = ""
    unset: str = ""
    files: str = ""
    check: Callable[[str], object] | None = None

    def fits(self, value: Any) -> bool:
        """Whether the setting can have this value."""
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return value in [choice for choice, _ in self.choices]
        if self.most and not self.least <= value <= self.most:
            return False
        if self.check:
            try:
                self.check(value)
            except UserError:
                return False
        return True


def _check_screen_profile(path: str) -> None:
    """Raise UserError if the path holds no screen profile; "" is allowed."""
    from engine.photos.colour import check_screen_profile

    if path:
        try:
            check_screen_profile(Path(path).read_bytes())
        except OSError as error:
            raise UserError("There is no such file.") from error


def titled(kind: Any, **titles: str) -> tuple[tuple[str, str], ...]:
    """Return all values of a Literal with their titles; one without a title is its own."""
    return tuple((value, titles.get(value, value)) for value in get_args(kind))


TABLE = (
    Setting(
        "theme",
        "system",
        "Look",
        "Theme",
        "Light, dark, or the same as the system.",
        titled(ThemeChoice, system=marked("As the system"), light=marked("Light"), dark=marked("Dark")),
    ),
    Setting(
        "language",
        "system",
        "Look",
        "Language",
        "The language of the whole window. It changes at the next start.",
        (("system", marked("As the system")), ("en", "English"), ("de", "Deutsch")),
    ),
    Setting(
        "screen_profile",
        "",
        "Look",
        "Screen profile",
        "The ICC file of your screen. Photos that you open from now on are shown in its colours. Empty: "
        "the system's profile, or sRGB.",
        unset=marked("As the system says"),
        files=marked("ICC profiles (*.icc *.icm)"),
        check=_check_screen_profile,
    ),
    Setting(
        "device",
        Place.device,
        "Computing",
        "Device",
        "Where the networks run. Automatic uses a graphics card if there is one that works.",
        titled(
            DeviceChoice,
            auto=marked("Automatic"),
            cpu=marked("Processor"),
            cuda=marked("NVIDIA graphics card"),
            mps=marked("Apple graphics"),
        ),
    ),
    Setting(
        "precision",
        Place.precision,
        "Computing",
        "Precision",
        "Half precision is faster on a graphics card. Automatic uses it only if it is safe.",
        titled(PrecisionChoice, auto=marked("Automatic"), float32=marked("Full (32 bit)")),
    ),
    Setting(
        "backend",
        Place.backend,
        "Computing",
        "Backend",
        "The library that computes on the processor. Automatic uses OpenVINO if a test on this computer "
        "shows that it is correct and faster.",
        titled(BackendChoice, auto=marked("Automatic"), pytorch="PyTorch", openvino="OpenVINO"),
    ),
    Setting(
        "memory",
        0,
        "Computing",
        "Memory budget",
        "For a photo, its result and its tiles together. With less memory the tiles are smaller, and "
        "restoring takes longer.",
        most=1_000_000,
        unit=" MB",
        unset=marked("As much as there is"),
    ),
    Setting(
        "scheduler",
        "",
        "Computing",
        "Cluster",
        "Address of a Dask scheduler whose workers restore the photos of a batch, and look at those of a triage, "
        "such as tcp://10.0.0.5:8786. They must see the folders under the same paths. Empty: this computer "
        "does it.",
        unset=marked("This computer"),
    ),
    Setting(
        "output_name",
        TEMPLATE,
        "Results",
        "Name",
        "The name of a result. {name} stands for the photo's name, {method} for the method's.",
        check=check_template,
    ),
    Setting(
        "quality",
        0,
        "Results",
        "Quality",
        "For JPEG, WebP and AVIF. At 100, WebP and AVIF lose nothing. Without a value, a JPEG keeps the "
        "quality of the photo.",
        most=100,
        unit=" %",
        unset=marked("As the photo"),
    ),
    Setting(
        "gps",
        "keep",
        "Results",
        "Place",
        "Where the photo was taken, if the camera stored it (GPS). All other data of the photo always stay.",
        (("keep", marked("Stays in the result")), ("remove", marked("Is removed"))),
    ),
    Setting(
        "sidecars",
        "beside",
        "Photos",
        "Remember choices",
        "Faces, method and strength of a photo come back when it is opened again.",
        titled(
            SidecarPlace,
            beside=marked("In a small file beside the photo"),
            own=marked("In a folder of Acutance"),
            no=marked("Not at all"),
        ),
    ),
    Setting(
        "updates",
        "off",
        "Newer versions",
        "Look for them",
        "Once a day Acutance asks the release page for the newest version number. It sends nothing about "
        "you, this computer or this version. Like every page, the release page sees your network address. "
        "Nothing is downloaded.",
        (("off", marked("Never")), ("daily", marked("Once a day, at the start"))),
    ),
    Setting("updates_asked", ""),
    Setting("pinned", False),
    Setting("method", Choices.method),
    Setting("region", Choices.region, choices=titled(RegionChoice)),
    Setting("strength", Choices.strength, most=1),
    Setting("grain", Choices.grain, most=1),
    Setting("finish", Choices.finish),
    Setting("best_quality", Choices.best_quality),
    Setting("smallest_face", Choices.smallest_face, least=1, most=10_000),
    Setting("recent", []),
    Setting("geometry", ""),
    Setting("batch", {}),
    Setting("export", {}),
    Setting("exports", {}),
)
"""All settings, in the order of the dialog."""

BY_KEY = {setting.key: setting for setting in TABLE}

REMEMBERED = tuple(name for name in OF_ANY_PHOTO if name in BY_KEY)
"""The choices that come back at the next start, if they are pinned."""


class Settings:
    """The current values. Without a path they are not stored (tests, pictures of the window).

    trouble: a sentence about an unreadable file that was moved away, otherwise "".
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        self._foreign: dict[str, Any] = {}
        self._version = VERSION
        self.trouble: str = ""
        if path is not None:
            self._load(path)

    def __getitem__(self, key: str) -> Any:
        return self._values.get(key, BY_KEY[key].default)

    @property
    def place(self) -> Place:
        """Where photos are restored."""
        named = {key: self[key] for key in ("device", "precision", "backend")}
        return Place(**named, memory=self["memory"] * _MEGABYTE or None)

    def change(self, **values: Any) -> None:
        """Set values and write the file; a value that does not fit its setting is an error of the caller."""
        for key, value in values.items():
            if not BY_KEY[key].fits(value):
                raise ValueError(f"{value!r} is no value for {key}")
        if any(self[key] != value for key, value in values.items()):
            self._values |= values
            self._save()

    def _load(self, path: Path) -> None:
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            version = int(plain["version"])
            values = {key: value for key, value in plain.items() if key != "version"}
        except FileNotFoundError:
            return
        except OSError as error:
            self.trouble = Sentence("The settings {path} cannot be read: {reason}.", path=path, reason=error)
            self._path = None  # do not overwrite a file that could not be read
            return
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            self._set_aside(path)
            return
        self._values = {key: value for key, value in values.items() if key in BY_KEY and BY_KEY[key].fits(value)}
        self._version = max(VERSION, version)
        self._foreign = {key: value for key, value in values.items() if key not in BY_KEY}

    def _set_aside(self, path: Path) -> None:
        aside = path.with_suffix(".broken.json")
        try:
            path.replace(aside)
        except OSError as error:
            self.trouble = Sentence(
                "The settings {path} are broken and cannot be set aside: {reason}.", path=path, reason=error
            )
            self._path = None
        else:
            self.trouble = Sentence(
                "The settings file was broken. It is now in {path}, and all settings are as at the first start.",
                path=aside,
            )

    def _save(self) -> None:
        if self._path is None:
            return
        text = json.dumps({"version": self._version, **self._foreign, **self._values}, indent=2, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, lambda file: file.write(text.encode()))
        except OSError as error:
            self.trouble = Sentence("The settings {path} cannot be written: {reason}.", path=self._path, reason=error)
            _log.info("settings not written", exc_info=True)


def settings_path() -> Path:
    """Return the path of the user's settings."""
    return config_folder() / "settings.json"
