"""A training step on an imaginary GPU: its tensors have a device and a shape but no values.

Operations between tensors of two devices fail there. So does every reading of a value, which would make the program
wait for a GPU. Only the arithmetic needs a real GPU.
"""

import dataclasses

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from engine.networks.registry import method
from training import jpeg
from training.batches import Batch, BatchMaker
from training.hardware import autocast_type
from training.progress import Budget
from training.recipe import recipe, recipes
from training.sharp import SharpSet
from training.trainer import RunOptions, Trainer

GPU = torch.device("cuda")


class Waits(TorchDispatchMode):
    """Counts the copies from or to the CPU that the program would wait for."""

    def __init__(self):
        super().__init__()
        self.copies = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        if func is torch.ops.aten._to_copy.default and not (kwargs or {}).get("non_blocking"):
            devices = {args[0].device.type, found.device.type}
            self.copies += [func] if len(devices) > 1 else []
        return found


def moved(module: nn.Module, *args, **_) -> nn.Module:
    """Do the work of `Module.to`, which does not support tensors without values."""
    if any(isinstance(wish, torch.device) for wish in args):
        for part in module.modules():
            for name, p in part._parameters.items():
                if p is not None:
                    part._parameters[name] = nn.Parameter(torch.empty(p.shape, device=GPU), p.requires_grad)
            for name, b in part._buffers.items():
                if b is not None:
                    part._buffers[name] = torch.empty(b.shape, dtype=b.dtype, device=GPU)
    return module


class OfTheCPU(torch.Generator):
    """A generator of any device; it draws nothing."""

    def __new__(cls, device="cpu"):
        return super().__new__(cls, "cpu")


def without_generator(draw):
    return lambda *args, generator=None, **options: draw(*args, **options)


@pytest.fixture
def no_gpu(monkeypatch):
    """Provide a GPU in name only."""
    for name in ("rand", "randn", "randint"):
        monkeypatch.setattr(torch, name, without_generator(getattr(torch, name)))
    monkeypatch.setattr(torch, "Generator", OfTheCPU)
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor)
    monkeypatch.setattr(nn.Module, "to", moved)
    monkeypatch.setattr("training.trainer.tune", lambda device: None)
    _forget()
    mode = FakeTensorMode()
    monkeypatch.setattr(FakeTensorMode, "__deepcopy__", lambda mode, memo: mode, raising=False)
    yield mode
    _forget()


def _forget():
    """Forget the constants on a device, so that they do not mix with those of another test."""
    jpeg._dct.cache_clear()
    jpeg._constant.cache_clear()


def sharp_set(labelled):
    photos = SharpSet.__new__(SharpSet)
    photos.heights = photos.widths = torch.full((4,), 400)
    photos.starts = torch.arange(4) * 160_000
    photos.pixels = torch.zeros(640_000, 3, dtype=torch.uint8)
    photos.labels = torch.zeros(640_000, dtype=torch.uint8) if labelled else None
    return photos


@pytest.mark.parametrize("name", recipes())
@pytest.mark.filterwarnings("ignore")
def test_a_step_of_every_stage_stays_on_the_gpu_and_never_waits_for_it(name, small, no_gpu, tmp_path, monkeypatch):
    chosen = recipe(name)
    network = method(name).build(small[name])
    objectives = [stage.objective() for stage in chosen.stages]  # first, because they read weights
    stages = tuple(
        dataclasses.replace(stage, share=1.0, objective=lambda made=made: made)
        for stage, made in zip(chosen.stages, objectives, strict=True)
    )
    chosen = dataclasses.replace(chosen, stages=stages)
    with no_gpu:
        bank = torch.zeros(10, 1, chosen.degradation.largest, chosen.degradation.largest)
        maker = BatchMaker(sharp_set(chosen.needs_labels), bank, chosen.degradation, GPU, 0)
        trainer = Trainer(chosen, network, maker, None, RunOptions(tmp_path, Budget(samples=1), GPU))

        def backward(loss):  # autograd asks the driver for the device
            for parameter in [*trainer.network.parameters(), *trainer.objective.parameters()]:
                parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None

        monkeypatch.setattr(torch.Tensor, "backward", backward)
        maker.draw(1, 32, 32, colour=True)  # constants are sent once
        for index, wanted in enumerate(stages):
            stage = trainer.enter(index)
            assert stage is wanted
            with Waits() as waits:
                losses = trainer.step(stage, 0.5)
            assert waits.copies == []
            assert {loss.device.type for loss in losses.values()} == {"cuda"}


@pytest.mark.parametrize("name", recipes())
def test_every_stage_runs_in_bfloat16(name, small):
    if name == "semantic" and autocast_type(torch.device("cpu")) is None:
        pytest.skip("this processor only emulates bfloat16, which takes minutes")
    torch.manual_seed(0)
    network = method(name).build(small[name]).train()
    for stage in recipe(name).stages:
        objective = stage.objective()
        batch = _batch()
        with torch.autocast("cpu", torch.bfloat16):
            total = torch.stack(list(objective(network, batch).values())).sum()
            rival = objective.opponent(network, batch)
        assert total.dtype == torch.float32
        assert total.isfinite()
        total.backward()
        assert rival is None or rival.isfinite()
        assert all(p.grad is None or p.grad.isfinite().all() for p in network.parameters())


def _batch():
    sharp = torch.rand(1, 3, 80, 80)
    kernel = torch.zeros(1, 1, 9, 9)
    kernel[..., 4, :] = 1 / 9
    return Batch(sharp, sharp * 0.9, kernel, torch.zeros(1), torch.randint(11, (1, 80, 80)))
