"""acutance integrate [PROGRAM...]: puts Acutance into other programs, lists where it is, takes it out again."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.console import DONE, FAILED, UsageError, print_json, say, tell
from app.integrations.hosts import Host, hosts
from app.integrations.installing import install, remove, state
from engine.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance integrate`."""
    parser.add_argument(
        "programs",
        nargs="*",
        metavar="PROGRAM",
        help=f"{', '.join(hosts())}; none lists them all",
    )
    parser.add_argument("--remove", action="store_true", help="take everything out of these programs")
    parser.add_argument("--json", action="store_true", help="print the list as one JSON document")


def run(options: argparse.Namespace) -> int:
    """Install, remove or list."""
    known = hosts()
    if unknown := [name for name in options.programs if name not in known]:
        raise UsageError(f"There is no integration {unknown[0]!r}, only these: {', '.join(known)}.")
    if options.remove and not options.programs:
        raise UsageError(f"Say from which program: {', '.join(known)}.")
    failed = [name for name in options.programs if not _changed(known[name], options.remove)]
    if options.json:
        states = map(state, known.values())
        print_json([{**asdict(one), "here": one.here} for one in states])
    elif not options.programs:
        _list(known)
    return FAILED if failed else DONE


def _changed(host: Host, removing: bool) -> bool:
    """Install or remove, and say what happened; return whether it could be done."""
    try:
        places = remove(host) if removing else install(host)
    except UserError as error:
        say(str(error))
        return False
    if not places:
        say(f"{host.title}: nothing of Acutance is there.")
    for place in places:
        say(f"{host.title}: {'removed' if removing else 'installed'} {place}")
    return True


def _list(known: dict[str, Host]) -> None:
    for one in map(state, known.values()):
        word = "installed" if one.installed else "not installed" if one.here else "the program is not here"
        tell(f"{one.id}: {word}")
        for place in one.places:
            tell(f"  {place}")
