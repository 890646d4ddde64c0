"""Writes the licences of a bundle into one file, and its software bill of materials (CycloneDX 1.6)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from contents import Component, licence_texts

from app.licences import OWN, RULE, WEIGHTS, WEIGHTS_TITLE

_SPDX = re.compile(r"[A-Za-z0-9.+-]+(-[0-9.]+)?( (AND|OR|WITH) [A-Za-z0-9.+() -]+)*")
_ROOT = Path(__file__).resolve().parents[1]
_OWN = {"Acutance": ("LICENSE", "NOTICE"), WEIGHTS_TITLE: ("resources/weights/LICENSE",)}
_HEAD = f"""{OWN}
{WEIGHTS}

This file lists every package in this bundle, and holds the licences of all of them.

Qt and PySide6 are used under the LGPL 3. Their libraries are separate files in this program's folder (PySide6/ and
shiboken6/), and you may replace them by compatible ones. Their sources: https://download.qt.io
"""


def write_licences(components: Iterable[Component], target: Path) -> None:
    """Write the list of all components, then their licence texts, each under a heading. Raises UnlicensedError."""
    components = list(components)
    width = max(len(component.name) for component in components)
    listed = [f"{c.name:<{width}}  {c.version:<24}  {c.licence}" for c in components]
    parts = [_HEAD, "\n".join(listed)]
    for title, names in _OWN.items():
        parts.append(_heading(title))
        parts += ((_ROOT / name).read_text(encoding="utf-8").strip("\n") for name in names)
    for component in components:
        parts.append(_heading(f"{component.name} {component.version}"))
        parts += dict.fromkeys(text.strip() for _, text in licence_texts(component))  # write each text once
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _heading(title: str) -> str:
    return f"{RULE}\n{title}\n{RULE}"


def bill_of_materials(version: str, components: Sequence[Component]) -> dict[str, Any]:
    """Return the CycloneDX document of the program at that version; the same input gives the same document."""
    program = {"type": "application", "bom-ref": "acutance", "name": "acutance", "version": version}
    named = uuid.uuid5(uuid.NAMESPACE_URL, " ".join([version, *(component.purl for component in components)]))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{named}",
        "version": 1,
        "metadata": {"component": program},
        "components": [_described(component) for component in components],
        "dependencies": [{"ref": "acutance", "dependsOn": [component.purl for component in components]}],
    }


def write_bill(version: str, components: Sequence[Component], target: Path) -> None:
    """Write the bill of materials as JSON."""
    target.write_text(json.dumps(bill_of_materials(version, components), indent=1) + "\n", encoding="utf-8")


def _described(component: Component) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
        "licenses": [{"license": {"name": component.licence}}],
    }
    if _is_expression(component.licence):
        described["licenses"] = [{"expression": component.licence}]
    if component.homepage.startswith("http"):
        described["externalReferences"] = [{"type": "website", "url": component.homepage}]
    return described


def _is_expression(licence: str) -> bool:
    """Tell whether the licence is an SPDX expression; a single word must look like MIT or BSD-3-Clause."""
    lone = re.fullmatch(r"MIT|0BSD|Zlib|[A-Za-z]+-[A-Za-z0-9.-]+", licence) is not None
    return lone or (re.search(r" (AND|OR|WITH) ", licence) is not None and bool(_SPDX.fullmatch(licence)))
