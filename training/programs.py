"""How the programs of this package run: with a log on standard error, and a sentence for each foreseeable error."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable

from engine.errors import UserError

log = logging.getLogger("training")


def exit_code(run: Callable[[argparse.Namespace], object], arguments: argparse.Namespace) -> int:
    """Run a command; return 0, or log why it cannot be done and return 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        run(arguments)
    except UserError as error:
        log.error("%s", error)
        return 1
    return 0
