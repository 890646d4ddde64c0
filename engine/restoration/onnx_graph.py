"""Networks as ONNX files, for the neural restoration of other programs; each is checked against PyTorch.

A file takes "picture", N x 3 x H x W float32, encoded values in [0, 1] of any size, and gives "restored" of the same
size. The network normalises by what it gets: a program that cuts a photo into tiles should make them large.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import Sentence, UserError
from engine.networks.method import Method, Scaling
from engine.networks.network import DeblurringNetwork
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)

SIZES = ((64, 64), (97, 130), (200, 75))
"""(height, width) in px of the pictures that a file is checked with."""
BOUND = 1 / 255 / 4  # of the largest difference: no value of 8 bits is further off than by rounding
_OPSET = 17
_EXAMPLE = (80, 112)  # px; the sides stay free
_PACKAGES = ("onnx", "onnxruntime")


class Picture(nn.Module):
    """Pictures of any size: what the network's multiple asks for is added at the right and below, and cut off."""

    def __init__(self, network: DeblurringNetwork, scaling: Scaling) -> None:
        super().__init__()
        self.network, self.multiple = network, scaling.multiple

    def forward(self, picture: Tensor) -> Tensor:
        """N x 3 x H x W to the same."""
        height, width = picture.shape[-2], picture.shape[-1]
        padded = picture
        if self.multiple > 1:
            below = (self.multiple - height % self.multiple) % self.multiple
            right = (self.multiple - width % self.multiple) % self.multiple
            padded = F.pad(picture, (0, right, 0, below), mode="replicate")
        restored: Tensor = self.network(padded)
        return restored[..., :height, :width].clamp(0, 1)


def write_onnx(
    network: DeblurringNetwork, method: Method, path: Path, notes: Mapping[str, str], *, overwrite: bool = False
) -> float:
    """Write a network with `notes` among the file's properties; return the largest difference to PyTorch.

    Raise UserError if the packages are missing, the network is no graph of tensors, the file differs from PyTorch by
    more than `BOUND` on any of `SIZES`, or it cannot be written.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError("ONNX files need the package {name}: pip install 'acutance[onnx]'.", name=missing[0])
    if not is_graph(network, method) or method.scaling.fixed:
        raise UserError("{path} cannot be written: {reason}.", path=path, reason=_NO_GRAPH)
    picture = Picture(network, method.scaling).eval()
    data = _with_notes(_exported(picture, path), notes)
    difference = _difference(picture, data)
    if not difference <= BOUND:
        reason = Sentence(
            "onnxruntime gives another picture than PyTorch, by {steps}/255", steps=f"{difference * 255:.2f}"
        )
        raise UserError("{path} cannot be written: {reason}.", path=path, reason=reason)
    try:
        write_whole(path, lambda file: file.write(data), overwrite=overwrite)
    except OSError as error:
        raise UserError("{path} cannot be written: {reason}.", path=path, reason=error) from error
    return difference


_NO_GRAPH = Sentence("the method is no graph of tensors, which alone ONNX can hold")


def is_graph(network: DeblurringNetwork, method: Method) -> bool:
    """Whether a network is a graph of tensors: its method has graphs, or it sees nothing but what it gets."""
    kind = type(network)
    plain = kind.prepare is DeblurringNetwork.prepare and kind.restore is DeblurringNetwork.restore
    return plain or method.compiled is not None


def _exported(picture: Picture, path: Path) -> bytes:
    sides = {0: "pictures", 2: "height", 3: "width"}
    try:
        with torch.inference_mode(), warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
            into = Path(folder) / "network.onnx"
            # The tracer warns of each check of a size, and the exporter that it is the older one of two.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                picture,
                (torch.rand(1, 3, *_EXAMPLE),),
                into,
                input_names=["picture"],
                output_names=["restored"],
                dynamic_axes={"picture": sides, "restored": sides},
                opset_version=_OPSET,
                dynamo=False,  # the newer one needs another package, and fixes sizes that it derives
            )
            return into.read_bytes()
    except (RuntimeError, TypeError, ValueError) as error:
        _log.error("no ONNX of %s", type(picture.network).__name__, exc_info=error)
        raise UserError("{path} cannot be written: {reason}.", path=path, reason=_NO_GRAPH) from error


def _with_notes(data: bytes, notes: Mapping[str, str]) -> bytes:
    import onnx

    model: Any = onnx.load_from_string(data)
    model.producer_name, model.doc_string = "Acutance", notes.get("title", "")
    for key, value in notes.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    written: bytes = model.SerializeToString()
    return written


def _difference(picture: Picture, data: bytes) -> float:
    """Return the largest difference between PyTorch and onnxruntime over pictures of all `SIZES`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(0)
    worst = 0.0
    for height, width in SIZES:
        example = F.interpolate(torch.rand(1, 3, 9, 9, generator=generator), (height, width), mode="bicubic").clamp(
            0, 1
        )
        with torch.inference_mode():
            expected = picture(example).numpy()
        (given,) = session.run(None, {"picture": example.numpy()})
        if given.shape != expected.shape:
            return float("inf")
        worst = max(worst, float(np.max(np.abs(given - expected))))
    return worst
