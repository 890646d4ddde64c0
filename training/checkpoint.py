"""A run on disk: all that is needed to resume it exactly, as safetensors; nothing is unpickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialised
from torch import Tensor

from engine.errors import UserError
from engine.whole_files import write_whole

NAME = "checkpoint.safetensors"


def save(folder: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Replace the last checkpoint, completely or not at all; raise UserError if that fails."""
    path = folder / NAME
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    data = serialised(plain, metadata={"facts": json.dumps(dict(facts))})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write(data))
    except OSError as error:
        raise UserError("The checkpoint {path} cannot be written: {reason}.", path=path, reason=error) from error


def load(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Read the checkpoint of a run, or None if there is none yet."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
            return tensors, json.loads(file.metadata()["facts"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: this checkpoint cannot be read ({error}); remove it to start anew.") from error


def flatten_optimiser(optimiser: torch.optim.Optimizer, prefix: str) -> tuple[dict[str, Tensor], list[Any]]:
    """Return an optimiser's state as named tensors and its groups as plain data."""
    state = optimiser.state_dict()
    tensors = {
        f"{prefix}{index}.{name}": value if isinstance(value, Tensor) else torch.tensor(value)
        for index, entries in state["state"].items()
        for name, value in entries.items()
    }
    return tensors, state["param_groups"]


def restore_optimiser(
    optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor], groups: list[Any], prefix: str
) -> None:
    """Restore what `flatten_optimiser` returned."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith(prefix):
            index, entry = name.removeprefix(prefix).split(".", 1)
            state.setdefault(int(index), {})[entry] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": groups})


def under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors whose names begin with the prefix, without it."""
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
