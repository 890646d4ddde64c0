"""Weights leave a run as fp16 safetensors with a card, and only if they are better than those they replace."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """What a card tells of where weights come from.

    stages: that were gone through. before: the card of the weights that they started from.
    """

    data: Sequence[dict[str, Any]]
    budget: dict[str, Any]
    started_from: str | None
    stages: Sequence[str] = ()
    before: Mapping[str, Any] = field(default_factory=dict)

    def of_all_bursts(self) -> list[dict[str, Any]]:
        """Return the photos of this burst and of those before it, each source once."""
        named = {source["name"]: source for source in [*self.before.get("data", []), *self.data]}
        return [named[name] for name in sorted(named)]


def card_beside(weights: Path) -> dict[str, Any]:
    """Return the card of weights, empty where there is none that can be read."""
    try:
        card: dict[str, Any] = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card


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
    held_out = evaluations["held out"]
    facts = {
        "title": method.title,
        "paper": method.paper,
        "settings": {**method.settings, **settings},
        **made(progress, provenance, device),
        "evaluations": evaluations,
        "experimental": not held_out["psnr"] > held_out["input_psnr"],
    }
    return write_halves(folder, method.id, network, facts)


def write_halves(folder: Path, weights_id: str, network: nn.Module, facts: Mapping[str, Any]) -> Path:
    """Write ID.safetensors (fp16) and the card ID.json with `facts` into `folder`; return the card's path."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / f"{weights_id}.safetensors"
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    temporary = weights.with_suffix(".part")
    save_file(halves, temporary, metadata={"method": weights_id, "format": str(FORMAT)})
    temporary.replace(weights)
    card = {
        "format": FORMAT,
        "id": weights_id,
        "method": weights_id,
        "parameters": sum(p.numel() for p in network.parameters()),
        "precision": "float16",
        **facts,
        "code_version": version("acutance") if _installed() else "source",
        "created": _today(),
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    path = folder / f"{weights_id}.json"
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return path


def made(progress: Progress, provenance: Provenance, device: torch.device) -> dict[str, Any]:
    """Return what a card tells of how weights were made: data, samples and minutes of all bursts, and each burst."""
    before = provenance.before
    burst = {
        "samples": progress.samples,
        "minutes": round(progress.seconds / 60, 1),
        "device": device_name(device),
        "budget": provenance.budget,
        "started_from": provenance.started_from,
        "stages": list(provenance.stages),
        "created": _today(),
    }
    return {
        "data": provenance.of_all_bursts(),
        "samples_seen": before.get("samples_seen", 0) + progress.samples,
        "minutes": round(before.get("minutes", 0) + progress.seconds / 60, 1),
        "device": device_name(device),
        "bursts": [*before.get("bursts", []), burst],
    }


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _installed() -> bool:
    try:
        return bool(version("acutance"))
    except ModuleNotFoundError:
        return False


def is_better(new: Verdict, old: Verdict | None) -> bool:
    """Whether new weights may replace old ones, or the blurred input where there are none."""
    return new.psnr > (old.psnr if old is not None else new.input_psnr)
