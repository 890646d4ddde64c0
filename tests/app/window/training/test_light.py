import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("app.window.main_window", ("pyqtgraph", "training.survey", "app.window.training.page")),
        ("app.window.training.page", ("torch", "training.session")),
    ],
)
def test_a_part_is_imported_without_what_it_needs_not_yet(module, heavy):
    script = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
