"""Unsharp masking as a method of Acutance. This module must not import torch: the window reads it at its start."""

from pathlib import Path

from engine.networks.method import Method, Scaling

METHOD = Method(
    id="unsharp",
    title="Unsharp masking",
    summary="Makes edges steeper. It undoes no blur.",
    paper="Example of a method in a package of its own",
    network="acutance_unsharp.network:Unsharp",
    regions=frozenset({"whole", "aligned"}),
    preference=1,  # all the same, Automatic prefers its own methods
    scaling=Scaling(overlap=8, bytes_per_pixel=100, tile_bytes_per_pixel=100),
    weights_folder=Path(__file__).parent / "weights",
)
