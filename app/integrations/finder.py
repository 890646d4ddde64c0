"""Finder on macOS: a quick action for pictures, as Automator would save it."""

from __future__ import annotations

import plistlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.integrations.pieces import MARK, OwnFile, Piece

_NAME = "Open in Acutance"
_NOTE = f"Written by `{MARK} files`; `{MARK} --remove files` takes it away."


def finder(command: Sequence[str]) -> list[Piece]:
    """Return the two files of the workflow."""
    contents = Path.home() / "Library" / "Services" / f"{_NAME}.workflow" / "Contents"
    script = f'# {_NOTE}\nexec {shlex.join(command)} "$@"\n'
    parts = {"Info.plist": _info(), "document.wflow": _workflow(script)}
    return [OwnFile(contents / name, plistlib.dumps(plain).decode()) for name, plain in parts.items()]


def _info() -> dict[str, Any]:
    service = {
        "NSMenuItem": {"default": _NAME},
        "NSMessage": "runWorkflowAsService",
        "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
        "NSSendFileTypes": ["public.image"],
    }
    return {"NSServices": [service], "AcutanceNote": _NOTE}


def _workflow(script: str) -> dict[str, Any]:
    strings = {"Container": "List", "Types": ["com.apple.cocoa.string"]}
    action = {
        "AMAccepts": {**strings, "Optional": True},
        "AMActionVersion": "2.0.3",
        "AMApplication": ["Automator"],
        "AMProvides": strings,
        "ActionBundlePath": "/System/Library/Automator/Run Shell Script.action",
        "ActionName": "Run Shell Script",
        "ActionParameters": {
            "COMMAND_STRING": script,
            "CheckedForUserDefaultShell": True,
            "inputMethod": 1,  # the files as arguments
            "shell": "/bin/sh",
            "source": "",
        },
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
        "InputUUID": "5C9AD0E1-6D1F-4E6F-9B0B-0A4C6F0F0A01",
        "OutputUUID": "5C9AD0E1-6D1F-4E6F-9B0B-0A4C6F0F0A02",
        "UUID": "5C9AD0E1-6D1F-4E6F-9B0B-0A4C6F0F0A03",
        "isViewVisible": True,
    }
    kind = {
        "serviceApplicationBundleID": "com.apple.finder",
        "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject.image",
        "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
        "serviceProcessesInput": 0,
        "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
    }
    return {
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": True}],
        "connectors": {},
        "workflowMetaData": kind,
    }
