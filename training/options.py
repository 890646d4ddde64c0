"""The options of a training run, written once: the command line and the window's plan are made from these fields.

Imports no torch, so that the window can make the arguments of a run.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.option_fields import add_option, option, value_of, words_of
from training.arguments import not_negative, odd, positive
from training.progress import Budget

USUAL_MINUTES = 30.0


@dataclass(frozen=True)
class TrainOptions:
    """The options of a run; None takes the recipe's value.

    start: "shipped" (the installed weights if there are any), "scratch", or a safetensors file.
    publish: folder that the weights go to if they are better than those that they started from.
    judged: held-out crops that the judge looks at. reduced: bfloat16 where the device gains from it.
    looks: how often over the whole budget it is judged on the way, and samples are drawn into the run's folder.
    modest: crops and batches that suit a CPU, where it is one and nothing else is asked for.
    stages: names of those to go through, all if empty: later bursts may go on with the last one alone.
    anew: parts of the network that the first weights are not used for: beginnings of the names of their parameters.
    """

    recipe: str
    photos: tuple[Path, ...]
    budget: Budget
    folder: Path
    resume: bool = option(False, help="continue the run in --run-dir")
    call_minutes: float | None = option(None, read=positive(float), help="end this call earlier; --resume continues")
    device: str = option("auto", help="cpu, cuda, cuda:1, mps (default: the fastest)")
    start: str = option(
        "shipped", flag="--from", help="start from: shipped, scratch or a .safetensors file (default: shipped)"
    )
    publish: Path | None = option(None, read=Path, help="put the weights into this folder if they are better")
    labels: Path | None = option(None, read=Path, help="zip of parsing labels, named like the photos")
    most_photos: int | None = option(None, read=positive(int), help="read no more photos than this")
    crop: int | None = option(None, read=positive(int), help="side of the training crops in px")
    batch: int | None = option(None, read=positive(int), help="samples in each step")
    learning_rate: float | None = option(None, read=positive(float), help="peak learning rate")
    kernels: int | None = option(None, read=positive(int), help="size of the kernel bank")
    largest_kernel: int | None = option(None, read=odd, help="largest extent of a kernel in px (odd)")
    peak: float = option(1.0, read=positive(float), help="factor on the learning rates, for later bursts")
    seed: int = option(0, read=not_negative(int), help="of blur, noise and first weights (default: 0)")
    compile: bool | None = option(None, help="torch.compile (default: on CUDA)")
    judged: int = option(32, read=positive(int), help="number of held-out crops to judge by (default: 32)")
    reduced: bool = option(True, flag="--float32", help="do not use reduced precision")
    looks: int = option(
        0, read=not_negative(int), help="judge and draw samples this many times during the run (default: 0)"
    )
    modest: bool = option(False, help="on a CPU, use smaller crops and batches")
    stages: tuple[str, ...] = option((), flag="--stage", help="train this stage only (may be given several times)")
    anew: tuple[str, ...] = option(
        (), flag="--anew", help="begin this part of the network anew (semantic: parsing_net)"
    )


def add_train_options(parser: argparse.ArgumentParser, recipes: list[str]) -> None:
    """Describe `acutance train RECIPE`."""
    parser.add_argument("recipe", metavar="RECIPE", help=f"one of: {', '.join(recipes)}")
    photos = "folder, zip or list of sharp photos"
    parser.add_argument("--photos", type=Path, action="append", required=True, help=photos)
    usual = f"budget of the whole run (default: {USUAL_MINUTES:g})"
    parser.add_argument("--minutes", type=positive(float), default=USUAL_MINUTES, help=usual)
    parser.add_argument("--samples", type=positive(int), help="budget in samples instead of minutes")
    parser.add_argument("--run-dir", type=Path, help="folder of the run (default: runs/RECIPE)")
    for name in _PLAIN:
        add_option(parser, TrainOptions, name)


def train_options(arguments: argparse.Namespace) -> TrainOptions:
    """Return the options that the arguments describe."""
    budget = Budget(samples=arguments.samples) if arguments.samples else Budget(minutes=arguments.minutes)
    plain: dict[str, Any] = {name: value_of(arguments, TrainOptions, name) for name in _PLAIN}
    folder = arguments.run_dir or default_folder(arguments.recipe)
    return TrainOptions(arguments.recipe, tuple(arguments.photos), budget, folder, **plain)


def default_folder(recipe: str) -> Path:
    """Return the folder of a run for which none is named."""
    return Path("runs") / recipe


def train_words(options: TrainOptions) -> list[str]:
    """Return the arguments of `acutance train` that give these options: what is usual is left out."""
    words = [options.recipe, *(word for photos in options.photos for word in ("--photos", str(photos)))]
    if options.budget.samples is not None:
        words += ["--samples", str(options.budget.samples)]
    elif options.budget.minutes != USUAL_MINUTES:
        words += ["--minutes", f"{options.budget.minutes:g}"]
    if options.folder != default_folder(options.recipe):
        words += ["--run-dir", str(options.folder)]
    return words + [word for name in _PLAIN for word in words_of(options, name)]


_PLAIN = tuple(TrainOptions.__dataclass_fields__)[4:]
"""The fields that stand on a command line just as they are."""
