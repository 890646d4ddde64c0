"""`python -m training train`, `ablate`, `speed`, `throughput`, `pack`, `parsing`, `curves`: without Qt."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

import torch

from engine.networks.semantic.network import Semantic
from resources import resource
from training.arguments import not_negative, positive
from training.commands import ablation, add_ablate_arguments, add_train_arguments, outcome_text, train
from training.curves import curves, of_weights, points_of_run
from training.curves import table as curves_table
from training.devices import device_for
from training.evaluation.parsing import parsing
from training.evaluation.parsing import table as parsing_table
from training.judge import Judge
from training.options import train_options
from training.packing import pack
from training.programs import exit_code
from training.publishing import card_beside, hardware_name
from training.recipe import recipe
from training.session import network_of, weights_of
from training.sharp import load
from training.speed import speeds, table
from training.throughput import table as throughput_table
from training.throughput import throughputs

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, and log the result in one line."""
    return exit_code(_run, command_line(argv))


def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "speed":
        measure_speed(device_for(arguments.device), arguments.seconds)
    elif arguments.command == "throughput":
        measure_throughput(arguments)
    elif arguments.command == "pack":
        log.info("%d photos packed", pack(arguments.photos, arguments.labels, arguments.side, arguments.output))
    elif arguments.command == "parsing":
        measure_parsing(arguments)
    elif arguments.command == "curves":
        show_curves(arguments)
    elif arguments.command == "ablate":
        table_of_variants, complete = ablation(arguments)
        log.info("%s\n%s", "complete" if complete else "not finished; run the command again", table_of_variants)
    else:
        outcome = train(arguments)
        log.info("%s", outcome_text(outcome))


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training")
    commands = parser.add_subparsers(dest="command", required=True)
    add_train_arguments(commands.add_parser("train"))
    add_ablate_arguments(commands.add_parser("ablate", help="compare all variants of a recipe's option"))
    speed = commands.add_parser("speed", help="milliseconds of every network at its paper's size")
    speed.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps (default: the fastest)")
    speed.add_argument(
        "--seconds", type=not_negative(float), default=3.0, help="how long to measure each (default: 3)"
    )
    throughput = commands.add_parser(
        "throughput", help="measure how fast a recipe's stages train, and what limits them"
    )
    add_train_arguments(throughput)
    throughput.add_argument(
        "--seconds", type=not_negative(float), default=3.0, help="how long to measure each (default: 3)"
    )
    throughput.add_argument("--profiles", type=Path, help="append the slowest GPU kernels of each stage to this file")
    packing = commands.add_parser(
        "pack", help="shrink labelled faces and their maps, to carry them to another machine"
    )
    packing.add_argument("--photos", type=Path, action="append", required=True, help="folder, zip or list of photos")
    packing.add_argument("--labels", type=Path, required=True, help="zip of parsing labels with the photos' names")
    packing.add_argument("--side", type=positive(int), default=140, help="shorter side in px (default: 140)")
    packing.add_argument("-o", "--output", type=Path, required=True, help="folder for faces.zip and labels.zip")
    parsed = commands.add_parser("parsing", help="measure how well semantic's parsing net labels each part of a face")
    parsed.add_argument("--photos", type=Path, action="append", required=True, help="folder, zip or list of photos")
    parsed.add_argument("--labels", type=Path, required=True, help="zip of parsing labels with the photos' names")
    parsed.add_argument("--all", action="store_true", help="judge by all photos, not only by those held out")
    parsed.add_argument("--from", dest="start", default="shipped", help="shipped (default) or a .safetensors file")
    parsed.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps (default: the fastest)")
    curved = commands.add_parser("curves", help="what more samples are worth to each method, by cards and runs")
    curved.add_argument("--weights", type=Path, help="folder of weights and cards (default: those that ship)")
    curved.add_argument(
        "--run", type=Path, action="append", default=[], help="folder of a run, whose looks count too"
    )
    return parser.parse_args(argv)


def measure_throughput(arguments: argparse.Namespace) -> None:
    """Log a recipe's table, eager and, if possible, compiled."""
    options, rows = train_options(arguments), []
    ways = (False, True) if arguments.compile is None else (arguments.compile,)
    for compiled in ways:
        try:
            for row in throughputs(options, compiled, arguments.seconds):
                rows.append(row)
                if arguments.profiles:
                    with arguments.profiles.open("a", encoding="utf-8") as file:
                        file.write(f"{row.stage}, compiled: {compiled}\n{row.kernels}\n\n")
        except RuntimeError:  # an error of the compiler or the driver; the other mode may work
            log.exception("%s, compiled: %s", options.recipe, compiled)
    log.info("\n%s", throughput_table(rows, options.recipe))


def measure_parsing(arguments: argparse.Namespace) -> None:
    """Log the F-scores, on faces blurred as in training."""
    device, chosen = device_for(arguments.device), recipe("semantic")
    sets = load(arguments.photos, chosen.fit, arguments.labels, leaves_out=chosen.leaves_out)
    start = weights_of(chosen, arguments.start)
    settings = {**chosen.settings, **(card_beside(start).get("settings", {}) if start else {})}
    network, _ = network_of(replace(chosen, settings=settings), arguments.start)
    assert isinstance(network, Semantic)
    looked_at = sets if arguments.all else sets[1:]
    judges = [Judge(faces, chosen.degradation, chosen.judge, device, len(faces)) for faces in looked_at if len(faces)]
    found = parsing(network.to(device).eval(), (batch for judge in judges for batch in judge.batches))
    log.info("%d faces\n%s", found.faces, parsing_table(found))


def show_curves(arguments: argparse.Namespace) -> None:
    """Log the curves, the method first that a GPU would teach most."""
    points = of_weights(arguments.weights or resource("weights"))
    for folder in arguments.run:
        name, found = points_of_run(folder)
        points[name] = [*points.get(name, []), *found]
    log.info("\n%s", curves_table(curves(points)))


def measure_speed(device: torch.device, seconds: float) -> None:
    """Log the table, eager and (on a GPU) compiled."""
    ways = (False, True) if device.type == "cuda" else (False,)
    found = [speed for compiled in ways for speed in speeds(device, compiled, seconds)]
    log.info("on %s\n%s", hardware_name(device), table(found))


if __name__ == "__main__":
    sys.exit(main())
