"""The photo that is saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.explanation import Explanation
from engine.kernels.kernel import Kernel
from engine.photos.history import Step
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.finishing import finished
from engine.result import Result


def test_strength_history_and_lights():
    photo = Photo(np.full((4, 5, 3), 0.5, np.float32), bit_depth=32, beyond=np.full((4, 5, 3), 3, np.float32))
    result = Result(Request(strength=0.5), np.ones((4, 5, 3), np.float32), "wrfn@x", "cpu")
    saved = finished(photo, result)
    assert np.all(saved.pixels == 0.75)
    assert saved.beyond is photo.beyond
    assert Step("wrfn@x", 0.5).parameters.encode() in saved.metadata.xmp
    assert np.all(finished(photo, result, Request(strength=1.0)).pixels == 1)
    assert np.all(finished(photo, result, Request(high_frequencies_only=True)).pixels == 0.5)
    assert photo.metadata.xmp is None


def test_the_history_names_the_photo_without_its_folder_and_the_kernel():
    photo = Photo(np.full((4, 5, 3), 0.5, np.float32), path=Path("/home/anna/clinic/photo.tif"))
    result = Result(Request(), np.ones((4, 5, 3), np.float32), "wrfn", "cpu", Explanation(Kernel(np.ones((3, 5)))))
    packet = finished(photo, result).metadata.xmp
    assert b'"photo.tif"' in packet and b"kernel 5 x 3 px" in packet
    assert b"anna" not in packet and b"clinic" not in packet


def test_a_photo_that_was_left_as_it_is_is_saved_as_it_was_read():
    photo = Photo(np.random.default_rng(0).random((40, 50, 3), dtype=np.float32))
    kept = Result(Request(), photo.pixels.copy(), "wrfn", "cpu")
    changed = Result(Request(), photo.pixels.copy(), "wrfn", "cpu")
    changed.pixels[-1, -1, -1] = 0
    assert finished(photo, kept) is photo
    assert finished(photo, kept, Request(strength=0.3, high_frequencies_only=True)) is photo
    assert finished(photo, changed, Request(strength=0)) is photo
    assert finished(photo, changed) is not photo
    assert finished(photo, changed, Request(strength=0), [((0, 0, 50, 40), 1.0)]) is not photo
