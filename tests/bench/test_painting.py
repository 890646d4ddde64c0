"""Painting a mask on 24 MP stays above 30 frames a second, and a mask of 45 MP is kept within a second.

Both in time of the processor: other programs on the machine do not count.
"""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QRegion

from app.mask_text import found_mask, kept_mask
from app.window.masking.painting import Painting
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.viewer import Viewer
from engine.masks.brush import Brush, Stroke
from engine.masks.mask import Mask
from engine.photos.photo import Photo

SIZE = 6000, 4000
FRAMES = 40
MOST = 1000 / 30  # ms


@pytest.fixture(scope="module")
def pyramids():
    pixels = np.random.default_rng(0).integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8)
    original = Pyramid.build(pixels, lambda strip: strip)
    return original, original.copy()


@pytest.fixture
def painting(qtbot, pyramids):
    document, viewer = Document(), Viewer()
    qtbot.addWidget(viewer)
    viewer.resize(1584, 992)
    document.shown.photo, document.shown.state = (
        Photo(np.broadcast_to(np.float32(0), (SIZE[1], SIZE[0], 3))),
        State.READY,
    )
    viewer.set_pictures(*pyramids)
    made = Painting(viewer, document)
    made.take_up(erase=False)
    return made


@pytest.mark.bench
@pytest.mark.parametrize("scale", [None, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("size", [60, 500, 1500])
def test_a_frame_of_a_stroke(painting, scale, size, record_property):
    viewer = painting._viewer
    if scale is not None:
        viewer.zoom_to(scale)
    painting.change(size=size, hardness=0.3, flow=0.6)
    frame = QImage(viewer.size(), QImage.Format.Format_RGB32)
    dirty = []
    viewer.update = lambda *places: dirty.extend(places or [viewer.rect()])  # rendered here, to be timed
    painting.press(QPointF(500, 400), Qt.KeyboardModifier.NoModifier)
    times = []
    for step in range(FRAMES):
        dirty.clear()
        start = time.process_time()
        painting.move(QPointF(500 + 14 * step, 400 + 90 * np.sin(step / 5)))
        for rect in dirty:
            viewer.render(frame, rect.topLeft(), QRegion(rect))
        times.append(time.process_time() - start)
    median = sorted(times)[FRAMES // 2] * 1000
    record_property("milliseconds", median)
    print(f"\n{size} px at {scale or 'fit'}: {median:.1f} ms, {median / MOST:.2f} of a frame")  # noqa: T201
    assert median < MOST


@pytest.mark.bench
def test_a_mask_of_45_megapixels_is_kept_within_a_second(record_property):
    size = 8256, 5504
    mask = Mask.filled(size, 0)
    stroke = Stroke(mask, mask.values(), Brush(size=900, hardness=0.2))
    for index in range(60):
        stroke.to(4000 + 3000 * np.cos(index / 4), 2700 + 2000 * np.sin(index / 3))
    painted = stroke.finished()
    start = time.process_time()
    text = kept_mask(painted)
    seconds = time.process_time() - start
    record_property("seconds", seconds)
    print(f"\n{seconds:.2f} s, {len(text) / 1e6:.1f} MB")  # noqa: T201
    assert (found_mask(text, size).values() == painted.values()).all()
    assert seconds < 1
