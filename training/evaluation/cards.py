"""Writes an evaluation's figures into the cards of the weights, with the command that repeats it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.option_fields import words_of
from engine.weights import find_weights
from engine.whole_files import write_whole
from training.evaluation.baselines import BLURRED
from training.evaluation.evaluate import Evaluation
from training.evaluation.figures import Row
from training.evaluation.options import EvaluateOptions
from training.publishing import card_beside

REPEATED = (
    "sharp",
    "blurred",
    "pairs",
    "kernels",
    "judge",
    "region",
    "noise",
    "side",
    "seed",
    "most",
    "every_pair",
    "faces",
)
"""The options that a command repeats, in their order: the figures do not depend on the device."""


def into_cards(evaluation: Evaluation, title: str) -> list[Path]:
    """Put each method's row under `title` into the evaluations of its card, replacing an older one.

    Raise UserError if a card cannot be written.
    """
    blurred = next(row for row in evaluation.rows if row.method == BLURRED)
    written = []
    for row in evaluation.rows:
        weights = find_weights(row.method)
        if weights is None:
            continue
        path = weights.path.with_suffix(".json")
        card = card_beside(path)
        card.setdefault("evaluations", {})[title] = entry(row, blurred, command(evaluation.options, row.method))
        text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
        try:
            write_whole(path, lambda file, text=text: file.write(text.encode()))  # type: ignore[misc]
        except OSError as error:
            raise UserError("{path} cannot be written: {reason}.", path=path, reason=error) from error
        written.append(path)
    return written


def entry(row: Row, blurred: Row, command: str) -> dict[str, Any]:
    """Return the card's entry for one evaluation; dB with two digits, shares with three."""
    figures: dict[str, Any] = {
        "command": command,
        "psnr": round(row.psnr, 2),
        "worst_psnr": round(row.worst_psnr, 2),
        "better": round(row.better, 3),
        "input_psnr": round(blurred.psnr, 2),
    }
    known = {
        "shifted_psnr": (row.shifted_psnr, 2),
        "ssim": (row.ssim, 3),
        "input_ssim": (blurred.ssim, 3),
        "kernel_similarity": (row.kernel_similarity, 3),
        "identity": (row.identity, 3),
        "verification": (row.verification, 3),
    }
    figures |= {name: round(value, digits) for name, (value, digits) in known.items() if value is not None}
    if row.by_kernel_size:
        figures["by_kernel_size"] = {str(size): round(psnr, 2) for size, psnr in row.by_kernel_size.items()}
    return figures


def command(options: EvaluateOptions, method: str) -> str:
    """Return the command that repeats a method's row; default values are omitted."""
    words = [word for name in REPEATED for word in words_of(options, name)]
    return shlex.join(["acutance", "evaluate", *words, "--methods", method])
