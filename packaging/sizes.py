"""Prints the size of each package in a bundle."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

_MEBIBYTE = 2**20


def sizes(bundle: Path, contents: Path) -> Counter[str]:
    """Return the bytes of each package in a bundle; `contents` is the output of `Contents.save`.

    Each file counts once, links not at all; files that the build made count as "acutance".
    """
    listed = json.loads(contents.read_text(encoding="utf-8"))
    owners = {file["place"].replace("\\", "/"): file["component"] for file in listed}
    found: Counter[str] = Counter()
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink():
            place = path.relative_to(bundle).as_posix().removeprefix("_internal/")
            found[owners.get(place, "acutance")] += path.stat().st_size
    return found


def table(found: Counter[str]) -> str:
    """Return the sizes as a Markdown table, largest first, with all below half a MiB in one line."""
    shown = [(name, size) for name, size in found.most_common() if size >= _MEBIBYTE / 2]
    rest = sum(found.values()) - sum(size for _, size in shown)
    rows = [*shown, (f"{len(found) - len(shown)} smaller ones", rest), ("all", sum(found.values()))]
    return "\n".join(["| package | MiB |", "|---|---:|", *(f"| {n} | {s / _MEBIBYTE:.1f} |" for n, s in rows)])


if __name__ == "__main__":
    sys.stdout.write(table(sizes(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
