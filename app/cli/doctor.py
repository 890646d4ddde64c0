"""acutance doctor: devices, versions, weights, folders; a report that can be shown to others."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import psutil

from app.cli.console import DONE, FAILED, tell
from engine.networks.registry import methods
from engine.weights import folders, installed, problems

PACKAGES = (
    "acutance",
    "torch",
    "torchvision",
    "numpy",
    "scipy",
    "Pillow",
    "opencv-python-headless",
    "tifffile",
    "imagecodecs",
    "facenet-pytorch",
    "PySide6-Essentials",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance doctor`."""


def run(options: argparse.Namespace) -> int:
    """Print the report; exit code 1 where something is damaged or missing."""
    del options
    damaged = {path: problem for path, problem in problems().items() if problem is not None}
    for line in report():
        tell(private(line))
    return FAILED if damaged or not installed() else DONE


def report() -> Iterator[str]:
    """Yield the report line by line, with private paths still in it."""
    yield from _machine()
    yield ""
    yield from _devices()
    yield ""
    yield from _weights()
    yield ""
    yield from _folders()


def private(line: str) -> str:
    """Return the line with the home folder shown as ~."""
    home = str(Path.home())
    return line if home == os.sep else line.replace(home, "~")


def _machine() -> Iterator[str]:
    memory = psutil.virtual_memory()
    yield f"System: {platform.system()} {platform.release()}, {platform.machine()}, Python {sys.version.split()[0]}"
    free, total = memory.available / 2**30, memory.total / 2**30
    yield f"Memory: {total:.1f} GiB, {free:.1f} GiB free; {os.cpu_count()} processors"
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name}: not installed"


def _devices() -> Iterator[str]:
    import torch

    from engine.devices import choose_device, device_name, memory_budget, why_no_gpu

    device = choose_device()
    yield f"Device: {device_name(device)}, {memory_budget(device) / 2**30:.1f} GiB of it for a running network"
    reason = why_no_gpu()
    if reason:
        yield f"No GPU is used: {reason}"
    yield f"PyTorch uses {torch.get_num_threads()} threads"


def _weights() -> Iterator[str]:
    found = problems()
    for path, problem in found.items():
        yield f"Weights {path.stem}: {'checksum right' if problem is None else 'BAD. ' + problem}"
    without = [name for name in methods() if not any(path.stem == name for path in found)]
    if without:
        yield f"No weights: {', '.join(without)}"


def _folders() -> Iterator[str]:
    for folder in folders():
        yield f"Weights in {folder}{'' if folder.is_dir() else ' (not there)'}"
    yield f"Settings in {platformdirs.user_config_dir('acutance', appauthor=False)}"
    yield f"Cache in {platformdirs.user_cache_dir('acutance', appauthor=False)}"
