"""Maps over the result: where it does not follow from the photo, and what came from where."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt

from app.window.photos.summary import same_run, what_was_done
from engine.explanation import Explanation
from engine.kernels.trust import Verdict, no_blur


def test_the_residual_is_shown_as_a_map(qtbot, deblurred):
    qtbot.mouseClick(deblurred.panel.trust.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.document.shown.result_map is not None)
    assert deblurred.panel.trust.button.text() == "Hide the map"
    assert deblurred.viewer.comparison.result_map is deblurred.document.shown.result_map
    qtbot.mouseClick(deblurred.panel.trust.button, Qt.MouseButton.LeftButton)
    assert deblurred.document.shown.result_map is None and deblurred.panel.trust.button.text() == "Show where"


def test_a_map_shows_what_came_from_where(qtbot, deblurred):
    assert deblurred.panel.trust.sources.isHidden(), "one method made it"
    result = replace(deblurred.document.shown.result, taken=np.full((20, 20, 5), 0.2, np.float32))
    deblurred.document.shown.result = result
    deblurred.document.result_changed.emit()
    qtbot.mouseClick(deblurred.panel.trust.sources, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.document.shown.result_map is not None)
    assert deblurred.document.shown.result_map.of_sources
    assert deblurred.panel.trust.sources.text() == "Hide the map"
    assert deblurred.panel.trust.button.text() == "Show where"
    qtbot.mouseClick(deblurred.panel.trust.sources, Qt.MouseButton.LeftButton)
    assert deblurred.document.shown.result_map is None


def test_one_sentence_says_how_much_came_from_where(deblurred):
    taken = np.zeros((20, 20, 5), np.float32)
    taken[..., [0, 1, 2, 4]] = 0.1, 0.3, 0.4, 0.2
    result = replace(deblurred.document.shown.result, taken=taken)
    said = "Made of several restorations: 60 % by the blur found here, 30 % by a network."
    assert what_was_done(result) == said
    assert not same_run(result.request, replace(result.request, finish=True))


def test_a_photo_that_was_kept_has_no_map_and_no_kernel(deblurred):
    assert deblurred.panel.trust.button.isVisible() and deblurred.panel.kernel.isVisible()
    result = deblurred.document.shown.result
    kept = replace(result, explanation=Explanation(None, 0.0, Verdict.UNCHANGED, no_blur()), faces=())
    deblurred.document.shown.finish_work(kept, deblurred.document.shown.restored)
    assert "nothing in it became sharper" in deblurred.panel.trust.sentence.text()
    assert not deblurred.panel.trust.button.isVisible() and not deblurred.panel.kernel.isVisible()
