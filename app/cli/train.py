"""acutance train RECIPE --photos DIR: trains weights (training.commands), after a survey of the photos or a trial."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import threading
from typing import TYPE_CHECKING

from app.cli.console import DONE, print_json, say, show_progress

if TYPE_CHECKING:
    from training.options import TrainOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance train`."""
    from training.commands import add_train_arguments

    add_train_arguments(parser)
    parser.add_argument(
        "--survey", action="store_true", help="first find the photos that are of no use, name them and leave them out"
    )
    parser.add_argument("--trial", action="store_true", help="measure speed and memory in a few steps, and end")
    parser.add_argument("--stop-with-input", action="store_true", help="stop cleanly when standard input ends")
    parser.add_argument("--json", action="store_true", help="with --trial: print one JSON document")


def run(options: argparse.Namespace) -> int:
    """Run a training session, or the trial of one."""
    from training.commands import outcome_text
    from training.options import train_options
    from training.session import run as train

    wanted = train_options(options)
    if options.trial:
        return _try(wanted, options.json)
    if options.survey:
        wanted = _surveyed(wanted)
    stop = threading.Event()
    if options.stop_with_input:
        threading.Thread(target=_await_end_of_input, args=(stop,), daemon=True).start()
    outcome = train(wanted, stop=stop)
    say(outcome_text(outcome))
    return DONE


def _try(wanted: TrainOptions, as_json: bool) -> int:
    from app.surveying import measured, promised
    from engine.weights import find_weights
    from resources import resource
    from training.trial import trial

    found = trial(wanted)
    shipped = find_weights(wanted.recipe.partition("@")[0], [resource("weights")])
    if as_json:
        print_json(dataclasses.asdict(found))
        return DONE
    say(measured(found.samples_per_second, found.memory, found.device))
    minutes = wanted.budget.minutes
    if minutes:
        say(promised(found.samples_per_second, minutes, shipped.card.samples_seen if shipped else None))
    return DONE


def _surveyed(wanted: TrainOptions) -> TrainOptions:
    """Return the options with a list of the usable photos; a resumed run has the list already."""
    from app.surveying import reason, summary
    from training.sources import count, sources, write_list
    from training.survey import survey

    photos = wanted.folder / "photos.txt"
    if not (wanted.resume and photos.exists()):
        total, looks = count(wanted.photos), {}
        for look in survey(sources(wanted.photos)):
            looks[look.place] = look
            show_progress(len(looks) / total, "survey")
            if look.verdict != "good":
                say(f"{look.place}: {reason(look)}")
        good = [look.place for look in looks.values() if look.verdict == "good"]
        say(summary(list(looks.values()), len(good)))
        write_list(photos, good)
    return dataclasses.replace(wanted, photos=(photos,))


def _await_end_of_input(stop: threading.Event) -> None:
    """Set `stop` when standard input ends: the window holds its other end, and may crash."""
    while os.read(sys.stdin.fileno(), 1):  # the lock of sys.stdin.read would keep the interpreter from exiting
        pass
    stop.set()
