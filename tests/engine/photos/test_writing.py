"""A file appears completely or not at all, and replaces another one only if asked."""

from __future__ import annotations

import dataclasses
import errno
import io
import os
import tracemalloc
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.photos import samples as conversions
from engine.photos.errors import PhotoError
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

WRITTEN = (".png", ".tif", ".jpg", ".webp", ".avif")


def refused(photo, path, reason, **options):
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    with pytest.raises(PhotoError, match=reason) as caught:
        write_photo(photo, path, **options)
    assert str(path) in str(caught.value)
    assert before is None or sorted(path.parent.iterdir()) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp"])
def test_a_full_disk_leaves_nothing(tmp_path, make_photo, monkeypatch, code, suffix):
    (tmp_path / f"a{suffix}").write_bytes(b"old")

    def full(descriptor):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("engine.photos.writing.os.fsync", full)
    reason = {errno.ENOSPC: "disk is full", errno.EDQUOT: "used up", errno.EIO: os.strerror(code)}[code]
    refused(make_photo(), tmp_path / f"a{suffix}", reason, overwrite=True)
    assert (tmp_path / f"a{suffix}").read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_write_that_runs_out_of_space(tmp_path, make_photo, monkeypatch):
    def full(descriptor, mode):
        os.close(descriptor)
        return Path("/dev/full").open(mode)

    monkeypatch.setattr("engine.photos.writing.os.fdopen", full)
    refused(make_photo(), tmp_path / "a.png", "disk is full")


class Failing(io.FileIO):
    """A file whose writes fail after a countdown, permanently or once."""

    def __init__(self, descriptor, failing, code):
        super().__init__(descriptor, "wb")
        self.left, self.code = failing, code

    def write(self, data):
        self.left -= 1
        if self.left == 0:
            raise OSError(self.code, os.strerror(self.code))
        return super().write(data)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("suffix", WRITTEN)
def test_whichever_write_fails_nothing_is_left_and_nothing_open(
    tmp_path, make_photo, metadata, monkeypatch, suffix, overwrite, code
):
    photo = dataclasses.replace(make_photo(), metadata=metadata)
    if overwrite:
        (tmp_path / f"a{suffix}").write_bytes(b"old")
    files, failures = open_files(), 0
    for failing in range(1, 100):
        monkeypatch.setattr(
            "engine.whole_files.os.fdopen", lambda descriptor, mode, n=failing: Failing(descriptor, n, code)
        )
        try:
            write_photo(photo, tmp_path / f"a{suffix}", overwrite=overwrite)
            break
        except PhotoError as error:
            failures += 1
            assert str(tmp_path / f"a{suffix}") in str(error)
            assert str(error).endswith("the disk is full." if code == errno.ENOSPC else "permission is denied.")
        assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"] * overwrite
        assert open_files() == files
    assert failures >= 1
    assert read_photo(tmp_path / f"a{suffix}").size == photo.size
    assert open_files() == files


@pytest.mark.parametrize("step", ["open", "fsync", "link", "replace", "close"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_whichever_step_fails_nothing_is_left_and_nothing_open(tmp_path, make_photo, monkeypatch, step, overwrite):
    if overwrite:
        (tmp_path / "a.png").write_bytes(b"old")

    def lost(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    class Closing(io.FileIO):
        def close(self):
            was_open = not self.closed
            super().close()
            if was_open:
                lost()

    files = open_files()
    if step == "close":
        monkeypatch.setattr("engine.whole_files.os.fdopen", lambda descriptor, mode: Closing(descriptor, mode))
    elif step == "replace":
        monkeypatch.setattr("pathlib.Path.replace", lost)
        monkeypatch.setattr("engine.whole_files.os.link", lost)  # as on disks without hard links
    else:
        monkeypatch.setattr(f"engine.whole_files.os.{step}", lost)
    if step == "link":  # files can also be written to a disk without hard links
        write_photo(make_photo(), tmp_path / "a.png", overwrite=overwrite)
        assert read_photo(tmp_path / "a.png").size == make_photo().size
    else:
        refused(make_photo(), tmp_path / "a.png", "permission is denied", overwrite=overwrite)
        assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"old"] * overwrite
    assert open_files() == files


def open_files():
    process = psutil.Process()
    return process.num_fds() if hasattr(process, "num_fds") else len(process.open_files())


def test_an_existing_file_stays(tmp_path, make_photo):
    (tmp_path / "a.png").write_bytes(b"old")
    refused(make_photo(), tmp_path / "a.png", "exists already")
    assert (tmp_path / "a.png").read_bytes() == b"old"
    write_photo(make_photo(), tmp_path / "a.png", overwrite=True)
    assert read_photo(tmp_path / "a.png").size == make_photo().size


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_while_we_encode_stays(tmp_path, make_photo, monkeypatch, links):
    def late(path, overwrite):
        path.write_bytes(b"somebody else's")

    def no_links(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("engine.photos.writing._check_target", late)
    if not links:
        monkeypatch.setattr("engine.photos.writing.os.link", no_links)
    with pytest.raises(PhotoError, match="exists already"):
        write_photo(make_photo(), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"somebody else's"
    assert len(list(tmp_path.iterdir())) == 1


def test_disks_without_hard_links(tmp_path, make_photo, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("engine.photos.writing.os.link", no_links)
    write_photo(make_photo(), tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_bad_targets(tmp_path, make_photo):
    (tmp_path / "folder.png").mkdir()
    refused(make_photo(), tmp_path / "missing" / "a.png", "no folder")
    refused(make_photo(), tmp_path / "folder.png", "it is a folder")
    refused(make_photo(), tmp_path / "a.xyz", "cannot be written")
    refused(make_photo(), tmp_path / "a", "cannot be written")
    refused(make_photo(), tmp_path / ("x" * 300 + ".png"), "too long")
    refused(make_photo(17000, 1), tmp_path / "a.webp", "16383 px a side")
    refused(make_photo(1, 66000), tmp_path / "a.jpg", "65500 px a side")


@pytest.mark.parametrize("quality", [0, -5, 101])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_quality_that_is_none(tmp_path, make_photo, quality, suffix):
    refused(make_photo(), tmp_path / f"a{suffix}", f"between 1 and 100, not {quality}", quality=quality)


def test_links_in_a_circle_and_folders_are_no_targets(tmp_path, make_photo):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refused(make_photo(), tmp_path / "loop" / "a.png", "no folder|circle")
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere" / "a.png")
    refused(make_photo(), tmp_path / "dangling.png", "exists already")


def test_a_read_only_folder(tmp_path, make_photo, monkeypatch):
    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("engine.photos.writing.os.open", denied)  # root may write everywhere
    refused(make_photo(), tmp_path / "a.png", "permission is denied")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_files_are_as_open_to_others_as_any_new_file(tmp_path, make_photo):
    (tmp_path / "plain").write_bytes(b"")
    written = write_photo(make_photo(), tmp_path / "a.png")
    assert written.stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("bits", [8, 16])
def test_every_integer_survives_conversion(bits):
    values = np.arange(2**bits, dtype=np.uint8 if bits == 8 else np.uint16).reshape(-1, 16, 1)
    floats = conversions.to_float(values, 2**bits - 1, 3)
    np.testing.assert_array_equal(floats[..., 1:2], (values / (2**bits - 1)).astype(np.float32))
    np.testing.assert_array_equal(conversions.to_integers(floats, bits), np.repeat(values, 3, axis=2))


def test_out_of_range_is_clipped_and_nan_is_black():
    odd = np.array([[-1, 2, np.nan, np.inf, -np.inf, 0.5]], np.float32)
    assert conversions.to_integers(odd, 8).tolist() == [[0, 255, 0, 255, 0, 128]]


@pytest.mark.parametrize("bits", [8, 16])
def test_conversion_needs_little_memory_beside_its_result(bits):
    pixels = np.full((2000, 3000, 3), 0.5, np.float32)
    tracemalloc.start()
    integers = conversions.to_integers(pixels, bits)
    to_integers = tracemalloc.get_traced_memory()[1] - integers.nbytes
    tracemalloc.reset_peak()
    floats = conversions.to_float(integers, 2**bits - 1, 3)
    to_float = tracemalloc.get_traced_memory()[1] - integers.nbytes - floats.nbytes
    tracemalloc.stop()
    assert max(to_integers, to_float) < 32 << 20


def test_encoding_does_not_change_the_photo(tmp_path, make_photo):
    photo: Photo = make_photo(bits=16, alpha=True)
    before = photo.pixels.copy(), photo.alpha.copy()
    for suffix in (".png", ".tif", ".jpg", ".webp"):
        write_photo(photo, tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(photo.pixels, before[0])
    np.testing.assert_array_equal(photo.alpha, before[1])
