"""The window operates itself for the smoke test of the packaged program, and closes."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from app.window import trial
from app.window.trial import Trial
from engine.errors import UserError


@pytest.fixture
def picture(tmp_path):
    return tmp_path / "window.png"


def test_without_a_photo_it_leaves_a_picture_and_closes(qtbot, window, picture):
    Trial(window, picture)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert QImage(str(picture)).size() == window.size() * window.devicePixelRatio()
    assert not Trial.result_beside(picture).exists()


def test_a_photo_is_restored_and_saved_first(qtbot, window, photo_file, picture, engine):
    window.open(photo_file)
    Trial(window, picture)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert len(engine.requests) == 1
    before, after = np.asarray(Image.open(photo_file)), np.asarray(Image.open(Trial.result_beside(picture)))
    np.testing.assert_allclose(after, np.clip(before * 0.5 + 102, 0, 255), atol=1)


def test_a_failure_leaves_no_result_and_asks_nothing(qtbot, window, photo_file, picture, engine):
    engine.error = UserError("There is no room for it.")
    window.open(photo_file)
    Trial(window, picture)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert picture.exists() and not Trial.result_beside(picture).exists()


def test_a_picture_that_cannot_be_written_is_logged(qtbot, window, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(trial._log, "error", lambda text, *values: said.append(text % values))
    Trial(window, tmp_path / "no folder" / "window.png")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert said and "cannot be written" in said[0]
