"""`python -m training.distil_embedding faces|views|pairs|train|judge`: makes the weights of the face embedding.

    python -m training.distil_embedding faces --photos FOLDER_OR_ZIP... --teacher face-embedding.onnx -o faces.npz
    python -m training.distil_embedding views --faces faces.npz --teacher face-embedding.onnx --views 20 -o more.npz
    python -m training.distil_embedding pairs --photos lfw-pairs.zip --teacher face-embedding.onnx -o pairs.npz
    python -m training.distil_embedding train --faces faces.npz --pairs pairs.npz --minutes 8 --run-dir runs/embedding
    python -m training.distil_embedding judge --weights runs/embedding/face-embedding.safetensors --pairs pairs.npz

`faces` and `pairs` need facenet-pytorch for the landmarks; the others run where there is none, on a GPU box.
`judge` tells how the cosines of one person and of two people lie, sharp and blurred, as JSON: what the limits of
`app.window.faces.identities` are taken from.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import sys
from pathlib import Path

import torch

from engine.errors import UserError
from engine.whole_files import write_whole
from training.arguments import not_negative, positive
from training.devices import device_for
from training.embedding.cosines import cosines, read_embedding
from training.embedding.distil import RECIPE, distil
from training.embedding.faces import PreparedFaces
from training.programs import exit_code
from training.progress import Budget
from training.recipe import Recipe
from training.trainer import RunOptions

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments and run; return 0, or log a sentence and return 1."""
    arguments = command_line(argv)
    return exit_code(COMMANDS[arguments.command], arguments)


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training.distil_embedding")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("faces", "prepare training faces"), ("pairs", "prepare pairs for judging")):
        prepare = commands.add_parser(name, help=text)
        prepare.add_argument("--photos", type=Path, action="append", required=True, help="folder or zip")
        prepare.add_argument("--teacher", type=Path, required=True, help="ONNX file")
        prepare.add_argument("-o", "--output", type=Path, required=True, help="the .npz to write")
        prepare.add_argument("--most", type=positive(int), help="look at no more photos or pairs than this")
        if name == "faces":
            prepare.add_argument("--views", type=positive(int), default=6, help="views of each face (default: 6)")
            prepare.add_argument("--seed", type=not_negative(int), default=0)
    views = commands.add_parser("views", help="draw more views of prepared faces, on all cores")
    views.add_argument("--faces", type=Path, required=True)
    views.add_argument("--teacher", type=Path, required=True, help="ONNX file")
    views.add_argument("--views", type=positive(int), default=20, help="views of each face (default: 20)")
    views.add_argument("--seed", type=not_negative(int), default=0)
    views.add_argument("-o", "--output", type=Path, required=True, help="the .npz to write")
    judge = commands.add_parser("judge", help="measure the cosines of one person and of two people")
    judge.add_argument("--weights", type=Path, required=True, help="weights, or the checkpoint of a run")
    judge.add_argument("--pairs", type=Path, required=True)
    judge.add_argument("-o", "--output", type=Path, help="the .json to write; else to standard output")
    train = commands.add_parser("train", help="distil")
    train.add_argument("--faces", type=Path, required=True)
    train.add_argument("--pairs", type=Path, required=True)
    train.add_argument("--run-dir", type=Path, default=Path("runs/face-embedding"))
    train.add_argument("--minutes", type=positive(float), default=20.0, help="budget of the whole run")
    train.add_argument("--samples", type=positive(int), help="budget in samples instead of minutes")
    train.add_argument("--call-minutes", type=positive(float), help="stop this call earlier; --resume goes on")
    train.add_argument("--resume", action="store_true")
    train.add_argument("--from", dest="start", type=Path, help="weights to start from")
    train.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps (default: the fastest)")
    train.add_argument("--batch", type=positive(int))
    train.add_argument("--learning-rate", type=positive(float))
    train.add_argument("--kernels", type=positive(int), help="size of the kernel bank")
    train.add_argument("--seed", type=not_negative(int), default=0)
    train.add_argument("--compile", action="store_true", help="torch.compile")
    return parser.parse_args(argv)


def _prepare(arguments: argparse.Namespace) -> None:
    from training.embedding.prepare import prepare_faces, prepare_pairs
    from training.embedding.teaching import Teacher

    teacher = Teacher(arguments.teacher)
    if arguments.command == "pairs":
        prepared = prepare_pairs(arguments.photos[0], teacher, arguments.most)
    else:
        prepared = prepare_faces(arguments.photos, teacher, arguments.views, arguments.seed, arguments.most)
    prepared.save(arguments.output)
    log.info("%s: %d faces, %d views", arguments.output, len(prepared.crops), len(prepared.views))


def _views(arguments: argparse.Namespace) -> None:
    from training.embedding.teaching import with_views

    faces = PreparedFaces.load(arguments.faces)
    viewed = with_views(faces, arguments.teacher, arguments.views, arguments.seed)
    viewed.save(arguments.output)
    log.info("%s: %d faces, %d views", arguments.output, len(viewed.crops), len(viewed.views))


def _train(arguments: argparse.Namespace) -> None:
    if not arguments.resume and (arguments.run_dir / "checkpoint.safetensors").exists():
        raise UserError(f"{arguments.run_dir}: a run lies there already; add --resume or choose another folder.")
    samples = arguments.samples
    options = RunOptions(
        folder=arguments.run_dir,
        budget=Budget(samples=samples) if samples else Budget(minutes=arguments.minutes),
        device=device_for(arguments.device),
        call_minutes=arguments.call_minutes,
        seed=arguments.seed,
        compile=arguments.compile,
    )
    faces, pairs = PreparedFaces.load(arguments.faces), PreparedFaces.load(arguments.pairs)
    distil(faces, pairs, options, _adapted(RECIPE, arguments), arguments.resume, arguments.start)


def _adapted(recipe: Recipe, arguments: argparse.Namespace) -> Recipe:
    """Return the recipe with the arguments' sizes in place of its own."""
    (stage,) = recipe.stages
    stage = dataclasses.replace(
        stage,
        batch=arguments.batch or stage.batch,
        learning_rate=arguments.learning_rate or stage.learning_rate,
    )
    degradation = dataclasses.replace(recipe.degradation, kernels=arguments.kernels or recipe.degradation.kernels)
    return dataclasses.replace(recipe, stages=(stage,), degradation=degradation)


def _judge(arguments: argparse.Namespace) -> None:
    network, pairs = read_embedding(arguments.weights), PreparedFaces.load(arguments.pairs)
    found = json.dumps(cosines(network, pairs, torch.device("cpu"), RECIPE.degradation), indent=2) + "\n"
    if arguments.output is None:
        sys.stdout.write(found)
    else:
        write_whole(arguments.output, lambda file: file.write(found.encode()))


COMMANDS = {"faces": _prepare, "views": _views, "pairs": _prepare, "train": _train, "judge": _judge}


if __name__ == "__main__":
    sys.exit(main())
