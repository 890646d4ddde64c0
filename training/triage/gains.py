"""What Automatic wins in a photo whose truth is known: the gain that the diagnosis learns to expect."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import numpy as np

from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.estimation import luma, telling_window
from engine.photos.photo import Photo
from engine.request import Request
from training.kernel_judge.lessons import psnr

PART = 256  # px: a larger part takes longer than its answer is worth


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
