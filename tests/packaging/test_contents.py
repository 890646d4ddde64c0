"""Bundled files are assigned to packages, and every package has a licence."""

import json
from importlib.metadata import version
from pathlib import Path

import contents
import notices
import numpy
import pytest
from contents import Component, Contents, UnlicensedError

from app import licences


@pytest.fixture(autouse=True)
def some_builder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace PyInstaller, which is in the build environment only."""
    monkeypatch.setattr(contents, "BUILDER", "pillow")


def owner(place: str, source: str | Path) -> str:
    return Contents([(place, str(source))]).files[0].component


def test_a_library_is_recognised_by_its_package() -> None:
    assert owner("numpy/__init__.py", numpy.__file__) == "numpy"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("numpy/linalg/__init__.pyc", "numpy"),
        ("json/decoder.pyc", "Python"),
        ("engine/request.pyc", "acutance"),
        ("torchvision/ops/boxes.pyc", "acutance"),
    ],
)
def test_a_compiled_module_counts_for_its_source(place: str, expected: str) -> None:
    assert owner(place, f"/build/localpycs/{place}") == expected


def test_unknown_files_are_named(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.so"
    stranger.touch()
    assert Contents([("stranger.so", str(stranger))]).unknown == [str(stranger)]


def test_components_carry_versions_and_licences() -> None:
    found = {c.name: c for c in Contents([("numpy/__init__.py", numpy.__file__)]).components}
    assert found["numpy"].version == version("numpy")
    assert "BSD-3-Clause" in found["numpy"].licence
    assert found["numpy"].purl == f"pkg:pypi/numpy@{version('numpy')}"


@pytest.mark.parametrize("name", ["numpy", "facenet-pytorch", "PySide6_Essentials", "shiboken6"])
def test_every_licence_has_its_text(name: str) -> None:
    texts = contents.licence_texts(Component("pypi", name, "1", ""))
    assert all(len(text) > 200 for _, text in texts)


def test_nothing_goes_without_its_licence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "licence_files", lambda owner: [])
    with pytest.raises(UnlicensedError, match="numpy 1"):
        contents.licence_texts(Component("pypi", "numpy", "1", "MIT"))


def test_the_licence_file_names_and_holds_all(tmp_path: Path) -> None:
    components = [Component("pypi", "numpy", "1.0", "BSD-3-Clause"), contents._python()]
    notices.write_licences(components, tmp_path / "licences.txt")
    written = (tmp_path / "licences.txt").read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in written
    assert "NumPy Developers" in written


def test_the_bill_of_materials_is_the_same_each_time(tmp_path: Path) -> None:
    components = [
        Component("pypi", "torch", "2.13.0+cpu", "MIT AND BSD-3-Clause"),
        Component("deb", "zlib1g", "1", "z"),
    ]
    notices.write_bill("1.2.3", components, tmp_path / "one.json")
    notices.write_bill("1.2.3", components, tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    bill = json.loads((tmp_path / "one.json").read_text())
    assert bill["metadata"]["component"]["version"] == "1.2.3"
    assert [c["purl"] for c in bill["components"]] == ["pkg:pypi/torch@2.13.0%2Bcpu", "pkg:deb/debian/zlib1g@1"]
    assert bill["components"][0]["licenses"] == [{"expression": "MIT AND BSD-3-Clause"}]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [("MIT", True), ("BSD-3-Clause", True), ("MIT AND (Zlib OR 0BSD)", True), ("BSD", False), ("Apache 2.0", False)],
)
def test_expressions_are_distinguished_from_words(licence: str, expected: bool) -> None:
    assert notices._is_expression(licence) is expected


def test_about_reads_the_licences_written_for_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    components = [Component("pypi", "numpy", "1.0", "BSD-3-Clause"), contents._python()]
    notices.write_licences(components, tmp_path / "licences.txt")
    monkeypatch.setattr(licences, "PACKED", tmp_path / "licences.txt")
    read = licences.notices()
    own, weights, *others = read
    assert [notice.title for notice in others] == [f"{c.name} {c.version}" for c in components]
    assert "Apache License" in own.text() and "NonCommercial" in weights.text()
    assert "NumPy Developers" in others[0].text() and "PYTHON SOFTWARE" in others[1].text()
    assert (tmp_path / "licences.txt").read_text(encoding="utf-8").startswith(licences.OWN)
