"""What comes back from a run."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
    """The restored picture and what is known about it.

    pixels: H x W x 3 float32 at full strength (see engine.restoration.strength for the blend with the original).
    kernel: of the whole picture, None where only faces were restored. residual: the reblur residual
    ||r * x - y|| / sigma_n of the whole, about 1 where the result explains the photo; relation: its r, which leads
    from the result to the photo and is less than the kernel where the result is still blurred. verdict: what kernel
    and residual say together, None where they cannot be told. field: the kernels of the
    photo's cells, where the method found that the blur varies (the residual is then the field's), or where the
    request asked for it.
    seconds: by step ("faces", "shaken", "backend", "prepare", "restore", "kernel"). method: the id that ran.
    device: where. notes: sentences on what fell back and why.
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
