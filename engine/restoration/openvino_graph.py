"""Networks run by OpenVINO on the CPU: converted once a machine, kept in the cache, compiled for each photo."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
import tempfile
import warnings
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from engine.devices import cache_folder
from engine.networks.graph import GraphNetwork, Numbers
from engine.networks.network import DeblurringNetwork, Prepared

logger = logging.getLogger(__name__)

TRACED_SIDE = 40  # px: heights and widths are free in the converted graph, so a small example does
FORMAT = 1  # of the kept graphs; raise it when `GraphNetwork.graph` of any network changes
MOST_KEPT = 12  # graphs: the rest, of older weights and versions, is deleted
GRAPH, NUMBERS, CHECKSUM = "graph.xml", "graph.bin", "sha256"


def why_no_openvino() -> str | None:
    """Say in a sentence why OpenVINO is not used; None where it can be."""
    if "openvino" not in sys.modules and find_spec("openvino") is None:
        return "OpenVINO is not installed (pip install acutance[openvino])."
    try:
        openvino()
    except (ImportError, OSError, RuntimeError) as error:
        return f"OpenVINO cannot be loaded: {error}"
    return None


def openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report the import and every conversion to Intel."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def openvino_version() -> str:
    """Return the version of OpenVINO, "" where there is none; does not import it."""
    try:
        return version("openvino")
    except PackageNotFoundError:
        return ""


def knows_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 faster than float32 (AMX, AVX512_BF16)."""
    return "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoGraph:
    """A network's graph in OpenVINO, of one kind: for whole pictures or for tiles, with bfloat16 inside or not."""

    def __init__(self, network: DeblurringNetwork, tiled: bool, half: bool) -> None:
        assert isinstance(network, GraphNetwork)
        self.network, self.half = network, half
        folder = cache_folder() / "openvino" / _key(network, tiled, half)
        self._model = _kept(folder) or _converted(network, tiled, half, folder)

    def prepared(self, prepared: Prepared, channels: int) -> PreparedGraph:
        """Return what restores the tiles of a prepared picture."""
        shares = self.network.numbers(prepared, channels)
        by_plane = len(shares) > 1
        compiled = [self._compiled(numbers) for numbers in (shares if any(shares) else shares[:1])]
        return PreparedGraph(compiled * (len(shares) // len(compiled)), by_plane)

    def _compiled(self, numbers: Numbers) -> Any:
        """Compile the graph with the numbers as constants, so that they are folded into the convolutions."""
        ov = openvino()
        model = self._model.clone()
        for parameter, values in zip(model.get_parameters()[1:], numbers, strict=True):
            constant = ov.op.Constant(ov.Tensor(values.contiguous().numpy()))
            parameter.output(0).replace(constant.output(0))
            model.remove_parameter(parameter)
        # Left to itself OpenVINO computes all in bfloat16 where the CPU can, which is seen (3 levels of 8 bits):
        # the graph says itself where bfloat16 is good enough.
        options = {"EXECUTION_MODE_HINT": "ACCURACY", "INFERENCE_NUM_THREADS": torch.get_num_threads()}
        if not self.half:
            options["INFERENCE_PRECISION_HINT"] = "f32"
        return ov.Core().compile_model(model, "CPU", options)


class PreparedGraph:
    """Restores the tiles of one picture; `compiled`: a model for each share of the channels, with its own memory."""

    def __init__(self, compiled: list[Any], by_plane: bool) -> None:
        self._compiled, self._by_plane = compiled, by_plane

    def restore(self, tiles: Tensor) -> Tensor:
        """Restore N x C x h x w float32 tiles."""
        shares = tiles.split(1, dim=1) if self._by_plane else (tiles,)
        return torch.cat([_run(model, share) for model, share in zip(self._compiled, shares, strict=True)], dim=1)


def _run(compiled: Any, tiles: Tensor) -> Tensor:
    restored = compiled.create_infer_request().infer([tiles.contiguous().numpy()], share_inputs=True)
    return torch.from_numpy(restored[0])


def _converted(network: GraphNetwork, tiled: bool, half: bool, folder: Path) -> Any:
    ov = openvino()
    graph = network.graph(tiled, half).eval()
    channels = len(network.numbers(Prepared(), 3))
    tiles = torch.rand(1, 1 if channels == 3 else 3, TRACED_SIDE, TRACED_SIDE)
    numbers = _example(network, tiled)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # that tracing is old, and that sizes are looked at
        model = ov.convert_model(graph, example_input=(tiles, *numbers))
    model.reshape({model.inputs[0]: ov.PartialShape([-1, tiles.shape[1], -1, -1])})
    _keep(model, folder)
    return model


def _example(network: GraphNetwork, tiled: bool) -> Numbers:
    if not tiled:
        return ()
    assert isinstance(network, DeblurringNetwork)
    with torch.inference_mode():
        picture = torch.rand(3, TRACED_SIDE, TRACED_SIDE)
        return network.numbers(network.prepare(picture, tiled=True), 3)[0]


def _key(network: nn.Module, tiled: bool, half: bool) -> str:
    """Return a name that changes with the weights, the shape of the network and all versions."""
    parts = (FORMAT, openvino_version(), torch.__version__, fingerprint(network), tiled, half)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def fingerprint(network: nn.Module) -> str:
    """Return a hexadecimal number that changes with the weights and the shape of a network."""
    digest = hashlib.sha256(str(network).encode())
    for name, tensor in network.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _kept(folder: Path) -> Any | None:
    """Return the graph that was kept, None where there is none or it is damaged."""
    if not folder.is_dir():
        return None
    try:
        if _checksum(folder) == (folder / CHECKSUM).read_text():
            return openvino().Core().read_model(folder / GRAPH, folder / NUMBERS)
    except (OSError, RuntimeError) as error:
        logger.warning("the converted network in %s cannot be read: %s", folder, error)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def _keep(model: Any, folder: Path) -> None:
    """Put the graph into the cache, whole or not at all; what cannot be written is converted again next time."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            openvino().save_model(model, temporary / GRAPH, compress_to_fp16=False)
            (temporary / CHECKSUM).write_text(_checksum(temporary))
            if not folder.exists():
                temporary.replace(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        for old in sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except (OSError, RuntimeError) as error:
        logger.warning("the converted network cannot be kept: %s", error)


def _checksum(folder: Path) -> str:
    return hashlib.sha256((folder / GRAPH).read_bytes() + (folder / NUMBERS).read_bytes()).hexdigest()
