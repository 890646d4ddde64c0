import numpy as np
import torch

from engine.kernels.kernel import Kernel
from training.degradation import plain
from training.judge import Judge, kernel_stack
from training.sharp import SharpSet


def test_kernels_of_any_size_keep_their_centres_in_a_bank():
    small, wide = np.zeros((3, 5), np.float32), np.ones((7, 7), np.float32) / 49
    small[1, 2] = 1
    bank = kernel_stack([Kernel(small), Kernel(wide)])
    assert bank.shape == (2, 1, 7, 7)
    assert bank[0, 0, 3, 3] == 1
    torch.testing.assert_close(bank.sum((-3, -2, -1)), torch.ones(2))


def test_a_judge_blurs_with_the_kernels_it_is_given():
    photos = SharpSet([np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)])
    bank = kernel_stack([Kernel(np.ones((1, 1), np.float32))])
    judge = Judge(photos, plain(0.0, largest=1), (32, 32), torch.device("cpu"), 2, bank)
    assert judge.score(lambda blurred: blurred).psnr > 50
