"""Maps over the result: where it does not follow from the photo, and what came from where."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt


def test_the_residual_is_shown_as_a_map(qtbot, deblurred):
    qtbot.mouseClick(deblurred.panel.trust.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.document.result_map is not None)
    assert deblurred.panel.trust.button.text() == "Hide the map"
    assert deblurred.viewer.comparison.result_map is deblurred.document.result_map
    qtbot.mouseClick(deblurred.panel.trust.button, Qt.MouseButton.LeftButton)
    assert deblurred.document.result_map is None and deblurred.panel.trust.button.text() == "Show where"


def test_a_map_shows_what_came_from_where(qtbot, deblurred):
    assert deblurred.panel.trust.sources.isHidden(), "one method made it"
    result = replace(deblurred.document.result, taken=np.full((20, 20, 5), 0.2, np.float32))
    deblurred.document.result = result
    deblurred.document.result_changed.emit()
    qtbot.mouseClick(deblurred.panel.trust.sources, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.document.result_map is not None)
    assert deblurred.document.result_map.of_sources
    assert deblurred.panel.trust.sources.text() == "Hide the map"
    assert deblurred.panel.trust.button.text() == "Show where"
    qtbot.mouseClick(deblurred.panel.trust.sources, Qt.MouseButton.LeftButton)
    assert deblurred.document.result_map is None
