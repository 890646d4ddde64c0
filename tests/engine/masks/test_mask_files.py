import cv2
import numpy as np
import pytest
from PIL import Image

from engine.errors import UserError
from engine.masks.files import load_mask, save_mask
from engine.masks.mask import Mask

VALUES = np.random.default_rng(0).integers(0, 256, (60, 80), np.uint8)


def test_a_mask_comes_back_from_its_file(tmp_path):
    save_mask(Mask.of(VALUES), tmp_path / "é 🙂.png")
    assert (load_mask(tmp_path / "é 🙂.png", (80, 60)).values() == VALUES).all()
    assert Image.open(tmp_path / "é 🙂.png").mode == "L"


def test_a_smaller_mask_is_fitted(tmp_path):
    save_mask(Mask.of(cv2.resize(VALUES, (40, 30))), tmp_path / "a.png")
    assert load_mask(tmp_path / "a.png", (80, 60)).size == (80, 60)
    assert load_mask(tmp_path / "a.png", (20, 15)).size == (20, 15)


def test_16_bits_and_colours_become_greys(tmp_path):
    Image.fromarray(VALUES.astype(np.uint16) * 257).save(tmp_path / "a.png")
    assert (load_mask(tmp_path / "a.png", (80, 60)).values() == VALUES).all()
    Image.fromarray(np.dstack([VALUES] * 3)).save(tmp_path / "b.tif")
    assert (load_mask(tmp_path / "b.tif", (80, 60)).values() == VALUES).all()


def test_the_mask_of_another_photo_is_refused(tmp_path):
    save_mask(Mask.of(VALUES), tmp_path / "a.png")
    with pytest.raises(UserError, match="it has 80 x 60 px, the photo 60 x 80"):
        load_mask(tmp_path / "a.png", (60, 80))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.png is no picture"):
        load_mask(tmp_path / "a.png", (80, 60))


def test_a_mask_that_is_not_there_or_no_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        load_mask(tmp_path / "a.png", (80, 60))
    with pytest.raises(UserError, match="it is no file"):
        load_mask(tmp_path, (80, 60))


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        save_mask(Mask.of(VALUES), tmp_path / "none" / "a.png")
