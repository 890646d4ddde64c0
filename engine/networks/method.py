"""The description of a method that the rest of the program can read without importing torch."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.faces.templates import SQUARE_256, Template
from engine.networks.views import ViewCount

if TYPE_CHECKING:
    from engine.kernels.kernel import Kernel
    from engine.networks.graph import NetworkGraphs
    from engine.networks.network import DeblurringNetwork

Region = Literal["whole", "aligned"]
Precision = Literal["float32", "bfloat16", "float16"]
Material = Literal["photos", "single faces", "labelled faces"]

DECONVOLUTION = "deconvolution"
"""pseudo-id of a method: the user supplies the kernel"""
AREAS = "areas"
"""pseudo-id of a method: blur areas have kernels of their own"""


@dataclass(frozen=True)
class Scaling:
    """How a network applies to photos of any size.

    multiple: height and width must be multiples of it, in px (the engine pads by reflection).
    overlap: px that neighbouring tiles share, enough that a tile differs from the whole by less than 1/255 (a method
    that cannot achieve this states its value).
    tile: side in px of a tile if the memory is unknown.
    smallest: the smallest side in px that the network accepts (the engine pads up to it).
    fixed: (height, width) in px if the network accepts only one size (aligned crops), else None.
    bytes_per_pixel: memory of a whole colour picture in `forward`, measured.
    tile_bytes_per_pixel: the same for a prepared tile in `restore`.
    by_plane: each colour channel is processed alone, so a grey photo may be passed as 1 x H x W.
    """

    multiple: int = 1
    overlap: int = 0
    tile: int = 1024
    smallest: int = 1
    fixed: tuple[int, int] | None = None
    bytes_per_pixel: int = 4200
    tile_bytes_per_pixel: int = 4200
    by_plane: bool = False


@dataclass(frozen=True)
class Compilation:
    """How a method runs as graphs that OpenVINO compiles.

    scaling: how the compiled graphs scale. graphs: "module:Class" of its `engine.networks.graph.NetworkGraphs`, which
    is made from the network.
    """

    scaling: Scaling
    graphs: str


@dataclass(frozen=True)
class PrintedSpeed:
    """The speed in a method's paper: size in px, milliseconds a picture (None if not printed), the GPU if stated."""

    height: int
    width: int
    milliseconds: float | None = None
    device: str = ""


@dataclass(frozen=True)
class Method:
    """The description of a deblurring method. `id` names its folder, its recipe and its weights.

    network: "module:Class" of its `DeblurringNetwork`, imported when it runs.
    settings: keyword arguments of that class as published; a weights card may override them.
    compiled: its graphs for OpenVINO; None where it has none.
    learns_from: what its recipe needs: photos, photos of one face alone, or such with maps of its parts.
    preference: Automatic and all lists name the methods with smaller numbers first.
    printed_speed: its paper's, and the size at which `python -m training speed` measures it.
    template: where the landmarks are in the aligned crops that it restores.
    views: in how many views the best quality restores a picture: 8 mirrored and turned, 2 mirrored, 1 none.
    undoes_lamps: by night it finds out itself what clipped lamps are without blur: they are not kept as in the photo.
    weights_folder: where a method of another package has its weights and cards; None for the program's own folders.
    """

    id: str
    title: str
    summary: str
    paper: str
    network: str
    regions: frozenset[Region]
    scaling: Scaling
    yields_kernel: bool = False
    precisions: tuple[Precision, ...] = ("float32",)
    compiled: Compilation | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    learns_from: Material = "photos"
    preference: int = 100
    printed_speed: PrintedSpeed = PrintedSpeed(256, 256)
    template: Template = SQUARE_256
    views: ViewCount = 1
    undoes_lamps: bool = False
    weights_folder: Path | None = None

    def build(self, settings: Mapping[str, Any] | None = None) -> DeblurringNetwork:
        """Return the network with random weights; `settings` override the published ones."""
        network: DeblurringNetwork = _class(self.network)(**{**self.settings, **(settings or {})})
        return network

    def knowing(self, kernel: Kernel, noise: float) -> DeblurringNetwork:
        """Return the network that undoes a kernel which was found before, for a method that can be given one.

        noise: the photo's.
        """
        return self.build({"known": kernel, "noise": noise})

    def graphs_of(self, network: DeblurringNetwork) -> NetworkGraphs | None:
        """Return a network of this method as graphs; None if the method has no graphs."""
        if self.compiled is None:
            return None
        graphs: NetworkGraphs = _class(self.compiled.graphs)(network)
        return graphs


def _class(name: str) -> Any:
    """Import "module:Class"."""
    module, _, found = name.partition(":")
    return getattr(importlib.import_module(module), found)
