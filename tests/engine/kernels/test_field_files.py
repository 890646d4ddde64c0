import cv2
import numpy as np
import pytest

from engine.errors import UserError
from engine.kernels.families import linear_kernel
from engine.kernels.field import KernelField
from engine.kernels.field_files import field_picture, save_field
from engine.kernels.kernel import Kernel

FIELD = KernelField(tuple(Kernel(linear_kernel(5 + 2 * i, 30 * i)) for i in range(6)), (2, 3), (200, 300))


@pytest.mark.parametrize("shape", [(200, 300), (400, 700), (40, 50), (20, 25)])
def test_every_cell_shows_its_kernel(shape):
    drawn = field_picture(FIELD, shape)
    assert drawn.shape == shape
    assert drawn.dtype == np.uint8
    for row in np.array_split(drawn, 2, axis=0):
        assert all(cell.max() > 60 for cell in np.array_split(row, 3, axis=1))


def test_a_field_is_drawn_in_one_scale():
    drawn = field_picture(FIELD, (200, 300))
    first, last = drawn[:100, :100], drawn[100:, 200:]
    widths = [np.ptp(np.nonzero(cell.max(axis=0))[0]) + 1 for cell in (first, last)]
    scale = 98 // FIELD.side
    assert widths[0] == scale * np.count_nonzero(FIELD.kernels[0].values.max(axis=0))
    assert last.max() == first.max() == 255


def test_a_picture_and_an_array_are_written(tmp_path):
    save_field(FIELD, tmp_path / "field.png")
    drawn = cv2.imread(str(tmp_path / "field.png"), cv2.IMREAD_UNCHANGED)
    assert drawn.shape == (2 * (FIELD.side * 4 + 2), 3 * (FIELD.side * 4 + 2))
    save_field(FIELD, tmp_path / "field.npy")
    array = np.load(tmp_path / "field.npy")
    assert array.shape == (2, 3, FIELD.side, FIELD.side)
    np.testing.assert_allclose(array.sum(axis=(2, 3)), 1, atol=1e-5)


def test_a_failure_to_write_is_reported(tmp_path):
    with pytest.raises(UserError, match=r"field.gif can be written as \.png or \.npy only"):
        save_field(FIELD, tmp_path / "field.gif")
    with pytest.raises(UserError, match="cannot be written"):
        save_field(FIELD, tmp_path / "nowhere" / "field.png")
