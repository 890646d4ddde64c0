import re
import xml.etree.ElementTree as ET

import pytest

from app.window.commands.table import COMMANDS
from app.window.theme.theme import style_sheet
from app.window.theme.tokens import DARK, LIGHT
from resources import resource


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("text", "surface"),
        ("muted", "surface"),
        ("muted", "window"),
        ("text", "accent_soft"),
        ("accent", "surface"),
        ("on_accent", "accent"),
        ("danger", "danger_soft"),
        ("warning", "warning_soft"),
        ("text", "danger_soft"),
    ],
)
def test_words_are_readable(palette, ink, paper):
    assert contrast(getattr(palette, ink), getattr(palette, paper)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_token_of_the_style_sheet_is_filled_in(palette, qapp):
    assert not re.search(r"\$[a-z_]+", style_sheet(palette, 13))


def test_the_canvas_is_neutral():
    for palette in (LIGHT, DARK):
        assert palette.canvas[1:3] == palette.canvas[3:5] == palette.canvas[5:7]


@pytest.mark.parametrize("path", sorted(resource("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_icons_are_sound_and_take_the_themes_colour(path):
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag.endswith("svg")
    assert path.stem == "acutance" or root.get("stroke") == "currentColor"


def test_every_command_has_the_icon_it_names():
    assert all(resource("icons", f"{command.icon}.svg").is_file() for command in COMMANDS if command.icon)
