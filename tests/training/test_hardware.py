import torch

from training.hardware import seconds_on


def test_work_on_the_cpu_is_done_once_and_timed():
    done = []
    assert seconds_on(torch.device("cpu"), lambda: done.append(1)) >= 0
    assert done == [1]
