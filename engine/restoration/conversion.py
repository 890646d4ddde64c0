"""Converts a network to OpenVINO, and stores the graph in the cache."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from engine.networks.graph import Graph, NetworkGraphs

MOST_KEPT = 24  # graphs to keep; older ones, of earlier weights and versions, are deleted
GRAPH, NUMBERS, CHECKSUM = "graph.xml", "graph.bin", "sha256"


def openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report the import and every conversion to Intel."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def convert(network: NetworkGraphs, half: bool, folders: Mapping[str, Path]) -> None:
    """Write a network's graphs into folders, unless they exist.

    Takes seconds. Raise RuntimeError or OSError if it fails.
    """
    graphs = network.graphs(half)
    for name, folder in folders.items():
        if not folder.exists():
            _write(_converted(graphs[name]), folder)


def checksum(folder: Path) -> str:
    """Return the SHA-256 of a graph, from the file beside it."""
    return hashlib.sha256((folder / GRAPH).read_bytes() + (folder / NUMBERS).read_bytes()).hexdigest()


def _converted(graph: Graph) -> Any:
    ov = openvino()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # that tracing is deprecated, and that sizes are checked
        model = ov.convert_model(graph.module.eval(), example_input=(graph.tiles, *graph.numbers))
    model.reshape({model.inputs[0]: ov.PartialShape([-1, graph.tiles.shape[1], -1, -1])})
    return model


def _write(model: Any, folder: Path) -> None:
    """Write a graph into the cache, completely or not at all, and delete the oldest ones."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        openvino().save_model(model, temporary / GRAPH, compress_to_fp16=False)
        (temporary / CHECKSUM).write_text(checksum(temporary))
        _put(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in sorted(folder.parent.iterdir(), key=_changed)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _put(temporary: Path, folder: Path) -> None:
    """Rename the folder, unless another process was faster."""
    try:
        temporary.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _changed(folder: Path) -> float:
    """Return when a folder was changed, 0 if another process has just deleted it."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0
