"""Chooses the backend for a network on the CPU: OpenVINO if a test here shows it correct and faster."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from engine.errors import Sentence
from engine.networks.graph import TwoStepNetwork
from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.restoration.openvino_graph import (
    compiled,
    fingerprint,
    knows_bfloat16,
    openvino_version,
    why_no_openvino,
)
from engine.user_folders import cache_folder
from engine.whole_files import write_whole

logger = logging.getLogger(__name__)

Kind = Literal["pytorch", "openvino", "openvino-bfloat16"]

LARGEST_DIFFERENCE = 1 / 255
LEAST_GAIN = 1.1  # times as fast as PyTorch; a smaller gain does not justify another backend
TEST_SIDE = 400  # px
RUNS = 3

OnRun = Callable[[float], object]
"""Called with the share of a test that is done, 0 to 1; an exception ends the test."""


@dataclass(frozen=True)
class BackendChoice:
    """The result of a backend test: seconds of PyTorch and of the backend, largest difference in [0, 1].

    kind: the chosen backend. reason: a sentence, if that is PyTorch.
    """

    kind: Kind
    reason: str = ""
    pytorch_seconds: float = 0.0
    seconds: float = 0.0
    difference: float = 0.0

    @property
    def wrong(self) -> bool:
        """Whether the backend was rejected because its result differs."""
        return not self.difference <= LARGEST_DIFFERENCE


_compiled: WeakKeyDictionary[DeblurringNetwork, dict[Kind, TwoStepNetwork]] = WeakKeyDictionary()
_chosen: WeakKeyDictionary[DeblurringNetwork, dict[bool, BackendChoice]] = WeakKeyDictionary()


def choose(network: DeblurringNetwork, method: Method, half: bool, on_run: OnRun = lambda _: None) -> BackendChoice:
    """Return the choice for a network on this machine: the stored one, or that of a test now (takes seconds).

    half: bfloat16 may be used if it makes no visible difference. on_run: follows the test, and may cancel it.
    """
    if method.compiled is None:
        return BackendChoice(
            "pytorch", Sentence("{title} needs operations that OpenVINO does not have.", title=method.title)
        )
    missing = why_no_openvino()
    if missing is not None:
        return BackendChoice("pytorch", missing)
    chosen = _chosen.setdefault(network, {})
    if half not in chosen:
        key = key_of(network, method, half)
        kept = verdicts().get(key)
        try:
            chosen[half] = kept or _tested(network, method, half, on_run)
        # for example a full disk: the test may work another day, so do not store its failure
        except OSError as error:
            logger.warning("OpenVINO could not be tested with %s: %s", method.id, error)
            return BackendChoice("pytorch", Sentence("OpenVINO could not be tested."))
        if kept is None:
            _keep(key, chosen[half])
    return chosen[half]


def is_known(network: DeblurringNetwork, method: Method, half: bool) -> bool:
    """Whether `choose` answers at once, without a test."""
    if method.compiled is None or why_no_openvino() is not None:
        return True
    return half in _chosen.get(network, {}) or key_of(network, method, half) in verdicts()


def compiled_as(network: DeblurringNetwork, method: Method, kind: Kind) -> TwoStepNetwork:
    """Return the network compiled for the chosen backend; it is kept as long as the network exists."""
    graphs = None if kind == "pytorch" else method.graphs_of(network)
    if graphs is None:
        return network
    known = _compiled.setdefault(network, {})
    if kind not in known:
        known[kind] = compiled(graphs, fingerprint(network), kind == "openvino-bfloat16")
    return known[kind]


def _tested(network: DeblurringNetwork, method: Method, half: bool, on_run: OnRun) -> BackendChoice:
    kinds: list[Kind] = ["openvino-bfloat16", "openvino"] if half and knows_bfloat16() else ["openvino"]
    verdict = BackendChoice("pytorch", "no test")
    for index, kind in enumerate(kinds):
        try:
            verdict = _compared(network, method, kind, _part(on_run, index, len(kinds)))
        except (RuntimeError, ValueError, TypeError) as error:  # PyTorch runs instead
            logger.warning("%s in OpenVINO failed", method.id, exc_info=True)
            first = str(error).splitlines()[0]
            reason = Sentence("OpenVINO does not run {title}: {error}", title=method.title, error=first)
            verdict = BackendChoice("pytorch", reason)
        if verdict.kind != "pytorch":
            break
    return verdict


@torch.inference_mode()
def _compared(network: DeblurringNetwork, method: Method, kind: Kind, on_run: OnRun) -> BackendChoice:
    """Run the same picture through PyTorch and this kind of backend, once as a whole and once as a tile."""
    picture = test_picture(method)
    eager = seconds = 0.0
    differences = []
    for index, tiled in enumerate((False, True)):
        expected, took = _timed(network, picture, tiled, _part(on_run, 2 * index, 4))
        fast = compiled_as(network, method, kind)
        restored, took_here = _timed(fast, picture, tiled, _part(on_run, 2 * index + 1, 4))
        eager, seconds = eager + took, seconds + took_here
        differences.append(float((restored - expected).abs().max()))
    difference = float(np.max(differences))  # not-a-number if either has one
    if not difference <= LARGEST_DIFFERENCE:
        reason = Sentence("OpenVINO's result differs by {levels}/255.", levels=f"{255 * difference:.2f}")
    elif eager < LEAST_GAIN * seconds:
        reason = Sentence("OpenVINO is no faster.")
    else:
        return BackendChoice(kind, "", eager, seconds, difference)
    return BackendChoice("pytorch", reason, eager, seconds, difference)


def _part(on_run: OnRun, index: int, count: int) -> OnRun:
    """Return what follows one of `count` equal parts of a test."""
    return lambda share: on_run((index + share) / count)


def _timed(network: TwoStepNetwork, picture: Tensor, tiled: bool, on_run: OnRun) -> tuple[Tensor, float]:
    """Return the restored picture and its seconds, without the preparation."""
    on_run(0.0)
    prepared = network.prepare(picture[0], tiled)
    restored = network.restore(picture, prepared)
    took = []
    for done in range(1, RUNS + 1):
        on_run(done / (RUNS + 1))
        start = time.perf_counter()
        restored = network.restore(picture, prepared)
        took.append(time.perf_counter() - start)
    on_run(1.0)
    return restored, min(took)


def test_picture(method: Method) -> Tensor:
    """Return 1 x C x H x W with the features of photos: slopes, edges in all directions, flat parts and noise."""
    height, width = method.scaling.fixed or (TEST_SIDE, TEST_SIDE)
    y = torch.linspace(-1, 1, height)[:, None]
    x = torch.linspace(-1, 1, width)[None]
    rings = torch.sin(40 * (x**2 + y**2)) * 0.3 + 0.5
    planes = torch.stack([rings.where(x + y > 0, (x > 0.3) * 0.9 + 0.05), 0.5 + 0.4 * x * y, rings**2])
    noise = torch.randn(3, height, width, generator=torch.Generator().manual_seed(0))
    picture = (planes + 0.01 * noise).clamp(0, 1)
    return picture[None, :1] if method.scaling.by_plane else picture[None]


def verdicts() -> dict[str, BackendChoice]:
    """Return the stored tests of this machine, by method and versions."""
    try:
        plain = json.loads(_file().read_text(encoding="utf-8"))
        return {key: BackendChoice(**values) for key, values in plain.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _keep(key: str, verdict: BackendChoice) -> None:
    plain = {known: dataclasses.asdict(each) for known, each in {**verdicts(), key: verdict}.items()}
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_file(), lambda file: file.write(json.dumps(plain, indent=2).encode()))
    except OSError as error:
        logger.warning("cannot keep the verdict on OpenVINO: %s", error)


def key_of(network: DeblurringNetwork, method: Method, half: bool) -> str:
    """Return what a test depends on: method, weights, machine and versions."""
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors"
    versions = f"OpenVINO {openvino_version()}, PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
    weights = fingerprint(network)[:8]
    return f"{method.id} {weights}{', bfloat16 allowed' if half else ''}: {machine}, {versions}"


def _file() -> Path:
    return cache_folder() / "backends.json"
