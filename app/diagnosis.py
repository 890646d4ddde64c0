"""The diagnosis of this machine, for `acutance doctor` and the window: versions, devices, weights, folders.

Each finding is English, with its variable parts apart: the report speaks English whoever copies it, and the window
translates the rest.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import psutil

from app.language import marked, tr, translated
from app.private import private
from engine.networks.registry import methods, unusable_methods
from engine.program import own_version, packaged
from engine.user_folders import cache_folder, config_folder, data_folder, log_folder
from engine.weights import find_weights, folders, installed, problems, user_folder

Tone = Literal["plain", "good", "note", "bad"]

PACKAGES = (
    "torch",
    "numpy",
    "scipy",
    "scikit-image",
    "Pillow",
    "opencv-python-headless",
    "tifffile",
    "imagecodecs",
    "rawpy",
    "safetensors",
    "pi-heif",
    "psutil",
    "facenet-pytorch",
    "PySide6-Essentials",
    "pyqtgraph",
    "openvino",
)
_GIBIBYTE = 2**30
_MISSING = marked("not installed")


@dataclass(frozen=True)
class Finding:
    """One line of the diagnosis.

    name: its subject, marked for `tr`, or a proper name. text: marked, with `values` for its fields.
    tone: "good" and "bad" are verdicts, "note" needs attention.
    """

    name: str
    text: str
    values: dict[str, str] = field(default_factory=dict)
    tone: Tone = "plain"

    @property
    def shown(self) -> str:
        """The text in the current language."""
        return tr(self.text).format(**{name: translated(value) for name, value in self.values.items()})

    def __str__(self) -> str:
        return f"{self.name}: {self.text.format(**self.values)}"


@dataclass(frozen=True)
class Part:
    """Findings under a heading, which is marked for `tr`."""

    title: str
    findings: tuple[Finding, ...]


def diagnose() -> list[Part]:
    """Check everything. It imports torch and reads all weights, which takes seconds."""
    return [Part(title, tuple(look())) for title, look in _PARTS]


def check_weights() -> Part:
    """Check only the weights, and read each file again."""
    return Part(_WEIGHTS, tuple(_weights()))


def report(parts: list[Part]) -> str:
    """Return the diagnosis as English text without home folder, user or host name, so that it can be shared."""
    blocks = ["\n".join([part.title, *(f"  {finding}" for finding in part.findings)]) for part in parts]
    return private("\n\n".join(blocks))


def is_sound(parts: list[Part]) -> bool:
    """Tell whether nothing is damaged or missing."""
    return not any(finding.tone == "bad" for part in parts for finding in part.findings)


def _system() -> Iterator[Finding]:
    memory = psutil.virtual_memory()
    free, total = memory.available / _GIBIBYTE, memory.total / _GIBIBYTE
    yield Finding("Acutance", own_version() or _MISSING)
    yield Finding("Python", f"{platform.python_version()}{', packaged' if packaged() else ''}")
    yield Finding(marked("System"), f"{platform.system()} {platform.release()}, {platform.machine()}")
    values = {"total": f"{total:.1f}", "free": f"{free:.1f}"}
    yield Finding(marked("Memory"), marked("{total} GiB, {free} GiB of it free"), values)
    yield Finding(marked("Processors"), str(os.cpu_count()))


def _devices() -> Iterator[Finding]:
    import torch

    from engine.devices import choose_device, device_name, memory_budget, why_no_gpu

    device = choose_device()
    values = {"device": device_name(device), "memory": f"{memory_budget(device) / _GIBIBYTE:.1f}"}
    yield Finding(marked("Device"), marked("{device}, {memory} GiB of it for a running network"), values)
    reason = why_no_gpu()
    if reason:
        yield Finding(marked("No GPU is used"), "{reason}", {"reason": reason}, "note")
    yield Finding("PyTorch", str(torch.__version__))
    yield Finding(marked("Threads of PyTorch"), str(torch.get_num_threads()))
    yield from _backends()


def _backends() -> Iterator[Finding]:
    from engine.restoration.backend import verdicts
    from engine.restoration.openvino_graph import openvino_version, why_no_openvino

    missing = why_no_openvino()
    if missing is not None:
        yield Finding("OpenVINO", "{reason}", {"reason": missing}, "note")
        return
    yield Finding("OpenVINO", openvino_version())
    for tested, verdict in verdicts().items():
        gain = verdict.pytorch_seconds / verdict.seconds if verdict.seconds else 0.0
        network, _, place = tested.partition(": ")
        values = {"gain": f"{gain:.1f}", "difference": f"{255 * verdict.difference:.2f}", "reason": verdict.reason}
        used = marked("{gain} times as fast as PyTorch, largest difference {difference}/255 ({place})")
        text = marked("not used: {reason} ({place})") if verdict.reason else used
        yield Finding(network, text, values | {"place": place})


def _packages() -> Iterator[Finding]:
    for name in PACKAGES:
        yield Finding(name, _version(name))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _MISSING


def _weights() -> Iterator[Finding]:
    found = problems()
    for path, problem in found.items():
        if problem is not None:
            yield Finding(path.stem, "{problem}", {"problem": problem}, "bad")
        else:
            yield Finding(path.stem, marked("checksum right ({checksum}…)"), {"checksum": _checksum(path)}, "good")
    without = [name for name in methods() if not any(path.stem == name for path in found)]
    if without:
        yield Finding(marked("No weights for"), "{names}", {"names": ", ".join(without)}, "note")
    for name, reason in unusable_methods().items():
        yield Finding(name, marked("the method is left out: {reason}"), {"reason": reason}, "bad")
    if not installed():
        yield Finding(marked("Weights"), marked("none are installed that can be used"), tone="bad")


def _checksum(card: Path) -> str:
    weights = find_weights(card.stem, [card.parent])
    return weights.card.sha256[:12] if weights else ""


def _folders() -> Iterator[Finding]:
    for folder in folders():
        missing = marked("{path} (not there yet)") if folder == user_folder() else marked("{path} (not there)")
        yield _folder(marked("Weights folder"), folder, "{path}" if folder.is_dir() else missing)
    yield _folder(marked("Settings folder"), config_folder())
    yield _folder(marked("Choices folder"), data_folder())
    yield _folder(marked("Cache folder"), cache_folder())
    yield _folder(marked("Log folder"), log_folder())


def _folder(name: str, path: Path, text: str = "{path}") -> Finding:
    return Finding(name, text, {"path": str(path)})


_WEIGHTS = marked("Weights")
_PARTS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    (marked("System"), _system),
    (marked("Devices"), _devices),
    (_WEIGHTS, _weights),
    (marked("Folders"), _folders),
    (marked("Packages"), _packages),
)
