import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import UserError
from engine.kernels.families import draw_kernel
from engine.kernels.files import LARGEST_FILE, load_kernel, picture, save_kernel
from engine.kernels.kernel import Kernel

KERNEL = Kernel(draw_kernel("spline", 21, np.random.default_rng(1)))


def test_an_array_comes_back_exactly(tmp_path: Path):
    path = tmp_path / "kernel 🙂.npy"
    save_kernel(KERNEL, path)
    np.testing.assert_allclose(load_kernel(path).values, KERNEL.values, rtol=1e-6)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_picture_holds_16_bits(tmp_path: Path):
    path = tmp_path / "kernel.png"
    save_kernel(KERNEL, path)
    assert cv2.imread(str(path), cv2.IMREAD_UNCHANGED).max() == 65535
    np.testing.assert_allclose(load_kernel(path).values, KERNEL.values, atol=KERNEL.values.max() / 65535)


def test_an_8_bit_colour_picture_of_even_size_is_padded(tmp_path: Path):
    path = tmp_path / "kernel.png"
    pixels = np.zeros((4, 6, 3), dtype=np.uint8)
    pixels[1, 2] = 200
    cv2.imwrite(str(path), pixels)
    values = load_kernel(path).values
    assert values.shape == (5, 7)
    assert values[1, 2] == 1


@pytest.mark.parametrize("text", ["0,1,0\n1,2,1\n0,1,0\n", "0 1 0\n1 2 1\n0 1 0", "0;1;0\n1;2;1\n\n0;1;0"])
def test_text_is_read(tmp_path: Path, text: str):
    path = tmp_path / "kernel.csv"
    path.write_text(text)
    assert load_kernel(path).values[1, 1] == pytest.approx(1 / 3)


BAD = {
    "empty.png": b"",
    "no-picture.png": b"hello",
    "words.csv": b"a,b\nc,d",
    "ragged.csv": b"1,2\n3",
    "nothing.txt": b"",
    "negative.csv": b"1,-1,1",
    "black.csv": b"0,0,0",
    "endless.csv": b"1,inf,1",
    "broken.npy": b"\x93NUMPY",
    "binary.txt": b"\xff\xfe\x00\x80",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_sentence_with_its_name(tmp_path: Path, name: str):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    with pytest.raises(UserError) as caught:
        load_kernel(path)
    assert name in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_missing_file_and_a_photo_are_refused(tmp_path: Path):
    with pytest.raises(UserError, match="no such file"):
        load_kernel(tmp_path / "none.png")
    np.save(tmp_path / "photo.npy", np.ones((2000, 3)))
    with pytest.raises(UserError, match="at most 1023"):
        load_kernel(tmp_path / "photo.npy")


@pytest.mark.parametrize(
    "array", [np.ones((3, 3), complex), np.ones((3, 3), [("a", float)]), np.array([["a", "b"]])], ids=str
)
def test_arrays_of_what_are_no_real_numbers_are_refused(tmp_path: Path, array):
    np.save(tmp_path / "kernel.npy", array)
    with pytest.raises(UserError, match="no table of numbers"):
        load_kernel(tmp_path / "kernel.npy")


def test_a_failure_to_write_leaves_nothing(tmp_path: Path):
    with pytest.raises(UserError, match=r"\.png or \.npy"):
        save_kernel(KERNEL, tmp_path / "kernel.jpg")
    with pytest.raises(UserError, match="cannot be written"):
        save_kernel(KERNEL, tmp_path / "no-folder" / "kernel.png")
    assert not list(tmp_path.iterdir())


def test_the_picture_is_white_at_the_peak_and_scaled():
    shown = picture(KERNEL, 3)
    assert shown.shape == (63, 63)
    assert shown.dtype == np.uint8
    assert shown.max() == 255
    assert np.array_equal(shown[::3, ::3], shown[1::3, 2::3])


def test_an_empty_array_file_is_reported(tmp_path: Path):
    (tmp_path / "empty.npy").touch()
    with pytest.raises(UserError, match="is an empty file"):
        load_kernel(tmp_path / "empty.npy")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_an_endless_file_is_no_kernel(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path):
        with pytest.raises(UserError, match="it is no file"):
            load_kernel(path)


def test_a_file_too_large_for_a_kernel_is_not_read(tmp_path: Path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(UserError, match="too large for a kernel"):
        load_kernel(tmp_path / "large.csv")
