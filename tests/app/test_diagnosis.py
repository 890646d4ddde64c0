"""The diagnosis for doctor and window: findings in any language, and a report without names."""

import logging
from pathlib import Path

import pytest

from app import diagnosis
from app.diagnosis import Finding, Part, check_weights, diagnose, is_sound, report

SMALL = {"channels": 8, "blocks": 1}


@pytest.fixture(scope="module")
def everything():
    return {part.title: part.findings for part in diagnose()}


def test_says_what_a_maintainer_asks_first(everything):
    assert list(everything) == ["System", "Devices", "Weights", "Folders", "Packages"]
    texts = {finding.name: finding for part in everything.values() for finding in part}
    assert texts["Acutance"].text.count(".") == 2
    assert texts["torch"].text.startswith("2.")
    assert "acutance" in str(texts["Log folder"]) and "acutance" in str(texts["Settings folder"])


def test_says_why_no_gpu_is_used(monkeypatch):
    monkeypatch.setattr("engine.devices.why_no_gpu", lambda: "The driver {is} too old.")
    found = {finding.name: finding for finding in diagnosis._devices()}["No GPU is used"]
    assert (str(found), found.shown, found.tone) == (
        "No GPU is used: The driver {is} too old.",
        "The driver {is} too old.",
        "note",
    )


def test_a_damaged_set_of_weights_is_a_bad_finding(install, weights_folder):
    card = install("wrfn")
    good = check_weights()
    assert is_sound([good])
    assert {f.tone for f in good.findings if f.name == "wrfn"} >= {"good"}
    card.with_suffix(".safetensors").write_bytes(b"no weights")
    bad = check_weights()
    assert not is_sound([bad])
    assert "cut short" in next(str(f) for f in bad.findings if f.tone == "bad")


def test_without_any_weights_something_is_wrong(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(diagnosis, "problems", dict)
    monkeypatch.setattr(diagnosis, "installed", list)
    with caplog.at_level(logging.WARNING):
        found = check_weights()
    assert not is_sound([found])


def test_the_report_is_english_and_contains_no_names(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))
    monkeypatch.setattr(diagnosis, "tr", lambda text: "übersetzt")
    part = Part("Folders", (Finding("Log folder", "{path} (not there)", {"path": "/home/anna/.local"}),))
    assert report([part]) == "Folders\n  Log folder: ~/.local (not there)"
    assert part.findings[0].shown == "übersetzt"
