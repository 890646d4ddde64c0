"""Photos that a format cannot hold, and other errors of encoders: a sentence each, then the next photo."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from app.batch.work import LocalExecutor, Work
from engine.photos.errors import PhotoError
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo
from engine.request import Request
from engine.result import Result


def long_photo(side, upright):
    return Photo(np.zeros((side, 2, 3) if upright else (2, side, 3), np.float32))


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize(("suffix", "limit"), [(".jpg", 65500), (".webp", 16383), (".png", 1_000_000)])
def test_the_longest_side_is_what_the_encoder_can_do(tmp_path, suffix, limit, upright):
    path = tmp_path / f"a{suffix}"
    write_photo(long_photo(limit, upright), path)
    assert max(read_photo(path).size) == limit
    with pytest.raises(PhotoError, match=f"at most {limit} px"):
        write_photo(long_photo(limit + 1, upright), tmp_path / f"b{suffix}")
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_exif_that_libavif_cannot_read_is_not_written(tmp_path):
    with pytest.raises(PhotoError, match="at most 32768 px"):
        write_photo(long_photo(32769, False), tmp_path / "a.avif")


@pytest.mark.parametrize(
    "error", [OSError("broken data stream"), RuntimeError(), ValueError("a\nb"), struct.error("x")]
)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_any_error_of_an_encoder_is_a_sentence(tmp_path, monkeypatch, make_photo, suffix, error, caplog):
    from engine.photos import writing

    def fail(*_):
        raise error

    for table in (writing._LOSSY, writing._LOSSLESS):
        for kind in table:
            monkeypatch.setitem(table, kind, fail)
    with pytest.raises(PhotoError) as caught:
        write_photo(make_photo(), tmp_path / f"a{suffix}")
    assert "the encoder fails" in str(caught.value) and "\n" not in str(caught.value)
    assert caplog.records  # with the traceback
    assert not list(tmp_path.iterdir())


def test_a_batch_continues_behind_a_photo_that_does_not_fit(tmp_path):
    write_photo(long_photo(65501, False), tmp_path / "wide.png")
    write_photo(long_photo(9, False), tmp_path / "small.png")
    hands = LocalExecutor(lambda request, photo: Result(request, photo.pixels * 0.5 + 0.1, "wrfn", "CPU"))
    ended = []
    for name in ("wide", "small"):
        photo = tmp_path / f"{name}.png"
        hands.begin(Work(Request(photo=photo, method="wrfn"), tmp_path / f"{name}.jpg"))
        ended.append(hands.take(None)[1].reason)
    assert "65500" in ended[0] and ended[1] == "" and (tmp_path / "small.jpg").is_file()
