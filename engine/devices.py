"""Chooses the device, precision and memory of a network, and remembers what failed on a device."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.errors import Sentence, UserError
from engine.networks.method import Method, Precision
from engine.place import DeviceChoice, PrecisionChoice
from engine.program import packaged
from engine.user_folders import cache_folder

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

# bytes: more does not make large tiles faster, and a 45 MP photo must stay below 3 GiB in total
CPU_BUDGET = 3 * 2**29
CPU_SHARE = 0.5  # share of the free memory; the rest is left to other programs
GPU_SHARE = 0.7
LOST = ("CUDA error", "CUDA driver error", "MPS backend", "device-side assert", "unspecified launch failure")

_lost: set[str] = set()
"""Kinds of devices that failed in this process: after a CUDA error nothing runs there until the next start."""


def choose_device(choice: DeviceChoice = "auto") -> torch.device:
    """Return the device to run on; raise UserError if the requested one cannot be used."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    usable = {kind: yes and kind not in _lost for kind, yes in there.items()}
    if choice == "auto":
        return torch.device(next(kind for kind, yes in usable.items() if yes))
    if choice in _lost:
        raise UserError("The device {choice!r} failed before. Restart Acutance to use it again.", choice=choice)
    if not usable[choice]:
        raise UserError("The device {choice!r} cannot be used: {reason}", choice=choice, reason=why_no_gpu())
    return torch.device(choice)


def lose_device(device: torch.device) -> None:
    """Note that a device failed, so that this process does not use it again."""
    if device.type != "cpu":
        _lost.add(device.type)


def says_lost(error: BaseException) -> bool:
    """Whether an error says that a device failed for the rest of this process."""
    return isinstance(error, RuntimeError) and any(words in str(error) for words in LOST)


def why_no_gpu() -> str | None:
    """Say in a sentence why no GPU is used; None if one is used."""
    import torch

    if _lost:
        return Sentence("It failed while computing. Restart Acutance to try it again.")
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        return None
    if torch.version.cuda is None and torch.version.hip is None:
        if packaged():
            return Sentence("This package is the one for processors; for an NVIDIA GPU there is one with CUDA.")
        return Sentence("This PyTorch was built for the CPU alone; install one built for CUDA, or MPS on a Mac.")
    if not _nvidia_driver():
        return Sentence("No NVIDIA driver was found on this machine.")
    return Sentence("PyTorch was built for CUDA and a driver is there, but it offers no device: it may be too old.")


def _nvidia_driver() -> bool:
    import shutil

    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists()


def device_name(device: torch.device) -> str:
    """Return the device's own name, e.g. "NVIDIA H200"; "cpu" and "mps" for those two."""
    import torch

    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def memory_budget(device: torch.device, asked: int | None = None) -> int:
    """Return the bytes that a running network may use on `device`: `asked`, or a share of the free memory."""
    import torch

    if device.type == "cuda":
        free = int(torch.cuda.mem_get_info(device)[0] * GPU_SHARE)
        return min(asked or free, free)
    if asked is not None:
        return asked
    return min(CPU_BUDGET, int(psutil.virtual_memory().available * CPU_SHARE))


def choose_precision(device: torch.device, method: Method, choice: PrecisionChoice = "auto") -> Precision:
    """Return the precision to use: float32 on the CPU, otherwise the best half precision known to be safe."""
    if choice != "auto":
        return choice if choice in method.precisions else "float32"
    if device.type == "cpu":
        return "float32"
    failed = _failures().get(f"{device_name(device)}: {method.id}", [])
    wanted: tuple[Precision, ...] = ("bfloat16", "float16") if _has_bfloat16(device) else ("float16",)
    return next((p for p in wanted if p in method.precisions and p not in failed), "float32")


def _has_bfloat16(device: torch.device) -> bool:
    import torch

    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def remember_failure(device: torch.device, method: Method, precision: Precision) -> None:
    """Note that `precision` gave not-a-number for `method` on `device`, so that it is not tried again."""
    failures = _failures()
    known = failures.setdefault(f"{device_name(device)}: {method.id}", [])
    if precision in known:
        return
    known.append(precision)
    try:
        _memory().parent.mkdir(parents=True, exist_ok=True)
        _memory().write_text(json.dumps(failures, indent=2), encoding="utf-8")
    except OSError as error:
        logger.warning("cannot remember that %s failed: %s", precision, error)


def _memory() -> Path:
    return cache_folder() / "half-precision.json"


def _failures() -> dict[str, list[str]]:
    try:
        found = json.loads(_memory().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
