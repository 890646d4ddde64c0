"""Publishes a run's weights as fp16 safetensors with a card, only if they are better than those they replace."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as serialised
from torch import nn

from engine.devices import device_name
from engine.networks.method import Method
from engine.weights import FORMAT
from training.judge import HeldOutScores
from training.progress import Progress
from training.shelf import put, today


@dataclass(frozen=True)
class Provenance:
    """The facts on a card about the origin of weights.

    stages: the stages of this training. before: the card of the weights that they started from.
    """

    data: Sequence[dict[str, Any]]
    budget: dict[str, Any]
    started_from: str | None
    stages: Sequence[str] = ()
    before: Mapping[str, Any] = field(default_factory=dict)

    def of_all_bursts(self) -> list[dict[str, Any]]:
        """Return the photos of all bursts, each source once, with the most that a burst saw."""
        both = [*self.before.get("data", []), *self.data]
        named = {source["name"]: source for source in sorted(both, key=lambda source: source.get("pictures", 0))}
        return [named[name] for name in sorted(named)]


def card_beside(weights: Path) -> dict[str, Any]:
    """Return the card of weights, or an empty one if none can be read."""
    try:
        card = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}


def hardware_name(device: torch.device) -> str:
    """Return the name of a device for a card, with the processor and the threads of a CPU."""
    if device.type != "cpu":
        return device_name(device)
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
    origin = made(progress, provenance, device)
    origin["bursts"][-1]["held_out"] = {name: held_out[name] for name in ("psnr", "input_psnr")}
    facts = {
        "title": method.title,
        "paper": method.paper,
        "settings": {**method.settings, **settings},
        **origin,
        "evaluations": evaluations,
        "experimental": not held_out["psnr"] > held_out["input_psnr"],
    }
    return write_halves(folder, method.id, network, facts)


def write_halves(folder: Path, weights_id: str, network: nn.Module, facts: Mapping[str, Any]) -> Path:
    """Write ID.safetensors (fp16) and the card ID.json with `facts` into `folder` (`training.shelf.put`)."""
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    plain = {"parameters": sum(p.numel() for p in network.parameters()), "precision": "float16", **facts}
    return put(folder, weights_id, serialised(halves, metadata={"method": weights_id, "format": str(FORMAT)}), plain)


def made(progress: Progress, provenance: Provenance, device: torch.device) -> dict[str, Any]:
    """Return the facts about the training: data, samples and minutes of all bursts, and each burst."""
    before = provenance.before
    burst = {
        "samples": progress.samples,
        "minutes": round(progress.seconds / 60, 1),
        "device": hardware_name(device),
        "budget": provenance.budget,
        "started_from": provenance.started_from,
        "stages": list(provenance.stages),
        "created": today(),
    }
    return {
        "data": provenance.of_all_bursts(),
        "samples_seen": before.get("samples_seen", 0) + progress.samples,
        "minutes": round(before.get("minutes", 0) + progress.seconds / 60, 1),
        "device": hardware_name(device),
        "bursts": [*before.get("bursts", []), burst],
    }


def is_better(new: HeldOutScores, old: HeldOutScores | None) -> bool:
    """Whether new weights are better than the old ones, or than the blurred input if there are none."""
    return new.psnr > (old.psnr if old is not None else new.input_psnr)
