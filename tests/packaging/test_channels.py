"""The texts for package collections: made from pyproject.toml, complete, and without another truth in them."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import channels
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
BUILT = (
    f"acutance-{VERSION}.tar.gz",
    f"acutance_{VERSION}_amd64.deb",
    f"Acutance-{VERSION}-setup.exe",
    f"Acutance-{VERSION}-arm64.dmg",
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    for name in BUILT:
        (tmp_path / name).write_bytes(name.encode())
    target = tmp_path / "channels"
    assert channels.write(channels.release(tmp_path), target) == []
    return target


def test_every_collection_gets_its_texts(made: Path) -> None:
    assert sorted(path.relative_to(made).as_posix() for path in made.rglob("*.*")) == [
        "conda/recipe.yaml",
        "flatpak/app.acutance.Acutance.yml",
        "homebrew/acutance.rb",
        "winget/Acutance.Acutance.installer.yaml",
        "winget/Acutance.Acutance.locale.en-US.yaml",
        "winget/Acutance.Acutance.yaml",
    ]


def test_the_only_fault_is_that_no_address_is_chosen_yet(made: Path) -> None:
    said = {line.partition(": ")[2] for line in channels.faults(made)}
    assert said <= {"nobody has chosen the address of releases yet"}


def test_each_names_its_file_with_its_checksum(made: Path) -> None:
    texts = "\n".join(path.read_text(encoding="utf-8").lower() for path in made.rglob("*.*"))
    for name in BUILT:
        assert hashlib.sha256(name.encode()).hexdigest() in texts
        assert name.lower().replace(VERSION, "#{version}") in texts or name.lower() in texts


def test_conda_requires_what_pip_requires(made: Path) -> None:
    recipe = yaml.safe_load((made / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    names = {word.split()[0] for word in recipe["requirements"]["run"]} - {"python"}
    wanted = {re.match(r"[\w.-]+", text)[0] for text in PROJECT["dependencies"]}  # type: ignore[index]
    assert names == {channels._CONDA_NAMES.get(name, name) for name in wanted}


def test_the_flatpak_has_the_metadata_of_the_package(made: Path) -> None:
    manifest = yaml.safe_load((made / "flatpak" / f"{channels.APP_ID}.yml").read_text(encoding="utf-8"))
    metainfo = ET.parse(PACKAGING / "linux" / "acutance.metainfo.xml").getroot()
    assert manifest["id"] == metainfo.findtext("id")
    assert not any("share=network" in argument for argument in manifest["finish-args"])


def test_windows_and_macos_agree_with_their_installers(made: Path) -> None:
    setup = (PACKAGING / "windows" / "acutance.iss").read_text(encoding="utf-8")
    assert channels._PRODUCT_CODE.removesuffix("_is1") in setup.replace("{{", "{")
    cask = (made / "homebrew" / "acutance.rb").read_text(encoding="utf-8")
    assert cask.count(" do\n") == len(re.findall(r"^ *end$", cask, re.MULTILINE))


def test_a_file_that_was_not_built_leaves_its_collection_out(tmp_path: Path) -> None:
    (tmp_path / BUILT[0]).touch()
    missing = channels.write(channels.release(tmp_path), tmp_path / "channels")
    assert [line.partition(":")[0] for line in missing] == ["flatpak", "winget", "homebrew"]
    assert [path.name for path in (tmp_path / "channels").iterdir()] == ["conda"]


def test_a_wrong_checksum_and_a_missing_key_are_told(made: Path) -> None:
    cask, recipe = made / "homebrew" / "acutance.rb", made / "conda" / "recipe.yaml"
    cask.write_text(re.sub(r'sha256 "\w+"', 'sha256 "12"', cask.read_text()))
    recipe.write_text(recipe.read_text().replace("about:", "abuot:"))
    said = channels.faults(made)
    assert "acutance.rb: 12 is no SHA-256" in said and "recipe.yaml: about is missing" in said


def test_appstream_has_pictures_that_are_there() -> None:
    metainfo = ET.parse(PACKAGING / "linux" / "acutance.metainfo.xml").getroot()
    shown = [image.text or "" for image in metainfo.iter("image")]
    assert len(shown) >= 3
    for address in shown:
        assert address.startswith("https://") and (ROOT / "docs" / "pictures" / address.rpartition("/")[2]).is_file()
    captions = [shot.findtext("caption") for shot in metainfo.iter("screenshot")]
    assert len(captions) == len(shown) and all(captions)


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstreamcli is not installed")
def test_appstream_is_valid(tmp_path: Path) -> None:
    text = (PACKAGING / "linux" / "acutance.metainfo.xml").read_text(encoding="utf-8")
    path = tmp_path / "app.acutance.Acutance.metainfo.xml"
    path.write_text(text.replace("@VERSION@", VERSION).replace("@DATE@", "2026-11-30"), encoding="utf-8")
    done = subprocess.run(["appstreamcli", "validate", "--no-net", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
