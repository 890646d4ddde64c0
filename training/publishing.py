"""Weights leave a run as fp16 safetensors with a card, and only if they are better than those they replace."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from engine.networks.method import Method
from training.judge import Verdict
from training.progress import Progress

FORMAT = 1


@dataclass(frozen=True)
class Provenance:
    """What a card tells of where weights come from."""

    data: Sequence[dict[str, Any]]
    budget: dict[str, Any]
    started_from: str | None


def device_name(device: torch.device) -> str:
    """Name the hardware as a reader would."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def write_weights(
    folder: Path,
    method: Method,
    settings: dict[str, Any],
    network: nn.Module,
    progress: Progress,
    provenance: Provenance,
    evaluations: dict[str, Any],
    device: torch.device,
) -> Path:
    """Write ID.safetensors (fp16) and its card ID.json into `folder`; return the card's path."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{method.id}.safetensors"
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    temporary = weights.with_suffix(".part")
    save_file(halves, temporary, metadata={"method": method.id, "format": str(FORMAT)})
    temporary.replace(weights)
    held_out = evaluations["held out"]
    card = {
        "format": FORMAT,
        "id": method.id,
        "method": method.id,
        "title": method.title,
        "paper": method.paper,
        "settings": {**method.settings, **settings},
        "parameters": sum(p.numel() for p in network.parameters()),
        "precision": "float16",
        "data": list(provenance.data),
        "samples_seen": progress.samples,
        "minutes": round(progress.seconds / 60, 1),
        "device": device_name(device),
        "budget": provenance.budget,
        "started_from": provenance.started_from,
        "evaluations": evaluations,
        "experimental": not held_out["psnr"] > held_out["input_psnr"],
        "code_version": version("acutance") if _installed() else "source",
        "created": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    path = folder / f"{method.id}.json"
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path


def _installed() -> bool:
    try:
        return bool(version("acutance"))
    except ModuleNotFoundError:
        return False


def is_better(new: Verdict, old: Verdict | None) -> bool:
    """Whether new weights may replace old ones, or the blurred input where there are none."""
    return new.psnr > (old.psnr if old is not None else new.input_psnr)
