"""acutance export METHOD -o FILE.onnx: a network for the neural restoration of other programs."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from app.cli.console import DONE, UsageError, print_json, say
from engine.errors import UserError
from engine.networks.registry import method as registered
from engine.photos.naming import check_place
from engine.weights import Card, WeightsError, WeightsFile, find_weights, load

_SHIPPED_LICENCE = "CC BY-NC-SA 4.0"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance export`."""
    parser.add_argument("method", metavar="METHOD", help="a method of `acutance methods`, or weights METHOD@NAME")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.onnx", help="where the network goes"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Export the network, check it, and say how far it is from PyTorch."""
    path: Path = options.output
    if path.suffix.lower() != ".onnx":
        raise UsageError(f"A network is exported to an .onnx file, not {path.name}.")
    method = registered(options.method)
    weights = find_weights(options.method)
    if weights is None:
        raise WeightsError(
            "No weights {id} are installed; `acutance methods` lists those that are.", id=options.method
        )
    check_place(path)
    if not options.overwrite and os.path.lexists(path):
        raise UserError("{target} exists already; --overwrite would replace it.", target=path)
    from engine.restoration.onnx_graph import SIZES, write_onnx

    notes = _notes(weights)
    difference = write_onnx(load(weights), method, path, notes, overwrite=options.overwrite)
    if options.json:
        print_json({"file": str(path), "difference": difference, "sizes": SIZES, **notes})
    sizes = ", ".join(f"{width} x {height}" for height, width in SIZES)
    say(f"{options.method} -> {path}, within {difference * 255:.3f}/255 of PyTorch on {sizes} px")
    if notes["licence"]:
        say(f"  The weights are under {notes['licence']}, and so is the file.")
    return DONE


def _notes(weights: WeightsFile) -> dict[str, str]:
    card: Card = weights.card
    return {
        "title": registered(card.method).title,
        "paper": registered(card.method).paper,
        "weights": card.id,
        "sha256 of the weights": card.sha256,
        "licence": _SHIPPED_LICENCE if weights.shipped else "",
        "data": json.dumps(card.data),
        "input": "N x 3 x H x W float32, RGB, encoded values in [0, 1]",
    }
