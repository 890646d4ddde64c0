"""Runs a network on a photo of any size, and recovers from lack of memory or precision."""

from __future__ import annotations

import copy
import gc
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakKeyDictionary

import cv2
import numpy as np
import torch

from engine.devices import (
    choose_device,
    choose_precision,
    device_name,
    lose_device,
    memory_budget,
    remember_failure,
    says_lost,
)
from engine.errors import Sentence, UserError
from engine.kernels.night import is_night
from engine.networks.graph import TwoStepNetwork
from engine.networks.method import Method, Precision
from engine.networks.network import DeblurringNetwork, Prepared
from engine.request import Request
from engine.restoration.backend import Kind, choose, compiled_as
from engine.restoration.highlights import with_lights_kept
from engine.restoration.memory import LEAST_TILE, Cut, cut
from engine.restoration.restored import Restored
from engine.restoration.tiling import restore_tiles
from engine.restoration.watch import PixelBox, Watch

logger = logging.getLogger(__name__)

LEAST_COMPILED = 100_000  # px: smaller pictures are restored before OpenVINO is loaded and a graph is compiled

_spare: WeakKeyDictionary[DeblurringNetwork, DeblurringNetwork] = WeakKeyDictionary()
"""Copies on the CPU of networks that moved to another device: nothing can be read back from a lost device."""


class NotFiniteError(Exception):
    """The network returned infinities or not-a-number."""


@dataclass(frozen=True)
class Setup:
    """The device, number format and library with which a network runs.

    tile: largest side in px, None for as memory allows. memory: bytes.
    """

    device: torch.device
    precision: Precision
    tile: int | None
    memory: int | None
    backend: Kind = "pytorch"

    def cut(self, method: Method, pixels: np.ndarray) -> Cut:
        """Cut H x W x C pixels into tiles for the memory of this setup."""
        compiled = None if self.backend == "pytorch" else method.compiled
        scaling = method.scaling if compiled is None else compiled.scaling
        return cut(pixels.shape[:2], scaling, memory_budget(self.device, self.memory), self.tile)


def restore(
    network: DeblurringNetwork, method: Method, pixels: np.ndarray, request: Request, watch: Watch
) -> Restored:
    """Restore H x W x C float32 pixels in [0, 1]; resize them if the network knows only one size.

    C is 3, or 1 if the method works by plane. `in_steps` describes the recovery from errors, and `highlights` the
    treatment of clipped highlights.
    """
    fixed = method.scaling.fixed
    if fixed is None or pixels.shape[:2] == fixed:
        restored = in_steps(network, method, pixels, request, watch)
    else:
        restored = in_steps(network, method, _resized(pixels, fixed), request, watch)
        restored = replace(restored, pixels=_resized(restored.pixels, pixels.shape[:2]))
    if method.undoes_lamps and is_night(pixels):
        return restored
    return replace(restored, pixels=with_lights_kept(pixels, restored.pixels))


def in_steps(
    network: DeblurringNetwork, method: Method, pixels: np.ndarray, request: Request, watch: Watch
) -> Restored:
    """Restore pixels whole or in tiles; retry after errors.

    If memory runs out, the tile is halved; in the end the CPU takes over, as it does for a lost device. Not-a-number
    in half precision is recomputed in float32 and remembered. If OpenVINO fails, PyTorch continues. `watch` gets a
    note of each. Raise UserError if nothing helps.
    """
    setup = first_setup(network, method, pixels, request, watch)
    while True:
        pieces = setup.cut(method, pixels)
        try:
            return _attempt(network, method, pixels, setup, pieces, watch)
        except NotFiniteError:
            setup = _in_float32(method, setup, watch)
        except (RuntimeError, MemoryError) as error:
            setup = _after(error, setup, pieces, watch)
        gc.collect()
        if setup.device.type == "cuda":
            torch.cuda.empty_cache()


def first_setup(
    network: DeblurringNetwork, method: Method, pixels: np.ndarray, request: Request, watch: Watch
) -> Setup:
    """Return the setup in which a request wants H x W x C pixels to be restored."""
    device = choose_device(request.device)
    precision = choose_precision(device, method, request.precision)
    if request.precision not in ("auto", precision):
        watch.note(
            Sentence(
                "{title} is not safe in {asked}: computed in {precision}.",
                title=method.title,
                asked=request.precision,
                precision=precision,
            )
        )
    setup = Setup(device, precision, request.tile, request.memory)
    large = pixels.shape[0] * pixels.shape[1] >= LEAST_COMPILED
    possible = device.type == "cpu" and precision == "float32"
    if request.backend == "pytorch" or not (large or request.backend == "openvino"):
        return setup
    if not possible:
        if request.backend == "openvino":
            watch.note(
                Sentence(
                    "OpenVINO is for the CPU in full precision: computed by PyTorch on {device}.",
                    device=device_name(device),
                )
            )
        return setup
    watch.report(0.0, "backend")
    with watch.timed("backend"):
        on_run = partial(_still_measuring, watch)
        verdict = choose(network_on(network, device), method, request.precision == "auto", on_run)
    if verdict.reason and (request.backend == "openvino" or verdict.wrong):
        watch.note(Sentence("{reason} Computed by PyTorch instead.", reason=verdict.reason))
    return replace(setup, backend=verdict.kind)


def _still_measuring(watch: Watch, _: float) -> None:
    """Ask between two runs whether the job is cancelled; the share of the photo that is done stays 0."""
    watch.report(0.0, "backend")


def _after(error: RuntimeError | MemoryError, setup: Setup, pieces: Cut, watch: Watch) -> Setup:
    """Return the setup to continue after an error; raise the error if it is not about memory, device or backend."""
    if out_of_memory(error):
        return _smaller(setup, pieces, watch)
    if setup.device.type != "cpu" and says_lost(error):
        logger.warning("the device %s is lost", setup.device, exc_info=error)
        lose_device(setup.device)
        watch.note(Sentence("The device {device} failed: went on with the CPU.", device=setup.device.type))
        return replace(setup, device=torch.device("cpu"), precision="float32", tile=None)
    if setup.backend != "pytorch":
        logger.warning("OpenVINO failed", exc_info=error)
        watch.note(Sentence("OpenVINO failed: went on with PyTorch."))
        return replace(setup, backend="pytorch")
    raise error


def _in_float32(method: Method, setup: Setup, watch: Watch) -> Setup:
    if setup.precision == "float32":
        raise UserError(
            "{title} returned invalid numbers for this photo: its weights do not suit it.",
            title=method.title,
        )
    remember_failure(setup.device, method, setup.precision)
    watch.note(
        Sentence(
            "{precision} gave not-a-number on {device}: computed in float32 instead.",
            precision=setup.precision,
            device=device_name(setup.device),
        )
    )
    return replace(setup, precision="float32")


def _smaller(setup: Setup, pieces: Cut, watch: Watch) -> Setup:
    side, device = max(pieces.grid.rows.side, pieces.grid.columns.side) // 2, device_name(setup.device)
    if side >= LEAST_TILE:
        watch.note(Sentence("Memory ran out on {device}: went on in tiles of {side} px.", device=device, side=side))
        return replace(setup, tile=side)
    if setup.device.type == "cpu":
        raise UserError("There is not enough free memory to restore this photo, not even in small tiles.")
    watch.note(Sentence("Memory ran out on {device}: went on with the CPU.", device=device))
    return replace(setup, device=torch.device("cpu"), precision="float32", tile=None)


def out_of_memory(error: BaseException) -> bool:
    """Whether `error` means that memory ran out, on a GPU or on the CPU."""
    said = str(error)
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or (
        isinstance(error, RuntimeError) and ("can't allocate memory" in said or "out of memory" in said)
    )


@torch.inference_mode()
def _attempt(
    network: DeblurringNetwork, method: Method, pixels: np.ndarray, setup: Setup, pieces: Cut, watch: Watch
) -> Restored:
    grid = pieces.grid
    chosen = compiled_as(network_on(network, setup.device), method, setup.backend)

    def each(done: int, box: PixelBox, tile: np.ndarray) -> None:
        watch.tile(box, tile)
        watch.report(done / grid.count, "restore")

    watch.report(0.0, "restore")
    with autocast(setup):
        with watch.timed("prepare"):
            prepared = chosen.prepare(tensor_of(grid.widened(pixels))[0], not pieces.whole)
        with watch.timed("restore"):
            out = restore_tiles(pixels, grid, partial(_tile, chosen, prepared, setup), each, watch.into)
    return Restored(out, prepared.kernel, device_name(setup.device), prepared.field)


def network_on(network: DeblurringNetwork, device: torch.device) -> DeblurringNetwork:
    """Return the network on a device."""
    if device.type == "cpu":
        return _spare.get(network, network)
    if network not in _spare:
        _spare[network] = copy.deepcopy(network)
    return network.to(device)


def _tile(network: TwoStepNetwork, prepared: Prepared, setup: Setup, tile: np.ndarray, box: PixelBox) -> np.ndarray:
    left, top = box[:2]
    prepared = replace(prepared, corner=(top, left))
    restored = network.restore(tensor_of(tile).to(setup.device), prepared).float()
    if not bool(torch.isfinite(restored).all()):
        raise NotFiniteError
    numbers: np.ndarray = restored.clamp_(0, 1)[0].permute(1, 2, 0).cpu().numpy()
    return numbers


def tensor_of(pixels: np.ndarray) -> torch.Tensor:
    """Convert H x W x C to 1 x C x H x W, without a copy if possible."""
    return torch.from_numpy(pixels).permute(2, 0, 1)[None]


def autocast(setup: Setup) -> AbstractContextManager[object]:
    """Return the autocast context for the precision of the setup."""
    if setup.precision == "float32":
        return nullcontext()
    return torch.autocast(setup.device.type, getattr(torch, setup.precision))


def _resized(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    height, width = size
    smaller = height * width < pixels.shape[0] * pixels.shape[1]
    resized = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    return np.clip(resized, 0, 1).reshape(height, width, pixels.shape[2])
