"""`train` on the command line; `python -m training train ...` is the same without the rest of the program."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.progress import Budget
from training.recipe import recipes
from training.session import Outcome, TrainOptions, run


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance train`."""
    parser.add_argument("recipe", metavar="RECIPE", help=f"one of: {', '.join(recipes())}")
    parser.add_argument("--photos", type=Path, action="append", required=True, help="folder or zip of sharp photos")
    parser.add_argument("--minutes", type=float, default=30.0, help="budget of the whole run (default: 30)")
    parser.add_argument("--samples", type=int, help="budget in samples instead of minutes")
    parser.add_argument("--call-minutes", type=float, help="stop this call earlier; --resume goes on")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --run-dir")
    parser.add_argument("--run-dir", type=Path, help="folder of the run (default: runs/RECIPE)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps (default: the fastest)")
    parser.add_argument("--from", dest="start", default="shipped", help="shipped, scratch or a .safetensors file")
    parser.add_argument("--publish", type=Path, help="folder to put the weights into if they are better")
    parser.add_argument("--labels", type=Path, help="zip of parsing labels with the photos' names")
    parser.add_argument("--most-photos", type=int, help="read no more photos than this")
    parser.add_argument("--crop", type=int, help="side of the training crops in px")
    parser.add_argument("--batch", type=int, help="samples a step")
    parser.add_argument("--learning-rate", type=float, help="at its peak")
    parser.add_argument("--peak", type=float, default=1.0, help="factor on the learning rates, for later bursts")
    parser.add_argument("--kernels", type=int, help="size of the kernel bank")
    parser.add_argument("--largest-kernel", type=int, help="largest extent of a kernel in px (odd)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, help="torch.compile (default: on CUDA)")


def train(arguments: argparse.Namespace) -> Outcome:
    """Run a training session as the arguments say."""
    budget = Budget(samples=arguments.samples) if arguments.samples else Budget(minutes=arguments.minutes)
    options = TrainOptions(
        recipe=arguments.recipe,
        photos=tuple(arguments.photos),
        budget=budget,
        folder=arguments.run_dir or Path("runs") / arguments.recipe,
        resume=arguments.resume,
        call_minutes=arguments.call_minutes,
        device=arguments.device,
        start=arguments.start,
        publish=arguments.publish,
        labels=arguments.labels,
        most_photos=arguments.most_photos,
        crop=arguments.crop,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate,
        kernels=arguments.kernels,
        largest_kernel=arguments.largest_kernel,
        peak=arguments.peak,
        seed=arguments.seed,
        compile=arguments.compile,
    )
    return run(options)
