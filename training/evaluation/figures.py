"""The figures of one restored picture, and of many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from engine.kernels.estimation import similarity
from engine.kernels.kernel import Kernel
from training.embedding.pairs import verification_accuracy
from training.evaluation.faces import FaceFigures
from training.evaluation.samples import Sample
from training.measures import psnr, shift_tolerant_psnr, ssim


@dataclass(frozen=True)
class Figures:
    """One restored picture. PSNR in dB. gain: over the blurred input. residual: of the reblurred result.

    None: not known. Pictures of less than 11 px have neither SSIM nor shift-tolerant PSNR.
    """

    sample: str
    kernel_size: int | None
    psnr: float
    shifted_psnr: float | None
    ssim: float | None
    gain: float
    seconds: float
    kernel_similarity: float | None = None
    residual: float | None = None
    face: FaceFigures = field(default_factory=FaceFigures)


@dataclass(frozen=True)
class Row:
    """A method over all samples: means, worst cases, and the share of samples that it improves.

    faces_found: share of the pictures with a face in which one is found after restoration. identity: mean cosine of
    embeddings, sharp to restored. identity_distance: their mean L2 distance. verification: share of pairs recognised
    correctly as one person or two, restored picture against partner (10 folds).
    """

    method: str
    psnr: float
    worst_psnr: float
    shifted_psnr: float | None
    ssim: float | None
    worst_ssim: float | None
    better: float
    seconds: float
    kernel_similarity: float | None
    residual: float | None
    by_kernel_size: dict[int, float]
    faces_found: float | None = None
    identity: float | None = None
    identity_distance: float | None = None
    parameters: int | None = None
    verification: float | None = None


def figures(
    sample: Sample,
    restored: np.ndarray,
    seconds: float,
    kernel: Kernel | None,
    residual: float | None,
    face: FaceFigures,
) -> Figures:
    """Compare a restored picture (H x W x 3) with the sharp one."""
    after, sharp = _tensor(restored), _tensor(sample.reference(restored))
    before, nearest = _tensor(sample.blurred), _tensor(sample.reference(sample.blurred))
    reached = float(psnr(after, sharp))
    return Figures(
        sample=sample.name,
        kernel_size=max(sample.kernel.values.shape) if sample.kernel else None,
        psnr=reached,
        shifted_psnr=_known(shift_tolerant_psnr(after, sharp)),
        ssim=_known(ssim(after, sharp)),
        gain=reached - float(psnr(before, nearest)),
        seconds=seconds,
        kernel_similarity=similarity(kernel, sample.kernel) if kernel and sample.kernel else None,
        residual=residual,
        face=face,
    )


def summed_up(method: str, each: Sequence[Figures], parameters: int | None = None) -> Row:
    """Return the row of a method."""
    similar = [f.ssim for f in each]
    sizes = sorted({f.kernel_size for f in each if f.kernel_size is not None})
    return Row(
        method=method,
        psnr=_mean([f.psnr for f in each]),
        worst_psnr=min(f.psnr for f in each),
        shifted_psnr=_mean_known([f.shifted_psnr for f in each]),
        ssim=_mean_known(similar),
        worst_ssim=min((s for s in similar if s is not None), default=None),
        better=_mean([float(f.gain > 0) for f in each]),
        seconds=_mean([f.seconds for f in each]),
        kernel_similarity=_mean_known([f.kernel_similarity for f in each]),
        residual=_mean_known([f.residual for f in each]),
        by_kernel_size={size: _mean([f.psnr for f in each if f.kernel_size == size]) for size in sizes},
        faces_found=_mean_known([f.face.found for f in each]),
        identity=_mean_known([f.face.cosine for f in each]),
        identity_distance=_mean_known([f.face.distance for f in each]),
        parameters=parameters,
        verification=_verification([f.face for f in each]),
    )


def _verification(faces: Sequence[FaceFigures]) -> float | None:
    pairs = [(face.partner, face.same) for face in faces if face.partner is not None and face.same is not None]
    if len({same for _, same in pairs}) < 2:
        return None
    similarities, same = zip(*pairs, strict=True)
    return verification_accuracy(np.array(similarities), np.array(same))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _mean_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _mean(known) if known else None


def _known(figure: Tensor) -> float | None:
    value = float(figure)
    return None if math.isnan(value) else value


def _tensor(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))[None].double()
