"""Measures the cosines of a face embedding for pictures of one person and of two people, on LFW's pairs.

The limits that the window uses (app.window.faces.identities) are measured here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from engine.errors import UserError
from engine.faces.embedding import SIDE
from engine.faces.embedding.network import FaceEmbedding
from training.checkpoint import under
from training.degradation import Context, Degradation, degrade, kernel_bank
from training.embedding.faces import PreparedFaces
from training.embedding.pairs import best_threshold, verification_accuracy
from training.embedding.views import render

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
KERNELS = 256
CHUNK = 128


@torch.inference_mode()
def embedded(
    network: nn.Module, faces: PreparedFaces, device: torch.device, blur: Degradation | None = None, seed: int = 0
) -> np.ndarray:
    """Return the network's V x 512 embeddings of the views; if blur is given, each view has its own kernel."""
    crops = torch.from_numpy(faces.crops).permute(0, 3, 1, 2)
    chunks = torch.from_numpy(faces.views).split(CHUNK)
    if blur is None:
        pictures = (render(crops, chunk, SIDE) for chunk in chunks)
    else:
        bank, rng = kernel_bank(blur, seed, KERNELS), torch.Generator().manual_seed(seed)
        pictures = (_blurred(crops, chunk, bank, blur, rng) for chunk in chunks)
    found: np.ndarray = torch.cat([network(shown.to(device)).float().cpu() for shown in pictures]).numpy()
    return found


def cosines(network: nn.Module, pairs: PreparedFaces, device: torch.device, blur: Degradation) -> dict[str, Any]:
    """Return the cosines' distributions: of sharp pairs, of pairs with a blurred second, and of one photo twice.

    Quantiles, the best threshold and the share of correctly recognised pairs (10 folds). `limits`, for a photo before
    and after: `doubtful`, which 99 % of different people stay below, blurred or not; `same`, which 95 % of the faces
    reach beside their own blurred picture, and never below `doubtful`. `to_teacher`: the mean cosine of sharp
    pictures to the teacher's answers, which shows a gain before the pairs do.
    """
    network = network.to(device).eval()
    sharp, blurred = embedded(network, pairs, device), embedded(network, pairs, device, blur)
    first, second, same = pairs.pairs.T
    plain = _parted((sharp[first] * sharp[second]).sum(axis=1), same == 1)
    mixed = _parted((sharp[first] * blurred[second]).sum(axis=1), same == 1)
    one = _quantiles((sharp * blurred).sum(axis=1))
    doubtful = max(part["different"]["0.99"] for part in (plain, mixed))
    return {
        "pairs": len(pairs.pairs),
        "sharp_sharp": plain,
        "sharp_blurred": mixed,
        "one_photo_sharp_blurred": one,
        "to_teacher": round(float((sharp * unit(pairs.embeddings)).sum(axis=1).mean()), 3),
        "limits": {"same": max(one["0.05"], doubtful), "doubtful": doubtful},
    }


def read_embedding(path: Path) -> FaceEmbedding:
    """Return the network of a file of weights, or of a run's checkpoint (its average); raise UserError."""
    if not path.is_file():
        raise UserError("{path}: there are no weights.", path=path)
    try:
        tensors = load_file(path)
        state = under(tensors, "average.") or tensors
        network = FaceEmbedding()
        network.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    except (SafetensorError, OSError, RuntimeError) as error:
        raise UserError("{path}: these are no weights of the face embedding.", path=path) from error
    return network


def unit(embeddings: np.ndarray) -> np.ndarray:
    """Return N x D embeddings at length 1."""
    return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)


def _blurred(crops: Tensor, views: Tensor, bank: Tensor, blur: Degradation, rng: torch.Generator) -> Tensor:
    context = Context(SIDE, SIDE, bank.shape[-1])
    kernels = bank[torch.randint(len(bank), (len(views),), generator=rng)]
    wide = render(crops, views, SIDE + context.kernel - 1)
    return degrade(wide, kernels, context, blur, rng)[0]


def _parted(similarities: np.ndarray, same: np.ndarray) -> dict[str, Any]:
    return {
        "same": _quantiles(similarities[same]),
        "different": _quantiles(similarities[~same]),
        "threshold": round(best_threshold(similarities, same), 3),
        "accuracy": round(verification_accuracy(similarities, same), 4),
    }


def _quantiles(values: np.ndarray) -> dict[str, float]:
    return {f"{q:g}": round(float(v), 3) for q, v in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True)}
