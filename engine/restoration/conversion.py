"""Converts a network to OpenVINO, and keeps the graph in the cache."""

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

from engine.networks.graph import GraphNetwork, Numbers
from engine.networks.network import DeblurringNetwork, Prepared

TRACED_SIDE = 40  # px: heights and widths are free in the converted graph, so a small example does
MOST_KEPT = 12  # graphs: the rest, of older weights and versions, is deleted
GRAPH, NUMBERS, CHECKSUM = "graph.xml", "graph.bin", "sha256"


def openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report the import and every conversion to Intel."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def convert(network: GraphNetwork, half: bool, folders: Mapping[bool, Path]) -> None:
    """Write the graphs for whole pictures (False) and for tiles (True) into folders, those that are there not again.

    Takes seconds. Raises RuntimeError or OSError where it fails.
    """
    for tiled, folder in folders.items():
        if not folder.exists():
            _write(_converted(network, tiled, half), folder)


def checksum(folder: Path) -> str:
    """Return the SHA-256 of a graph, which lies beside it."""
    return hashlib.sha256((folder / GRAPH).read_bytes() + (folder / NUMBERS).read_bytes()).hexdigest()


def _converted(network: GraphNetwork, tiled: bool, half: bool) -> Any:
    ov = openvino()
    graph = network.graph(tiled, half).eval()
    channels = len(network.numbers(Prepared(), 3))
    tiles = torch.rand(1, 1 if channels == 3 else 3, TRACED_SIDE, TRACED_SIDE)
    numbers = _example(network, tiled)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # that tracing is old, and that sizes are looked at
        model = ov.convert_model(graph, example_input=(tiles, *numbers))
    model.reshape({model.inputs[0]: ov.PartialShape([-1, tiles.shape[1], -1, -1])})
    return model


def _example(network: GraphNetwork, tiled: bool) -> Numbers:
    if not tiled:
        return ()
    assert isinstance(network, DeblurringNetwork)
    with torch.inference_mode():
        picture = torch.rand(3, TRACED_SIDE, TRACED_SIDE)
        return network.numbers(network.prepare(picture, tiled=True), 3)[0]


def _write(model: Any, folder: Path) -> None:
    """Put a graph into the cache, whole or not at all, and delete the oldest there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        openvino().save_model(model, temporary / GRAPH, compress_to_fp16=False)
        (temporary / CHECKSUM).write_text(checksum(temporary))
        if not folder.exists():
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    for old in sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
