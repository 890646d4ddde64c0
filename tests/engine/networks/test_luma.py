import numpy as np
import torch

from engine.kernels.estimation import luma
from engine.networks.luma import luma_of


def test_luma_of_grey_is_grey():
    grey = torch.rand(2, 1, 4, 5)
    torch.testing.assert_close(luma_of(grey.expand(2, 3, 4, 5)), grey)
    torch.testing.assert_close(luma_of(grey), grey)


def test_tensors_and_arrays_have_the_same_luma():
    pixels = np.random.default_rng(0).random((5, 7, 3), np.float32)
    of_tensor = luma_of(torch.from_numpy(pixels).permute(2, 0, 1)[None])[0, 0]
    np.testing.assert_allclose(of_tensor, luma(pixels), atol=1e-6)
