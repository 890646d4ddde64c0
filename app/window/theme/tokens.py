"""Design tokens: two palettes, and the measures that both share."""

from __future__ import annotations

from dataclasses import dataclass

SPACE = 4
"""Every distance is a multiple of this, in px."""

RADIUS = 6
CONTROL_HEIGHT = 32
PANEL_WIDTH = 336
ICON_SIZE = 20
SCROLL_BAR = 10


@dataclass(frozen=True)
class Palette:
    """The colours of a theme by their use, as #rrggbb.

    window < surface < raised < hover rise towards the user. text > muted > faint become weaker. The canvas around the
    photo is neutral in both themes, so that it does not influence how colours are seen.
    """

    dark: bool
    window: str
    surface: str
    raised: str
    hover: str
    canvas: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str


DARK = Palette(
    dark=True,
    window="#1d1e20",
    surface="#242628",
    raised="#303336",
    hover="#3a3d41",
    canvas="#161616",
    border="#34373a",
    border_strong="#484c51",
    text="#ececed",
    muted="#a6aaaf",
    faint="#6f747a",
    accent="#4cc5b1",
    accent_hover="#63d3c0",
    accent_pressed="#3bab99",
    on_accent="#05211c",
    accent_soft="#22403b",
    warning="#e6b866",
    warning_soft="#3b3222",
    danger="#f08a80",
    danger_soft="#402725",
)

LIGHT = Palette(
    dark=False,
    window="#f1f2f3",
    surface="#fbfbfc",
    raised="#ffffff",
    hover="#e9ebed",
    canvas="#d4d4d4",
    border="#dcdfe2",
    border_strong="#bfc4c9",
    text="#1c1f22",
    muted="#565c63",
    faint="#979da4",
    accent="#0b7a6b",
    accent_hover="#0a6a5d",
    accent_pressed="#085a4f",
    on_accent="#ffffff",
    accent_soft="#d9efeb",
    warning="#855600",
    warning_soft="#fbf0d9",
    danger="#ad2a20",
    danger_soft="#fbe4e2",
)


@dataclass(frozen=True)
class OnPhoto:
    """Colours for drawing over the photo. Both themes share them, because the photo is the same."""

    chosen: str = "#5fe3cd"
    passed: str = "#f2f2f2"
    outline: str = "#101010"
    pill: str = "#141414"
    pill_text: str = "#f5f5f5"
    tint: str = "#ff5a3c"
    area: str = "#9cc4ff"
    not_yet: str = "#5c5c5c"


ON_PHOTO = OnPhoto()


def type_scale(base: int) -> dict[str, int]:
    """Return the font sizes in px for a base size: caption, body, title, display."""
    return {"caption": base - 1, "body": base, "title": base + 3, "display": base + 11}
