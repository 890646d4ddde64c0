"""Writes the licences of all that is bundled into one file, and the software bill of materials (CycloneDX 1.6)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from contents import Component, licence_texts

from app.licences import OWN, RULE

_SPDX = re.compile(r"[A-Za-z0-9.+-]+(-[0-9.]+)?( (AND|OR|WITH) [A-Za-z0-9.+() -]+)*")
_HEAD = f"""{OWN}

Acutance stands on the work of others. This file names all that is bundled with it, and holds the licences.

Qt and PySide6 are used under the LGPL 3: their libraries lie as files of their own in this program's folder
(PySide6/ and shiboken6/) and may be replaced by others of the same interface. Their sources: https://download.qt.io
"""


def write_licences(components: Iterable[Component], target: Path) -> None:
    """Write the list of all components and, under a heading each, their licence texts. Raises UnlicensedError."""
    components = list(components)
    width = max(len(component.name) for component in components)
    listed = [f"{c.name:<{width}}  {c.version:<24}  {c.licence}" for c in components]
    parts = [_HEAD, "\n".join(listed)]
    for component in components:
        parts.append(f"{RULE}\n{component.name} {component.version}\n{RULE}")
        parts += dict.fromkeys(text.strip() for _, text in licence_texts(component))  # each text once
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


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
    """Tell an SPDX expression from free words; a lone word counts when it is built like MIT or BSD-3-Clause."""
    lone = re.fullmatch(r"MIT|0BSD|Zlib|[A-Za-z]+-[A-Za-z0-9.-]+", licence) is not None
    return lone or (re.search(r" (AND|OR|WITH) ", licence) is not None and bool(_SPDX.fullmatch(licence)))
