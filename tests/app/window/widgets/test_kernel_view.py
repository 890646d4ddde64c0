import numpy as np

from app.window.widgets.kernel_view import kernel_image
from engine.kernels.kernel import Kernel


def test_a_small_kernel_is_surrounded_by_black():
    image = kernel_image(Kernel(np.ones((1, 1), np.float32)))
    assert (image.width(), image.height()) == (9, 9)
    assert image.pixelColor(4, 4).value() == 255
    assert image.pixelColor(3, 4).value() == 0


def test_a_sketch_is_drawn_in_its_own_size():
    assert kernel_image(Kernel(np.ones((5, 3), np.float32)), least=1).width() == 3


def test_a_large_kernel_keeps_its_size():
    assert kernel_image(Kernel(np.ones((11, 21), np.float32))).width() == 21
