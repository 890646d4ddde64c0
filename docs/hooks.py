"""Hooks of MkDocs: the pages that are made from other files, and the command line from its parsers."""

import argparse
import importlib
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from app.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
COPIES = {
    "architecture.md": "ARCHITECTURE.md",
    "changes.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "packages.md": "packaging/README.md",
    "training.md": "training/README.md",
}
"""Pages of the site, and the files of the repository that they show."""
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)")
_HEADING = """# Command line

Every command prints its help with `acutance COMMAND --help`. Exit codes: 0 done; 1 some inputs failed, and each of
them has a line that says why; 2 wrong usage; 130 cancelled. `--json` prints one JSON document on standard output;
progress and messages go to standard error.

`acutance` alone opens the window, and `acutance PHOTO...` opens photos in it.
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are no files in docs/."""
    for page, source in COPIES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=relinked(text, ROOT / source)))
    files.append(File.generated(config, "command-line.md", content=command_line()))
    return files


def relinked(text: str, source: Path) -> str:
    """Return a copied page with its relative links turned into links of the site."""
    pages = {(ROOT / of).resolve(): page for page, of in COPIES.items()}

    def target(match: re.Match[str]) -> str:
        path = (source.parent / match[1]).resolve()
        anchor = match[2] or ""
        if path in pages:
            return f"]({pages[path]}{anchor})"
        if path.is_relative_to(ROOT / "docs"):
            return f"]({path.relative_to(ROOT / 'docs').as_posix()}{anchor})"
        return "]"  # a file of the repository that the site does not show: its name is enough

    return _LINK.sub(target, text)


def command_line() -> str:
    """Return the page on the command line, made from the parsers."""
    return "\n".join([_HEADING, *(_section(name, summary) for name, summary in COMMANDS.items())])


def _section(name: str, summary: str) -> str:
    def formatter(prog: str) -> argparse.HelpFormatter:
        return argparse.HelpFormatter(prog, max_help_position=32, width=100)

    options: dict[str, Any] = {"prog": f"acutance {name}", "formatter_class": formatter, "allow_abbrev": False}
    parser = argparse.ArgumentParser(**options)
    importlib.import_module(f"app.cli.{name}").add_arguments(parser)
    return f"## {name}\n\n{summary[0].upper()}{summary[1:]}.\n\n```text\n{parser.format_help().strip()}\n```\n"
