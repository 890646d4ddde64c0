"""A 45 MP photo pans within 16 ms a frame."""

import time
from functools import partial

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.window.viewer.comparison import Mode
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.viewer import Viewer
from engine.photos.colour import to_screen8
from engine.photos.photo import Photo

FRAMES = 30


@pytest.fixture(scope="module")
def pyramids():
    photo = np.random.default_rng(0).integers(0, 255, (5504, 8256, 3), np.uint8)
    original = Pyramid.build(photo, lambda strip: strip)
    return original, original.copy()


@pytest.mark.bench
def test_a_decoded_photo_is_on_the_screen_within_half_a_second():
    pixels = np.random.default_rng(0).random((5504, 8256, 3), np.float32)
    start = time.process_time()
    Pyramid.preview(pixels, partial(to_screen8, Photo(pixels)))
    seconds = time.process_time() - start
    print(f"\n{1000 * seconds:.0f} ms of the processor")  # noqa: T201
    assert seconds < 0.5


@pytest.mark.bench
@pytest.mark.parametrize("mode", list(Mode), ids=str)
@pytest.mark.parametrize("scale", [None, 0.19, 1.0, 3.0])
def test_a_frame_of_45_megapixels(qtbot, pyramids, mode, scale, record_property):
    viewer = Viewer()
    qtbot.addWidget(viewer)
    viewer.resize(1584, 992)
    viewer.set_pictures(*pyramids)
    viewer.compare(mode=mode, strength=0.7)
    if scale is not None:
        viewer.zoom_to(scale)
    frame = QImage(viewer.size(), QImage.Format.Format_RGB32)
    times = []
    for _ in range(FRAMES):
        viewer.pan(-7, -3)
        start = time.thread_time()  # other programs on the machine do not count
        viewer.render(frame)
        times.append(time.thread_time() - start)
    median = sorted(times)[FRAMES // 2] * 1000
    record_property("milliseconds", median)
    print(f"\n{mode.value} at {scale or 'fit'}: {median:.1f} ms")  # noqa: T201 - what a bench is for
    assert median < 16
