"""Methods of other packages: an example package, installed in a temporary folder, is found, runs and goes."""

import importlib
import shutil
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from engine.engine import Engine
from engine.networks import registry
from engine.networks.registry import GROUP, methods, preferred_methods, shipped_methods, unusable_methods
from engine.photos.photo import Photo
from engine.request import Request
from engine.weights import find_weights, load_network, problems

EXAMPLE = Path(__file__).parent / "example_package"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages that is searched first."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    registry.forget()
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] in ("acutance_unsharp", "others")]:
        del sys.modules[name]
    registry.forget()


def record(site: Path, name: str, entries: dict[str, str]) -> None:
    """Write what pip notes of an installed package."""
    noted = site / f"{name.replace('-', '_')}-1.0.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{key} = {value}" for key, value in entries.items()]
    (noted / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))
    importlib.invalidate_caches()


@pytest.fixture
def example(site):
    shutil.copytree(EXAMPLE / "acutance_unsharp", site / "acutance_unsharp")
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    record(site, project["name"], project["entry-points"][GROUP])
    return site


def test_the_example_is_listed_after_the_programs_own(example):
    assert list(methods()) == [*shipped_methods(), "unsharp"]
    assert unusable_methods() == {}


def test_automatic_prefers_its_own_methods_to_one_that_puts_itself_first(example):
    assert methods()["unsharp"].preference < min(each.preference for each in shipped_methods().values())
    assert [each.id for each in preferred_methods()][-1] == "unsharp"
    assert len({each.preference for each in shipped_methods().values()}) == len(shipped_methods())


def test_the_window_offers_it_without_knowing_it(example):
    from app.window.methods import method_choices, title_of
    from app.window.training.offers import offers

    last = next(choice for choice in method_choices() if choice.id == "unsharp")
    assert last.reason == "" and last.regions == {"auto", "faces", "whole", "aligned"}
    assert title_of("unsharp") == "Unsharp masking"
    assert "unsharp" not in {offer.id for offer in offers()}  # it brings no recipe


FACES = """
import dataclasses
from acutance_unsharp import METHOD as UNSHARP
from engine.faces.templates import Template

TEMPLATE = Template("mine", 80, 60, ((20, 30), (40, 30), (30, 40), (22, 55), (38, 55)))
METHOD = dataclasses.replace(UNSHARP, id="mine", regions=frozenset({"aligned"}), template=TEMPLATE)
"""


def test_a_method_for_faces_gets_the_crops_that_its_template_describes(example, monkeypatch):
    (example / "others.py").write_text(FACES)
    record(example, "others", {"mine": "others:METHOD"})
    for suffix in (".json", ".safetensors"):
        weights = example / "acutance_unsharp" / "weights"
        (weights / f"mine{suffix}").write_bytes((weights / f"unsharp{suffix}").read_bytes())
    card = example / "acutance_unsharp" / "weights" / "mine.json"
    card.write_text(card.read_text().replace('"unsharp"', '"mine"'))
    seen = []
    unsharp = importlib.import_module("acutance_unsharp.network").Unsharp
    forward = unsharp.forward
    monkeypatch.setattr(unsharp, "forward", lambda self, crops: seen.append(crops.shape) or forward(self, crops))
    request = Request(method="mine", region="faces", faces=((20, 20, 90, 110),), device="cpu")
    with Engine() as engine:
        result = engine.run(request, Photo(np.random.default_rng(0).random((160, 120, 3), np.float32)))
    assert result.method == "mine" and len(result.faces) == 1
    assert [shape[-2:] for shape in seen] == [(80, 60)]


def test_its_weights_come_with_it(example):
    weights = find_weights("unsharp")
    assert weights is not None and not weights.shipped
    assert weights.path.is_relative_to(example)
    assert problems([weights.path.parent]) == {weights.path.with_suffix(".json"): None}
    assert float(load_network("unsharp").amount) == 1.5


def test_it_restores_a_photo(example):
    pixels = np.full((40, 50, 3), 0.3, np.float32)
    pixels[:, 25:] = 0.6
    with Engine() as engine:
        result = engine.run(Request(method="unsharp", device="cpu"), Photo(pixels))
    assert result.method == "unsharp"
    assert result.pixels[20, 25].mean() > 0.65 and result.pixels[20, 24].mean() < 0.25
    assert np.allclose(result.pixels[20, 5], 0.3, atol=1e-3)


def test_the_user_finds_it_among_the_methods(example, capsys):
    from app.__main__ import main

    assert main(["methods"]) == 0
    said = capsys.readouterr().out
    assert "unsharp: Unsharp masking" in said and "1 parameters" in said


def test_a_removed_package_leaves_nothing(example):
    assert "unsharp" in methods()
    for folder in example.iterdir():
        shutil.rmtree(folder)
    importlib.invalidate_caches()
    registry.forget()
    assert methods() == shipped_methods() and find_weights("unsharp") is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise OSError('no licence')", "it cannot be loaded (OSError: no licence)"),
        ("METHOD = 7", "it is no method"),
        ("from engine.networks.wrfn import METHOD", "there is a method 'wrfn' already"),
        (
            "import dataclasses\nfrom engine.networks.wrfn import METHOD as W\n"
            "METHOD = dataclasses.replace(W, id='../x')",
            "its id '../x' is not made of small letters, digits and hyphens",
        ),
    ],
)
def test_a_method_that_is_no_good_is_left_out_and_the_reason_told(site, code, reason, caplog):
    (site / "others.py").write_text(code)
    record(site, "others", {"mine": "others:METHOD"})
    assert methods() == shipped_methods()
    assert unusable_methods() == {"others: mine": reason}


def test_the_diagnosis_names_a_method_that_is_left_out(site):
    from app.diagnosis import check_weights

    record(site, "others", {"mine": "others:METHOD"})
    said = [str(finding) for finding in check_weights().findings]
    assert any(line.startswith("others: mine: the method is left out: it cannot be loaded") for line in said)
