"""Draws the contact sheet of a benchmark: before, after, the estimated kernel, the published kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from engine.kernels.files import picture
from engine.kernels.kernel import Kernel
from training.evaluation.benchmarks.benchmark import CaseOutcome, Truth
from training.evaluation.benchmarks.cases import Case
from training.evaluation.benchmarks.summary import PictureFigures
from training.evaluation.report import LABEL, thumbnail

CELL, KERNEL_CELL = 480, 200  # px, the sides of a picture and of a kernel
LEFTS = (0, CELL, 2 * CELL, 2 * CELL + KERNEL_CELL)
WIDTH = 2 * (CELL + KERNEL_CELL)


@dataclass(frozen=True)
class Line:
    """A line of the sheet: a title and up to four pictures, None for a missing one."""

    title: str
    pictures: tuple[Image.Image | None, ...]

    @property
    def height(self) -> int:
        """The height on the sheet in px."""
        return LABEL + max(picture.height for picture in self.pictures if picture is not None)


def line(case: Case, blurred: np.ndarray, restored: CaseOutcome, truth: Truth, figures: PictureFigures) -> Line:
    """Draw a method's result for a picture, with its figures above."""
    text = [case.name, case.kind, restored.row, figures.ran if figures.ran != restored.row else ""]
    text += [f"{figures.psnr:.2f} dB" if figures.psnr is not None else "", figures.verdict or ""]
    text.append(f"kernel {figures.similarity:.2f}" if figures.similarity is not None else "")
    kernels = _drawn([restored.kernel, truth.kernels[0] if truth.kernels else None])
    pictures = (thumbnail(blurred, CELL), thumbnail(restored.pixels, CELL), *kernels)
    return Line(", ".join(word for word in text if word), pictures)


def sheet(lines: list[Line]) -> Image.Image:
    """Put the lines one below another."""
    drawn = Image.new("RGB", (WIDTH, max(1, sum(one.height for one in lines))), "white")
    draw, top = ImageDraw.Draw(drawn), 0
    for one in lines:
        draw.text((4, top + 3), one.title, fill="black")
        for left, part in zip(LEFTS, one.pictures, strict=True):
            if part is not None:
                drawn.paste(part, (left, top + LABEL))
        top += one.height
    return drawn


def _drawn(kernels: Sequence[Kernel | None]) -> list[Image.Image | None]:
    """Draw kernels at the same scale, so that their sizes can be compared."""
    largest = max((max(kernel.values.shape) for kernel in kernels if kernel), default=1)
    scale = max(1, KERNEL_CELL // largest)
    drawn = [Image.fromarray(picture(kernel, scale)) if kernel else None for kernel in kernels]
    for one in drawn:
        if one is not None and largest > KERNEL_CELL:
            one.thumbnail((one.width * KERNEL_CELL // largest, one.height * KERNEL_CELL // largest))
    return drawn
