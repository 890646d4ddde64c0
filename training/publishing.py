"""Publishes a run's weights as fp16 safetensors with a card, only if they are better than those they replace."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as serialised
from torch import nn

from engine.errors import UserError
from engine.networks.method import Method
from engine.program import own_version
from engine.weights import FORMAT
from engine.whole_files import write_whole
from training.judge import HeldOutScores
from training.progress import Progress


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
        """Return the photos of this burst and of those before it, each source once."""
        named = {source["name"]: source for source in [*self.before.get("data", []), *self.data]}
        return [named[name] for name in sorted(named)]


def card_beside(weights: Path) -> dict[str, Any]:
    """Return the card of weights, or an empty one if none can be read."""
    try:
        card = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}


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
    """Write ID.safetensors (fp16) and the card ID.json with `facts` into `folder`; return the card's path.

    Each file is written completely or not at all. Between the two, the older card's SHA-256 does not match the
    weights, so readers refuse them (`engine.weights.read_checked`). Raise UserError if they cannot be written.
    """
    halves = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).detach().cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    weights = serialised(halves, metadata={"method": weights_id, "format": str(FORMAT)})
    card = {
        "format": FORMAT,
        "id": weights_id,
        "method": weights_id,
        "parameters": sum(p.numel() for p in network.parameters()),
        "precision": "float16",
        **facts,
        "code_version": own_version() or "source",
        "created": _today(),
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    text = json.dumps(card, indent=2) + "\n"
    path = folder / f"{weights_id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path.with_suffix(".safetensors"), lambda file: file.write(weights))
        write_whole(path, lambda file: file.write(text.encode()))
    except OSError as error:
        raise UserError("The weights {path} cannot be written: {reason}.", path=path, reason=error) from error
    return path


def made(progress: Progress, provenance: Provenance, device: torch.device) -> dict[str, Any]:
    """Return the facts about the training: data, samples and minutes of all bursts, and each burst."""
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


def is_better(new: HeldOutScores, old: HeldOutScores | None) -> bool:
    """Whether new weights are better than the old ones, or than the blurred input if there are none."""
    return new.psnr > (old.psnr if old is not None else new.input_psnr)
