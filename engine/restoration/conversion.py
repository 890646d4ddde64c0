"""Converts a network to OpenVINO, in a process of its own.

Tracing a network and translating it hold Python's lock (the GIL) for some tenths of a second at a time: a window in
the same process would stand still. So the network goes to another process of this program, which leaves the graphs in
the cache, where this one reads them.
"""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import torch

from engine.networks.graph import GraphNetwork, Numbers
from engine.networks.network import DeblurringNetwork, Prepared
from engine.program import CONVERT_GRAPHS, program, root

logger = logging.getLogger(__name__)

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

    Takes seconds, in which this process waits without holding the GIL. Raises RuntimeError or OSError where it fails.
    """
    order = io.BytesIO()
    torch.save((network, half, dict(folders)), order)
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    done = subprocess.run(
        [*program(), CONVERT_GRAPHS],
        input=order.getvalue(),
        capture_output=True,
        cwd=root(),
        creationflags=flags,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")
        logger.warning("the conversion ended with %d: %s", done.returncode, said)
        raise RuntimeError(said.splitlines()[-1] if said.strip() else f"it ended with {done.returncode}")


def main(order: BinaryIO | None = None) -> int:
    """Do what `convert` wrote to the standard input; return the exit code. The last line of errors says why."""
    try:
        # The order comes from our own parent process, and holds a network, not weights alone.
        given = io.BytesIO((order or sys.stdin.buffer).read())
        write_graphs(*torch.load(given, weights_only=False))
    except Exception as error:
        logger.exception("the conversion failed")
        sys.stderr.write(f"{next(iter(str(error).splitlines()), type(error).__name__)}\n")
        return 1
    return 0


def write_graphs(network: GraphNetwork, half: bool, folders: Mapping[bool, Path]) -> None:
    """Do in this process what `convert` does in another."""
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
