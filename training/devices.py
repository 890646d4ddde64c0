"""Which device a run is on: the user's wish, this rank's own GPU, and whether it is there at all."""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch

from engine.errors import UserError

TYPES = ("cpu", "cuda", "mps")


def device_for(wish: str) -> torch.device:
    """Return the device that a wish means: cpu, cuda, cuda:1, mps; "auto" is the fastest there is.

    Raise UserError where it is none, or does not work here.
    """
    try:
        device = of_rank(torch.device(_fastest() if wish == "auto" else wish), os.environ)
        if device.type not in TYPES:
            raise ValueError(device)
        torch.empty(0, device=device)  # asks the driver
    except (RuntimeError, AssertionError, ValueError) as error:
        raise UserError(
            "There is no device {wish!r} to compute on here; leave --device out for the fastest that there is.",
            wish=wish,
        ) from error
    return device


def of_rank(device: torch.device, environment: Mapping[str, str]) -> torch.device:
    """Return the GPU of this rank's own, by the LOCAL_RANK of torchrun, where `device` names no certain one."""
    local_rank = environment.get("LOCAL_RANK")
    if local_rank is None or device.type != "cuda" or device.index is not None:
        return device
    return torch.device("cuda", int(local_rank))


def _fastest() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
