"""Networks run by OpenVINO on the CPU: converted once a machine, kept in the cache, compiled for each photo."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.devices import cache_folder
from engine.networks.graph import GraphNetwork, Numbers
from engine.networks.network import DeblurringNetwork, Prepared
from engine.restoration.conversion import CHECKSUM, GRAPH, NUMBERS, checksum, convert, openvino

logger = logging.getLogger(__name__)

FORMAT = 1  # of the kept graphs; raise it when `GraphNetwork.graph` of any network changes


def why_no_openvino() -> str | None:
    """Say in a sentence why OpenVINO is not used; None where it can be."""
    if "openvino" not in sys.modules and find_spec("openvino") is None:
        return "OpenVINO is not installed (pip install acutance[openvino])."
    try:
        openvino()
    except (ImportError, OSError, RuntimeError) as error:
        return f"OpenVINO cannot be loaded: {error}"
    return None


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
        self._model = _model(network, tiled, half)

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


def _model(network: GraphNetwork, tiled: bool, half: bool) -> Any:
    """Return the graph of the cache, converted first where it is not there; RuntimeError, OSError if that fails."""
    assert isinstance(network, nn.Module)
    folders = {each: cache_folder() / "openvino" / _key(network, each, half) for each in (not tiled, tiled)}
    model = _kept(folders[tiled])
    if model is None:
        convert(network, half, folders)
        model = _kept(folders[tiled])
    if model is None:
        raise RuntimeError(f"the converted graph was not kept in {folders[tiled].parent}")
    return model


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
        if checksum(folder) == (folder / CHECKSUM).read_text():
            return openvino().Core().read_model(folder / GRAPH, folder / NUMBERS)
    except (OSError, RuntimeError) as error:
        logger.warning("the converted network in %s cannot be read: %s", folder, error)
    shutil.rmtree(folder, ignore_errors=True)
    return None
