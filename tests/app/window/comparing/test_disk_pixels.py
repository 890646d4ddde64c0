import errno

import numpy as np
import pytest

from app.window.comparing import disk_pixels
from app.window.comparing.disk_pixels import on_disk


@pytest.fixture
def pixels(monkeypatch):
    monkeypatch.setattr(disk_pixels, "_SMALL", 1000)
    return np.random.default_rng(0).random((40, 30, 3), dtype=np.float32)


def test_pixels_come_back_from_a_file_that_leaves_nothing_behind(pixels, folders_of_nobody):
    put = on_disk(pixels)
    assert type(put) is np.ndarray and not put.flags.owndata and not put.flags.writeable
    np.testing.assert_array_equal(put, pixels)
    assert not [path for path in folders_of_nobody.rglob("*") if path.is_file()]


def test_small_pictures_stay_in_memory(pixels):
    small = pixels[:2]
    assert on_disk(small) is small


def test_a_full_disk_leaves_them_in_memory(pixels, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(disk_pixels.tempfile, "TemporaryFile", full)
    assert on_disk(pixels) is pixels
