"""The result of a run."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.areas.area import Areas
from engine.faces.face import Face
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.request import Request

if TYPE_CHECKING:
    from engine.kernels.kernel_field import KernelField


@dataclass(frozen=True, eq=False)
class FaceResult:
    """One restored face: its own kernel, and how well the result explains the crop (see `Result`)."""

    face: Face
    kernel: Kernel | None
    residual: float | None
    verdict: Verdict | None = None
    relation: Kernel | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """The restored picture and its measurements.

    pixels: H x W x 3 float32 at full strength (engine.restoration.strength blends them with the original).
    kernel: of the whole picture, None if only faces were restored. residual: the reblur residual ||r * x - y|| /
    sigma_n of the whole, about 1 if the result explains the photo. relation: its r, which leads from the result to
    the photo; it is narrower than the kernel if the result is still blurred. verdict: the conclusion from kernel and
    residual, None if they cannot be measured. field: the kernels of the photo's cells, if the method found that the
    blur varies (the residual is then the field's), or if the request asked for it.
    areas: those of the request, with the kernels that were found in them.
    taken: where several restorations were fused, how much each place is taken from each: H/8 x W/8 x 5, the names in
    engine.networks.finish.candidates; they sum to 1.
    seconds: by step ("faces", "shaken", "backend", "prepare", "restore", "kernel"). method: the id that ran.
    device: where it ran. notes: sentences about fallbacks and their reasons.
    """

    request: Request
    pixels: np.ndarray
    method: str
    device: str
    kernel: Kernel | None = None
    residual: float | None = None
    faces: tuple[FaceResult, ...] = ()
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    field: KernelField | None = None
    verdict: Verdict | None = None
    relation: Kernel | None = None
    areas: Areas = ()
    taken: np.ndarray | None = None


def shares(taken: np.ndarray) -> tuple[float, float, float]:
    """Return how much of a fused result comes from the photo as it was, a network, and deconvolution; sums to 1."""
    photo, network, *deconvolutions = (float(share) for share in taken.reshape(-1, taken.shape[-1]).mean(axis=0))
    return photo, network, sum(deconvolutions)
