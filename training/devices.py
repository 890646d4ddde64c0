"""Chooses the device of a run: the user's choice, or this rank's GPU, if it exists."""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch

from engine.errors import UserError

TYPES = ("cpu", "cuda", "mps")


def device_for(wish: str) -> torch.device:
    """Return the device for cpu, cuda, cuda:1 or mps; "auto" is the fastest.

    Raise UserError if there is no such device, or if it does not work.
    """
    try:
        device = of_rank(torch.device(_fastest() if wish == "auto" else wish), os.environ)
        if device.type not in TYPES:
            raise ValueError(device)
        torch.empty(0, device=device)  # queries the driver
    except (RuntimeError, AssertionError, ValueError) as error:
        raise UserError(
            "There is no device {wish!r} to compute on here; leave --device out for the fastest that there is.",
            wish=wish,
        ) from error
    return device


def of_rank(device: torch.device, environment: Mapping[str, str]) -> torch.device:
    """Return this rank's GPU (torchrun's LOCAL_RANK), unless `device` names a certain one."""
    local_rank = environment.get("LOCAL_RANK")
    if local_rank is None or device.type != "cuda" or device.index is not None:
        return device
    return torch.device("cuda", int(local_rank))


def _fastest() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
