"""Writes what package collections want of a release: conda, Flatpak, winget and Homebrew, all from pyproject.toml.

`python packaging/channels.py --files dist --target dist/channels`: `--files` holds what was built on all systems. A
file that is missing there leaves out the collection that needs it, and is named. Each collection gets the text that a
maintainer sends there; nothing is uploaded. `python packaging/channels.py --check dist/channels` checks the texts.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
APP_ID = "app.acutance.Acutance"
WINGET_ID = "Acutance.Acutance"
_PRODUCT_CODE = (
    "{6B0F6F0E-7C0E-4E0B-9C55-6C1C2F1E3A77}_is1"  # AppId of windows/acutance.iss, as Inno Setup registers it
)
_CONDA_NAMES = {
    "opencv-python-headless": "py-opencv",
    "torch": "pytorch",
    "PySide6-Essentials": "pyside6",
    "Pillow": "pillow",
}
_NOT_ON_CONDA_FORGE = ("facenet-pytorch", "pi-heif")


class ChannelError(Exception):
    """A text cannot be made, or is wrong; one sentence."""


@dataclass(frozen=True)
class Release:
    """A version, and the built files by their names."""

    project: dict[str, Any]
    files: dict[str, Path]

    @property
    def version(self) -> str:
        """The version, without v."""
        return str(self.project["version"])

    @property
    def page(self) -> str:
        """Where the releases are."""
        return str(self.project["urls"]["Releases"])

    @property
    def summary(self) -> str:
        """What it is, in one line."""
        return str(self.project["description"])

    def file(self, pattern: str) -> tuple[str, str]:
        """Return address and SHA-256 of the one file that a pattern names; raise ChannelError if there is none."""
        found = [
            name for name in self.files if re.fullmatch(pattern.replace("VERSION", re.escape(self.version)), name)
        ]
        if len(found) != 1:
            raise ChannelError(f"there is no file {pattern}")
        digest = hashlib.sha256(self.files[found[0]].read_bytes()).hexdigest()
        return f"{self.page}/download/v{self.version}/{found[0]}", digest


def release(folder: Path, root: Path = ROOT) -> Release:
    """Return the version of pyproject.toml with the files of a folder."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return Release(project, {path.name: path for path in folder.glob("*") if path.is_file()})


def conda(one: Release) -> dict[str, str]:
    """Return the recipe for conda-forge (schema of rattler-build and conda-build 25)."""
    address, digest = one.file(r"acutance-VERSION\.tar\.gz")
    requirements = [_conda_requirement(text) for text in one.project["dependencies"]]
    recipe = {
        "schema_version": 1,
        "context": {"version": one.version},
        "package": {"name": "acutance", "version": "${{ version }}"},
        "source": {"url": address, "sha256": digest},
        "build": {
            "number": 0,
            "noarch": "python",
            "script": "${{ PYTHON }} -m pip install . -vv --no-deps --no-build-isolation",
            "python": {"entry_points": [f"{name} = {at}" for name, at in one.project["scripts"].items()]},
        },
        "requirements": {
            "host": [f"python {one.project['requires-python']}", "pip", "setuptools >=77"],
            "run": [f"python {one.project['requires-python']}", *requirements],
        },
        "tests": [
            {"python": {"imports": ["app", "engine"], "pip_check": False}},
            {"script": ["acutance --version", "acutance methods"]},
        ],
        "about": {
            "summary": one.summary,
            "license": one.project["license"],
            "license_file": one.project["license-files"],
            "homepage": one.page,
        },
        "extra": {"not-on-conda-forge": list(_NOT_ON_CONDA_FORGE)},
    }
    return {"recipe.yaml": _yaml(recipe)}


def _conda_requirement(text: str) -> str:
    """A requirement of pip as conda has it: numpy>=2 becomes numpy >=2."""
    match = re.fullmatch(r"([\w.-]+)(.*)", text)
    assert match is not None
    name = _CONDA_NAMES.get(match[1], match[1])
    return f"{name} {match[2]}".strip()


def flatpak(one: Release) -> dict[str, str]:
    """Return the manifest for Flathub, which unpacks the .deb: it brings its own Python, Qt and PyTorch."""
    address, digest = one.file(r"acutance_VERSION_amd64\.deb")
    manifest = {
        "id": APP_ID,
        "runtime": "org.freedesktop.Platform",
        "runtime-version": "25.08",
        "sdk": "org.freedesktop.Sdk",
        "command": "acutance",
        "finish-args": [
            "--share=ipc",
            "--socket=fallback-x11",
            "--socket=wayland",
            "--device=dri",
            "--filesystem=xdg-pictures",  # results lie beside their photos; no network is asked for
            "--filesystem=xdg-run/gvfs",
        ],
        "modules": [
            {
                "name": "acutance",
                "buildsystem": "simple",
                "only-arches": ["x86_64"],
                "build-commands": [
                    "ar p acutance.deb data.tar.xz | tar -xJ",
                    "cp -a usr/lib usr/bin usr/share /app/",
                    f"mv /app/share/applications/acutance.desktop /app/share/applications/{APP_ID}.desktop",
                    f"desktop-file-edit --set-icon={APP_ID} /app/share/applications/{APP_ID}.desktop",
                    "for icon in /app/share/icons/hicolor/*/apps/acutance.*; do "
                    f'mv "$icon" "$(dirname "$icon")/{APP_ID}.${{icon##*.}}"; done',
                    f"sed -i 's/>acutance.desktop</>{APP_ID}.desktop</' /app/share/metainfo/{APP_ID}.metainfo.xml",
                ],
                "sources": [
                    {"type": "file", "url": address, "sha256": digest, "dest-filename": "acutance.deb"},
                ],
            }
        ],
    }
    return {f"{APP_ID}.yml": _yaml(manifest)}


def winget(one: Release) -> dict[str, str]:
    """Return the three files for winget-pkgs, manifest version 1.10."""
    address, digest = one.file(r"Acutance-VERSION-setup\.exe")
    common = {"PackageIdentifier": WINGET_ID, "PackageVersion": one.version}
    end = {"ManifestVersion": "1.10.0"}
    installer = {
        **common,
        "InstallerType": "inno",
        "Scope": "user",
        "UpgradeBehavior": "install",
        "ProductCode": _PRODUCT_CODE,
        "Commands": ["acutance-cli"],
        "Installers": [{"Architecture": "x64", "InstallerUrl": address, "InstallerSha256": digest.upper()}],
        "ManifestType": "installer",
        **end,
    }
    locale = {
        **common,
        "PackageLocale": "en-US",
        "Publisher": "The Acutance maintainers",
        "PackageName": "Acutance",
        "PackageUrl": one.page,
        "License": one.project["license"],
        "ShortDescription": one.summary,
        "Tags": one.project["keywords"],
        "ManifestType": "defaultLocale",
        **end,
    }
    version = {**common, "DefaultLocale": "en-US", "ManifestType": "version", **end}
    parts = {"": version, ".installer": installer, ".locale.en-US": locale}
    return {f"{WINGET_ID}{part}.yaml": _yaml(plain) for part, plain in parts.items()}


def homebrew(one: Release) -> dict[str, str]:
    """Return the cask for Homebrew."""
    address, digest = one.file(r"Acutance-VERSION-arm64\.dmg")
    address = address.replace(one.version, "#{version}")
    text = f'''cask "acutance" do
  version "{one.version}"
  sha256 "{digest}"

  url "{address}"
  name "Acutance"
  desc "{one.summary}"
  homepage "{one.page}"

  livecheck do
    url "{one.page}/latest"
    strategy :header_match
  end

  depends_on arch: :arm64
  depends_on macos: ">= :sonoma"

  app "Acutance.app"
  binary "#{{appdir}}/Acutance.app/Contents/MacOS/acutance-cli", target: "acutance"

  zap trash: [
    "~/Library/Application Support/acutance",
    "~/Library/Caches/acutance",
    "~/Library/Logs/acutance",
  ]
end
'''
    return {"acutance.rb": text}


CHANNELS: dict[str, Callable[[Release], dict[str, str]]] = {
    "conda": conda,
    "flatpak": flatpak,
    "winget": winget,
    "homebrew": homebrew,
}


def write(one: Release, target: Path) -> list[str]:
    """Write every collection's files into a folder of its name; return a line for each that cannot be made."""
    missing = []
    for name, made in CHANNELS.items():
        try:
            texts = made(one)
        except ChannelError as error:
            missing.append(f"{name}: {error}")
            continue
        (target / name).mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (target / name / file).write_text(text, encoding="utf-8", newline="\n")
    return missing


_KEYS = {
    "recipe.yaml": {"schema_version", "package", "source", "build", "requirements", "tests", "about"},
    f"{APP_ID}.yml": {"id", "runtime", "runtime-version", "sdk", "command", "finish-args", "modules"},
    f"{WINGET_ID}.yaml": {"DefaultLocale", "PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"},
    f"{WINGET_ID}.installer.yaml": {"Installers", "InstallerType", "ManifestType", "ManifestVersion"},
    f"{WINGET_ID}.locale.en-US.yaml": {"Publisher", "PackageName", "License", "ShortDescription", "ManifestType"},
}
"""What each collection refuses a text without."""


def faults(target: Path) -> list[str]:
    """Check what `write` wrote: keys, addresses, checksums, and the language of the cask where ruby is installed."""
    found = []
    for path in sorted(target.rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".yaml", ".yml"):
            plain = yaml.safe_load(text)
            found += [f"{path.name}: {key} is missing" for key in sorted(_KEYS.get(path.name, set()) - plain.keys())]
        elif path.suffix == ".rb" and which("ruby"):
            done = subprocess.run(["ruby", "-c", str(path)], capture_output=True, text=True, check=False)
            found += [f"{path.name}: {line}" for line in done.stderr.splitlines()]
        found += [f"{path.name}: {address} is no https address" for address in re.findall(r"http://\S+", text)]
        found += [f"{path.name}: nobody has chosen the address of releases yet"] if ".invalid/" in text else []
        digests = re.findall(r"(?i)sha256\W+([0-9a-z]+)", text)
        found += [
            f"{path.name}: {digest} is no SHA-256"
            for digest in digests
            if not re.fullmatch(r"(?i)[0-9a-f]{64}", digest)
        ]
    return found


def _yaml(plain: dict[str, Any]) -> str:
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)


def main() -> int:
    """Write or check; return 1 if something is missing or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, default=ROOT / "dist", help="what was built (default: dist)")
    parser.add_argument("--target", type=Path, default=ROOT / "dist" / "channels", help="where the texts go")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="check texts, instead of writing them")
    options = parser.parse_args()
    said = faults(options.check) if options.check else write(release(options.files), options.target)
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
