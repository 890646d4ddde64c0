"""The result of a run."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.areas.area import Areas
from engine.explanation import UNEXPLAINED, Explanation, WithExplanation
from engine.faces.face import Face
from engine.request import Request

if TYPE_CHECKING:
    from engine.kernels.kernel_field import KernelField


@dataclass(frozen=True, eq=False)
class FaceResult(WithExplanation):
    """One restored face, and how well the result explains its crop."""

    face: Face
    explanation: Explanation = UNEXPLAINED


@dataclass(frozen=True, eq=False)
class Result(WithExplanation):
    """The restored picture and its measurements.

    pixels: H x W x 3 float32 at full strength (engine.restoration.strength blends them with the original).
    explanation: of the whole picture; it is empty if only faces were restored. field: the kernels of the photo's
    cells, if the method found that the blur varies (the residual is then the field's), or if the request asked.
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
    explanation: Explanation = UNEXPLAINED
    faces: tuple[FaceResult, ...] = ()
    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    field: KernelField | None = None
    areas: Areas = ()
    taken: np.ndarray | None = None


def shares(taken: np.ndarray) -> tuple[float, float, float]:
    """Return how much of a fused result comes from the photo as it was, a network, and deconvolution; sums to 1."""
    photo, network, *deconvolutions = (float(share) for share in taken.reshape(-1, taken.shape[-1]).mean(axis=0))
    return photo, network, sum(deconvolutions)
