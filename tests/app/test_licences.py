"""Every licence can be read, packaged or from source."""

from types import SimpleNamespace

from app import licences
from app.licences import OWN, RULE, WEIGHTS_TITLE, notices


def test_from_source_the_packages_carry_their_texts():
    found = {notice.title.partition(" ")[0].lower(): notice for notice in notices()}
    assert {"numpy", "pillow", "torch", "facenet-pytorch"} <= set(found)
    assert "NumPy Developers" in found["numpy"].text()
    assert "LGPL" in found["pyside6_essentials"].text()


def test_the_weights_have_a_licence_of_their_own():
    weights = next(notice for notice in notices() if notice.title == WEIGHTS_TITLE)
    assert "NonCommercial" in weights.text()


def test_the_program_comes_first():
    assert notices()[0].title == "Acutance"


def test_packages_of_packages_are_named_too():
    assert any(notice.title.startswith("mpmath ") for notice in notices())


def test_a_packaged_program_reads_the_file_it_brings(tmp_path, monkeypatch):
    packed = tmp_path / "licences.txt"
    packed.write_text(f"{OWN}\n\n{RULE}\nQt 6\n{RULE}\n\nfirst\n\nsecond\n\n{RULE}\nZlib 1\n{RULE}\n\nthird\n")
    monkeypatch.setattr(licences, "PACKED", packed)
    assert [(notice.title, notice.text()) for notice in notices()] == [
        ("Qt 6", "first\n\nsecond"),
        ("Zlib 1", "third"),
    ]


def test_a_package_that_is_not_installed_is_left_out(monkeypatch):
    asked = {"acutance": [("no-such-package", ""), ("numpy", "")]}
    monkeypatch.setattr(licences, "_asked_by", lambda name, extras="": asked.get(name, []))
    titles = [notice.title.partition(" ")[0] for notice in notices()]
    assert "numpy" in titles and "no-such-package" not in titles


def test_only_the_extras_that_are_asked_for_count(monkeypatch):
    lines = ["One>=1", "two[a, b]; python_version > '3'", "three; extra == 'a'", "four; extra == 'c'"]
    monkeypatch.setattr(licences, "distribution", lambda name: SimpleNamespace(requires=lines))
    assert licences._asked_by("any", "a,b") == [("one", ""), ("two", "a,b"), ("three", "")]
