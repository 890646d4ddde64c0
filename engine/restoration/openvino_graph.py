"""Runs networks by OpenVINO on the CPU: converted once per machine, kept in the cache, compiled for each photo."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import Sentence
from engine.networks.graph import NetworkGraphs, TwoStepNetwork
from engine.restoration.conversion import CHECKSUM, GRAPH, NUMBERS, checksum, convert, openvino
from engine.user_folders import cache_folder

logger = logging.getLogger(__name__)

FORMAT = 3  # version of the stored graphs; increase it when `NetworkGraphs.graphs` of any network changes


def why_no_openvino() -> str | None:
    """Say in a sentence why OpenVINO is not used; None if it can be used."""
    if "openvino" not in sys.modules and find_spec("openvino") is None:
        return Sentence("OpenVINO is not installed (pip install acutance[openvino]).")
    try:
        openvino()
    except (ImportError, OSError, RuntimeError) as error:
        return Sentence("OpenVINO cannot be loaded: {error}", error=str(error))
    return None


def openvino_version() -> str:
    """Return the version of OpenVINO, "" if it is not installed; does not import it."""
    try:
        return version("openvino")
    except PackageNotFoundError:
        return ""


def knows_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 faster than float32 (AMX, AVX512_BF16)."""
    return "BF16" in openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def compiled(network: NetworkGraphs, weights: str, half: bool) -> TwoStepNetwork:
    """Return the network compiled by OpenVINO, with or without bfloat16 inside; raise RuntimeError or OSError.

    weights: the fingerprint of the network.
    """
    graphs = {name: OpenVinoGraph(model, half) for name, model in _models(network, weights, half).items()}
    return network.restorer(graphs)


class OpenVinoGraph:
    """A graph in OpenVINO. A call with its numbers compiles it, with the numbers folded in as constants."""

    def __init__(self, model: Any, half: bool) -> None:
        self._model, self._half = model, half

    def __call__(self, numbers: Sequence[Tensor]) -> Compiled:
        """Return a function that runs the graph."""
        ov = openvino()
        model = self._model.clone()
        for parameter, values in zip(model.get_parameters()[1:], numbers, strict=True):
            constant = ov.op.Constant(ov.Tensor(values.contiguous().numpy()))
            parameter.output(0).replace(constant.output(0))
            model.remove_parameter(parameter)
        # By default OpenVINO computes everything in bfloat16 if the CPU supports it, which is visible (3 levels of 8
        # bits). The graph itself marks where bfloat16 is good enough.
        options = {"EXECUTION_MODE_HINT": "ACCURACY", "INFERENCE_NUM_THREADS": torch.get_num_threads()}
        if not self._half:
            options["INFERENCE_PRECISION_HINT"] = "f32"
        return Compiled(ov.Core().compile_model(model, "CPU", options))


class Compiled:
    """Runs a compiled graph."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, tiles: Tensor) -> list[Tensor]:
        """Take N x C x h x w float32 tiles."""
        outputs = self._model.create_infer_request().infer([tiles.contiguous().numpy()], share_inputs=True)
        return [torch.from_numpy(outputs[at]) for at in range(len(outputs))]

    def release(self) -> None:
        """Free the memory between the layers, which OpenVINO would keep for the next tile."""
        self._model.release_memory()


def _models(network: NetworkGraphs, weights: str, half: bool) -> dict[str, Any]:
    """Return the graphs from the cache; convert missing ones first."""
    folders = {name: cache_folder() / "openvino" / _key(weights, name, half) for name in network.graphs(half)}
    found = {name: _kept(folder) for name, folder in folders.items()}
    if None in found.values():
        convert(network, half, folders)
        found = {name: _kept(folder) for name, folder in folders.items()}
    if None in found.values():
        raise OSError(f"the converted graphs were not kept in {cache_folder()}")
    return found


def _key(weights: str, name: str, half: bool) -> str:
    """Return a name that depends on the weights, the structure of the network and all versions."""
    parts = (FORMAT, openvino_version(), torch.__version__, weights, name, half)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def fingerprint(network: nn.Module) -> str:
    """Return a hexadecimal number that depends on the weights and the structure of a network."""
    digest = hashlib.sha256(str(network).encode())
    for name, tensor in network.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _kept(folder: Path) -> Any | None:
    """Return the stored graph, None if there is none or it is damaged."""
    if not folder.is_dir():
        return None
    try:
        if checksum(folder) == (folder / CHECKSUM).read_text():
            return openvino().Core().read_model(folder / GRAPH, folder / NUMBERS)
    except (OSError, RuntimeError) as error:
        logger.warning("the converted network in %s cannot be read: %s", folder, error)
    shutil.rmtree(folder, ignore_errors=True)
    return None
