"""Every text that the window sets can be translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app.window

SETTERS = {
    "QCheckBox QLabel QMenu QPushButton addAction addMenu label setAccessibleDescription setAccessibleName",
    "setInformativeText setPlaceholderText setText setTitle setToolTip setWindowTitle showMessage",
}
NAMES = {name for line in SETTERS for name in line.split()}
SAME_EVERYWHERE = re.compile(r"Acutance|SSIM|PSNR|\bdB\b|\bpx\b")
"""Words that are the same in every language; texts of these and figures need no translation."""


def unmarked(code: str) -> Iterator[str]:
    """Yield the literals (also f-strings) that a call of NAMES gets as its first argument without `tr`."""
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in NAMES or not call.args:
            continue
        text = call.args[0]
        parts = text.values if isinstance(text, ast.JoinedStr) else [text]
        words = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        if re.search(r"[A-Za-z]{2}", SAME_EVERYWHERE.sub("", words)):
            yield f"{call.lineno}: {words}"


def test_the_window_sets_no_text_that_cannot_be_translated() -> None:
    root = Path(app.window.__file__).parent
    found = {
        f"{path.relative_to(root)}:{place}"
        for path in root.rglob("*.py")
        for place in unmarked(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_text_without_its_mark_is_seen() -> None:
    assert list(unmarked('button.setText("Save")\nQPushButton(f"Use {title}")\nlabel(tr("Good"))')) == [
        "1: Save",
        "2: Use ",
    ]
