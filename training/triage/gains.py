"""What restoring wins in photos whose truth is known: the gain that the diagnosis learns to expect.

Automatic takes ten seconds for a small picture on one core, most of them to look for the kernel. The material of
`training.finish` keeps what was found, so that only the last step has to be done again. What `Restoring` says of
photos that nothing learned from judges what was learned so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import torch

from engine.diagnosis.diagnosis import Kind
from engine.diagnosis.windows import windows_of
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.estimation import luma, telling_window
from engine.networks.finish import METHOD
from engine.networks.finish.fusing import MULTIPLE
from engine.networks.finish.network import Finish
from engine.photos.photo import Photo
from engine.request import Request
from engine.weights import load_network
from training.finish.material import Material
from training.kernel_judge.lessons import eight_bits, psnr
from training.triage.kinds import OUTPUTS
from training.triage.lessons import Lesson

PART = 256  # px: a larger part takes longer than its answer is worth
KINDS = {"sharp": Kind.SHARP, "out of focus": Kind.OUT_OF_FOCUS, "subject moved": Kind.SUBJECT_MOVED}


class Restoring:
    """Restores parts of photos as Automatic does. It must be closed."""

    def __init__(self) -> None:
        self._engine = Engine()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.close()

    def won(self, plane: np.ndarray, sharp: np.ndarray) -> float:
        """Return the dB of PSNR that Automatic wins in the part of an H x W plane that tells most.

        plane: luma in [0, 1]. sharp: the truth. Both pictures are moved to where they lie best on it. NaN if nothing
        can be restored.
        """
        window = telling_window(plane, PART)
        part, truth = np.ascontiguousarray(plane[window]), sharp[window]
        photo = Photo(np.repeat(part[..., None], 3, axis=2))
        try:
            restored = self._engine.run(Request(method="auto", region="whole", device="cpu"), photo)
        except UserError:
            return np.nan
        return psnr(luma(restored.pixels), truth) - psnr(part, truth)


def of_material(folder: Path, minutes: float, seed: int) -> Iterator[Lesson]:
    """Yield lessons of material in a random order until the minutes are over: the dB that the shipped finish wins.

    Raise UserError if the folder holds none.
    """
    files, end = sorted(folder.glob("*.npz")), time.monotonic() + 60 * minutes
    if not files:
        raise UserError("{folder} holds no material: make some first.", folder=folder)
    network = load_network(METHOD.id)
    assert isinstance(network, Finish)
    for number in np.random.default_rng(seed).permutation(len(files)).tolist():
        if time.monotonic() > end:
            return
        each = _piece(files[number])
        blurred = _luma(each.seen[..., :3])
        seen = windows_of(blurred)
        truths = np.zeros((len(seen.boxes), len(OUTPUTS)), np.float32)
        yield Lesson(
            each.way, str(KINDS.get(each.way, Kind.SHAKEN)), each.place, seen.figures, seen.turns, seen.boxes,
            seen.looked, truths, np.nan, np.nan, 0.0, finish_won(network, each), eight_bits(blurred),
        )  # fmt: skip


def _piece(file: Path) -> Material:
    with np.load(file) as arrays:
        return Material(
            str(arrays["way"]), str(arrays["place"]), *(arrays[name] for name in ("sharp", "seen", "trust"))
        )


@torch.inference_mode()
def finish_won(network: Finish, piece: Material) -> float:
    """Return the dB of PSNR that the finish wins in a piece of material; see `Restoring.won`."""
    height, width = (length // MULTIPLE * MULTIPLE for length in piece.sharp.shape[:2])
    stack = torch.from_numpy(np.ascontiguousarray(piece.seen[:height, :width].transpose(2, 0, 1)))[None] / 255
    stack[:, -1] -= 0.5
    made = network.fusing(stack, torch.from_numpy(piece.trust)[None]).clamp(0, 1)[0].permute(1, 2, 0).numpy()
    truth, blurred = _luma(piece.sharp[:height, :width]), _luma(piece.seen[:height, :width, :3])
    return psnr(luma(made), truth) - psnr(blurred, truth)


def _luma(eight: np.ndarray) -> np.ndarray:
    return luma(eight.astype(np.float32) / 255)
