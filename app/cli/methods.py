"""acutance methods: lists the methods, with their weights and cards."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.console import DONE, print_json, tell
from engine.networks.registry import methods
from engine.weights import WeightsError, WeightsFile, installed, read_checked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance methods`."""
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """List every method and its weights."""
    weights = {found.card.id: found for found in installed()}
    if options.json:
        print_json([_described(method_id, weights) for method_id in methods()])
        return DONE
    for method_id, method in methods().items():
        own = [w for w in weights.values() if w.card.method == method_id]
        tell(f"{method_id}: {method.title}. {method.summary}")
        tell(f"  {method.paper}")
        for found in own:
            tell(f"  weights {found.card.id}: {_summary(found)}")
        if not own:
            tell("  no weights yet; `acutance train` makes them")
    return DONE


def _described(method_id: str, weights: dict[str, WeightsFile]) -> dict[str, Any]:
    method = methods()[method_id]
    own = weights.get(method_id)
    return {
        "id": method_id,
        "title": method.title,
        "summary": method.summary,
        "paper": method.paper,
        "regions": sorted(method.regions),
        "yields_kernel": method.yields_kernel,
        "precisions": list(method.precisions),
        "weights": None if own is None else str(own.path),
        "problem": None if own is None else _problem(own),
        "experimental": None if own is None else own.card.experimental,
        "card": None if own is None else own.card.to_json(),
        "others": sorted(i for i, w in weights.items() if w.card.method == method_id and i != method_id),
    }


def _problem(weights: WeightsFile) -> str | None:
    """Return what is wrong with the weights file, or None."""
    try:
        read_checked(weights)
    except WeightsError as error:
        return str(error)
    return None


def _summary(weights: WeightsFile) -> str:
    card = weights.card
    if _problem(weights) is not None:
        return f"{'damaged' if weights.path.exists() else 'missing'}, see `acutance doctor`"
    if not card.parameters:
        return "it learns nothing, and needs none"
    words = [f"{card.parameters:,} parameters", f"{card.samples_seen:,} samples seen"]
    return ", ".join([*words, "experimental"] if card.experimental else words)
