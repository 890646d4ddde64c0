"""The real engine behind the window, on the sample with its known kernel: no weights needed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.window.application import make_engine, make_window
from app.window.opening.sample import sample_kernel
from app.window.photos.photo_state import State
from engine.engine import Engine
from engine.errors import UserError
from engine.faces.detection import FaceFinder
from engine.kernels.files import save_kernel
from engine.photos.photo import Photo
from engine.request import Request

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_sample_is_restored_and_closes_cleanly(qtbot, theme, tmp_path):
    kernel = tmp_path / "kernel.npy"
    save_kernel(sample_kernel(), kernel)
    window = make_window(theme, make_engine)
    window.show()
    window.open_sample()
    document = window.document
    qtbot.waitUntil(lambda: document.shown.state is State.READY and len(document.shown.marks) == 1, timeout=120_000)
    document.shown.change_request(kernel=kernel)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: document.shown.state is State.READY, timeout=120_000)
    assert document.shown.result is not None, window.message.text.text()
    assert document.shown.result.residual < 1.3
    document.shown.saved = True
    window.close()
    window.deleteLater()


def test_no_chosen_face_is_distinguished_from_no_found_face(install, monkeypatch):
    install("wrfn", settings={"blocks": 1, "channels": 8, "skip": False})
    monkeypatch.setattr(FaceFinder, "__init__", lambda *_: None)
    monkeypatch.setattr(FaceFinder, "find", lambda *_: [])
    request = Request(method="wrfn", region="faces", faces=(), device="cpu")
    with Engine() as engine, pytest.raises(UserError, match=r"^No face is chosen in the photo\.$"):
        engine.run(request, Photo(np.zeros((60, 60, 3), np.float32)))


RESTORED = """
import os, sys
from pathlib import Path
import psutil
from PySide6.QtCore import QTimer
from app.window.application import make_application, make_engine, make_window
from app.window.photos.photo_state import State
from app.window.theme.theme import Theme

if __name__ == "__main__":
    application = make_application()
    window = make_window(Theme(application, "dark"), make_engine)
    document, asked = window.document, []

    def look():
        if not asked and document.shown.state is State.READY and not document.shown.finding_faces:
            asked.append(document.shown.change_request(kernel=Path("kernel.npy"), field=True))
            window.session.deblur()
        elif document.shown.result is not None and document.shown.identities is not None:
            asked.append(window.session.engine.call(os.getpid).result())
            document.shown.saved = True
            window.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    window.open(Path("photo.png"))
    window.show()
    application.exec()
    shown = document.shown
    print(shown.result.field is not None, {"torch", "scipy"} & sys.modules.keys(), psutil.pid_exists(asked[1]))
"""


def test_a_restoration_leaves_torch_and_scipy_out_of_the_windows_process(tmp_path):
    coarse = np.random.default_rng(0).integers(0, 255, (26, 26, 3), np.uint8)
    Image.fromarray(coarse).resize((260, 260), Image.Resampling.NEAREST).save(tmp_path / "photo.png")
    save_kernel(sample_kernel(), tmp_path / "kernel.npy")
    (tmp_path / "window.py").write_text(RESTORED)
    names = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA")
    environment = {**os.environ, **dict.fromkeys(names, str(tmp_path)), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "window.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.stdout.split() == ["True", "set()", "False"], done.stderr
