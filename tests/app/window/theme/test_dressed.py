"""What is made in the colours of the theme follows it, shown or hidden, without being told by its parent."""

import ast
from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

import app.window
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.theme import Theme


class Part(Dressed, QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.worn: list[bool] = []
        self.put_on()

    def dress(self) -> None:
        self.worn.append(palette_in_force().dark)


def test_a_part_wears_the_theme_and_each_other_theme_once(qtbot, qapp):
    theme, parent = Theme(qapp, "light"), QWidget()
    qtbot.addWidget(parent)
    hidden = Part(parent)
    theme.choose("dark")
    theme.choose("dark")
    theme.choose("light")
    assert hidden.worn == [False, True, False]


def test_every_dressed_widget_begins_to_wear_the_theme():
    forgotten = [
        f"{path.name}: {kind.name}"
        for path in Path(app.window.__file__).parent.rglob("*.py")
        for kind in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(kind, ast.ClassDef) and any(getattr(base, "id", "") == "Dressed" for base in kind.bases)
        if "self.put_on()" not in ast.unparse(kind)
    ]
    assert forgotten == []
