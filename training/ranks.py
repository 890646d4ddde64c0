"""Several GPUs or machines: PyTorch's process group, started by torchrun; without torchrun, one rank."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn


@dataclass(frozen=True)
class Ranks:
    """This process in the group. Gradients are averaged, so all ranks together act as one trainer."""

    index: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        """Whether this rank writes files and logs."""
        return self.index == 0

    def average(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its mean over the ranks, in one message."""
        if self.count == 1:
            return
        listed = list(tensors)
        flat = torch.cat([t.reshape(-1).float() for t in listed])
        dist.all_reduce(flat)
        flat /= self.count
        start = 0
        for tensor in listed:
            tensor.copy_(flat[start : start + tensor.numel()].view_as(tensor))
            start += tensor.numel()

    def agree(self, value: float, device: torch.device) -> float:
        """Return the first rank's value to all."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=device if device.type == "cuda" else "cpu")
        dist.broadcast(shared, 0)
        return float(shared.item())

    def same(self, network: nn.Module) -> None:
        """Give all ranks the first one's weights."""
        if self.count > 1:
            for tensor in network.state_dict().values():
                dist.broadcast(tensor, 0)


@contextmanager
def joined(device: torch.device) -> Iterator[Ranks]:
    """Join the group that torchrun's environment describes, and leave it at the end.

    device: this rank's own (`training.devices.device_for`).
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Ranks()
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)  # NCCL uses the current GPU, and refuses one that two ranks share
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()
