"""The options of an evaluation, written once: its parser and the command on a card are made from these fields."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.choices import RegionChoice
from engine.option_fields import option
from engine.place import DeviceChoice
from training.arguments import at_least, not_negative, positive

SMALLEST_SIDE = 16  # px: SSIM looks at windows of 11


@dataclass(frozen=True)
class EvaluateOptions:
    """The methods to evaluate, and the samples. kernels: see `kernel_sets.kernels`.

    noise: standard deviation in [0, 1]. methods: ids, and "auto" for the program's choice; () for all that have
    weights. pairs: a zip of pictures and pairs.csv, in place of `sharp`, to measure how well people are recognised.
    faces: whether to find faces and compare identities too. judge: ONNX file of the face embedding to use.
    """

    sharp: Path | None = option(None, read=Path, help="folder of sharp photos, or of one folder of frames for each")
    pairs: Path | None = option(
        None, read=Path, help="zip of faces with pairs.csv, to measure how well people are told apart"
    )
    blurred: Path | None = option(None, read=Path, help="folder of their blurred versions")
    kernels: str | None = option(None, help="levin, trajectories, linear, a kernel file or a folder of them")
    methods: tuple[str, ...] = ()
    region: RegionChoice = option("auto", help="what to restore of each sample (default: auto)")
    noise: float = option(0.01, read=not_negative(float), help="standard deviation in [0, 1] (default: 0.01)")
    every_pair: bool = option(False, help="use every kernel for every photo, instead of one after the other")
    most: int | None = option(None, read=positive(int), help="judge no more photos than this")
    side: int | None = option(
        None,
        read=at_least(int, SMALLEST_SIDE),
        help="first shrink the sharp pictures to this many px on their longer side",
    )
    seed: int = option(0, read=not_negative(int), help="of blur and noise (default: 0)")
    device: DeviceChoice = option("auto", help="where to compute (default: auto, the fastest)")
    faces: bool = option(True, help="measure faces too")
    judge: Path | None = option(None, read=Path, help="ONNX face embedding to judge by (default: the installed one)")


ALONE = ("region", "noise", "every_pair", "most", "side", "seed", "device", "faces", "judge")
"""The options that exclude no other."""
