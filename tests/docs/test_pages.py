"""Files and commands that README, the documents and the site mention exist."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("training/*.md")})
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
ON_THE_SITE_ONLY = {"command-line.md", "architecture.md", "contributing.md", "training.md", "changes.md"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    here = document.parent == ROOT / "docs"
    missing = [link for link in links if not (document.parent / link).exists()]
    assert [link for link in missing if not (here and link in ON_THE_SITE_ONLY)] == []


def test_readme_fits_on_two_screens() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "index.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted(folder.glob("0*.md")) if path.name not in index] == []


def test_the_page_on_the_command_line_has_every_command() -> None:
    page = _hooks().command_line()
    assert [name for name in COMMANDS if f"usage: acutance {name}" not in page] == []


def test_links_of_copied_pages_lead_to_pages_of_the_site() -> None:
    hooks = _hooks()
    text = "[a](ARCHITECTURE.md) [b](docs/extending.md#a-format) [c](app/settings.py) [d](https://example.org/x.md)"
    expected = "[a](architecture.md) [b](extending.md#a-format) [c] [d](https://example.org/x.md)"
    assert hooks.relinked(text, ROOT / "README.md") == expected


def _hooks() -> Any:
    spec = spec_from_file_location("docs_hooks", ROOT / "docs" / "hooks.py")
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
