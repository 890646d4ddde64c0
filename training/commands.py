"""`train` and `evaluate` as command lines; `python -m training` has them without the rest of the program."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.option_fields import add_option
from training.evaluation.benchmarks.command import add_benchmark_arguments
from training.evaluation.benchmarks.published import BENCHMARKS
from training.evaluation.options import ALONE, EvaluateOptions
from training.options import add_train_options, train_options
from training.recipe import recipes
from training.session import TrainingOutcome, run

if TYPE_CHECKING:
    from training.evaluation.evaluate import Evaluation

log = logging.getLogger(__name__)


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
    for name in ("sharp", "pairs"):
        add_option(sharp, EvaluateOptions, name)
    sharp.add_argument("--benchmark", choices=BENCHMARKS, help="a published benchmark, whose pictures are in --data")
    add_benchmark_arguments(parser)
    blur = parser.add_mutually_exclusive_group()
    for name in ("blurred", "kernels"):
        add_option(blur, EvaluateOptions, name)
    parser.add_argument(
        "--methods",
        default="",
        help="ids separated by commas, auto and true-kernel among them; ID+finish is with --finish, ID+best with "
        "--best-quality (default: all; l0-deconv by --benchmark)",
    )
    for name in ALONE:
        add_option(parser, EvaluateOptions, name)
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
    from training.evaluation.evaluate import evaluate
    from training.evaluation.report import as_markdown, check_place, write

    methods = tuple(name for name in arguments.methods.split(",") if name)
    names = ("sharp", "pairs", "blurred", "kernels", *ALONE)
    options = EvaluateOptions(methods=methods, **{name: getattr(arguments, name) for name in names})
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
