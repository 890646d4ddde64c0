"""What versions are called, in the window and as files."""

from __future__ import annotations

import re
from pathlib import Path

from app.language import percent, tr
from app.window.methods import title_of
from app.window.versions.version import Version

_NO_NAME_OF_A_FILE = re.compile(r'[\\/:*?"<>|{}\x00-\x1f]+')


def called(version: Version) -> str:
    """Return the name that the user gave, else the number."""
    return version.name or tr("Version {number}").format(number=version.number)


def described(version: Version) -> str:
    """Return by what it was made and how it is seen."""
    result = version.outcome.result
    told = [title_of(result.method)] if result is not None else []
    told.append(percent(version.request.strength))
    if version.mask is not None:
        told.append(tr("under a mask"))
    return "  ·  ".join(told)


def file_of(version: Version, usual: Path) -> Path:
    """Return where a version goes whose photo's result would go to `usual`: a free name with that of the version."""
    from engine.photos.naming import free_path, output_path

    own = _NO_NAME_OF_A_FILE.sub("-", version.name).strip(" .-") or f"v{version.number}"
    return free_path(output_path(usual, usual.parent, suffix=usual.suffix, template=f"{{name}}-{own}"))
