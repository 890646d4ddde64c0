"""`train` and `evaluate` as command lines; `python -m training` has them without the rest of the program."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from engine.errors import UserError
from engine.request import DeviceChoice, RegionChoice
from training.arguments import at_least, not_negative, positive
from training.evaluation.benchmarks.command import add_benchmark_arguments
from training.evaluation.benchmarks.published import BENCHMARKS
from training.options import add_train_options, train_options
from training.recipe import recipes
from training.session import TrainingOutcome, run

if TYPE_CHECKING:
    from training.evaluation.evaluate import Evaluation

log = logging.getLogger(__name__)

SMALLEST_SIDE = 16  # px: SSIM looks at windows of 11


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance train`."""
    add_train_options(parser, recipes())


def add_ablate_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `python -m training ablate`: `train` for every variant of an option."""
    add_train_arguments(parser)
    parser.set_defaults(start="scratch")
    parser.add_argument("--option", required=True, help="what to vary: see ABLATIONS in the recipe")
    parser.add_argument("--test", type=Path, help="sharp photos to judge by (default: those held out)")
    parser.add_argument("--test-kernels", help="levin, trajectories, linear, a kernel file or a folder of them")


def ablation(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Compare the variants as the arguments say; return the table and whether it is complete."""
    from training.ablation import AblationOptions, ablate

    options = AblationOptions(train_options(arguments), arguments.option, arguments.test, arguments.test_kernels)
    return ablate(options)


def train(arguments: argparse.Namespace) -> TrainingOutcome:
    """Run a training session as the arguments say."""
    return run(train_options(arguments))


def outcome_text(outcome: TrainingOutcome) -> str:
    """Return the result of a session in one line."""
    new, state = outcome.new, "finished" if outcome.finished else "to be resumed"
    figures = f"{new.psnr:.2f} dB and SSIM {new.ssim:.3f}, the input {new.input_psnr:.2f} dB and {new.input_ssim:.3f}"
    published = "" if outcome.published is None else f", published as {outcome.published}"
    return f"{state}: {figures}; {new.better:.0%} of the crops got better; {outcome.card}{published}"


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance evaluate`."""
    sharp = parser.add_mutually_exclusive_group(required=True)
    sharp.add_argument("--sharp", type=Path, help="folder of sharp photos, or of one folder of frames for each")
    sharp.add_argument(
        "--pairs", type=Path, help="zip of faces with pairs.csv, to measure how well people are told apart"
    )
    sharp.add_argument("--benchmark", choices=BENCHMARKS, help="a published benchmark, whose pictures are in --data")
    add_benchmark_arguments(parser)
    blur = parser.add_mutually_exclusive_group()
    blur.add_argument("--blurred", type=Path, help="folder of their blurred versions")
    blur.add_argument("--kernels", help="levin, trajectories, linear, a kernel file or a folder of them")
    parser.add_argument(
        "--methods",
        default="",
        help="ids separated by commas, auto among them (default: all; l0-deconv by --benchmark)",
    )
    parser.add_argument("--region", choices=get_args(RegionChoice), default="auto")
    parser.add_argument(
        "--noise", type=not_negative(float), default=0.01, help="standard deviation in [0, 1] (default: 0.01)"
    )
    parser.add_argument(
        "--every-pair", action="store_true", help="use every kernel for every photo, instead of one after the other"
    )
    parser.add_argument("--most", type=positive(int), help="judge no more photos than this")
    parser.add_argument(
        "--side",
        type=at_least(int, SMALLEST_SIDE),
        help="first shrink the sharp pictures to this many px on their longer side",
    )
    parser.add_argument("--seed", type=not_negative(int), default=0)
    parser.add_argument("--device", default="auto", choices=get_args(DeviceChoice))
    parser.add_argument("--faces", action=argparse.BooleanOptionalAction, default=True, help="measure faces too")
    parser.add_argument("--judge", type=Path, help="ONNX face embedding to judge by (default: the installed one)")
    parser.add_argument("--report", type=Path, help="write table, figures and contact sheet under this name")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing report")
    parser.add_argument(
        "--into-cards", metavar="TITLE", help="put the figures into the cards of the methods, under this title"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def evaluation(arguments: argparse.Namespace) -> Evaluation:
    """Judge methods as the arguments say, and write the requested report and cards.

    Raise UserError if that is impossible. Foreseeable errors come before the computation, others after the table is
    logged, so that no results are lost.
    """
    from training.evaluation.cards import into_cards
    from training.evaluation.evaluate import EvaluateOptions, evaluate
    from training.evaluation.report import as_markdown, check_place, write

    options = EvaluateOptions(
        sharp=arguments.sharp,
        blurred=arguments.blurred,
        kernels=arguments.kernels,
        methods=tuple(name for name in arguments.methods.split(",") if name),
        region=arguments.region,
        noise=arguments.noise,
        every_pair=arguments.every_pair,
        most=arguments.most,
        side=arguments.side,
        seed=arguments.seed,
        device=arguments.device,
        faces=arguments.faces,
        pairs=arguments.pairs,
        judge=arguments.judge,
    )
    if arguments.report is not None:
        check_place(arguments.report, arguments.overwrite)
    if arguments.judge is not None:
        check_judge(arguments.judge)
    done = evaluate(options, lambda number, name: log.info("%d: %s", number + 1, name))
    try:
        if arguments.report is not None:
            write(done, arguments.report, arguments.overwrite)
        if arguments.into_cards is not None:
            into_cards(done, arguments.into_cards)
    except UserError:
        log.error("what was found:\n%s", as_markdown(done))
        raise
    return done


def check_judge(path: Path) -> None:
    """Raise UserError for a file that is not a network: OpenCV's own error does not name the file."""
    import cv2

    try:
        cv2.dnn.readNetFromONNX(str(path))
    except cv2.error as error:
        state = "is no network in ONNX" if path.is_file() else "is not there"
        raise UserError(f"The judge {path} {state}.") from error
