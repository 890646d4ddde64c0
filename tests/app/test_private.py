"""A report does not identify the computer's owner."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import private as module
from app.private import private


@pytest.fixture(autouse=True)
def somebody(monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "anna.huber")
    monkeypatch.setattr(module.getpass, "getuser", lambda: "ahuber")
    monkeypatch.setattr(module.platform, "node", lambda: "annas-laptop.example.org")
    for names in (module._users, module._hosts):
        names.cache_clear()
    yield
    for names in (module._users, module._hosts):
        names.cache_clear()


def test_the_home_folder_is_a_tilde():
    assert private(f"Log folder: {Path.home()}/log") == "Log folder: ~/log"


def test_a_quoted_windows_home_is_found_too(monkeypatch):
    class WindowsHome:
        name = "anna.huber"

        def __str__(self):
            return r"C:\Users\anna.huber"

        def as_posix(self):
            return "C:/Users/anna.huber"

        def resolve(self):
            return self

    monkeypatch.setattr(Path, "home", WindowsHome)
    assert private(r"File 'C:\\Users\\anna.huber\\x.py'") == r"File '~\\x.py'"
    assert private("C:/Users/anna.huber/x.py and C:\\Users\\anna.huber\\y") == "~/x.py and ~\\y"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("/media/ahuber/card", "/media/USER/card"),
        ("/mnt/Anna.Huber/photos", "/mnt/USER/photos"),
        (r"\\ANNAS-LAPTOP\photos", r"\\HOST\photos"),
        ("annas-laptop.example.org", "HOST"),
        ("Mahuberlin", "Mahuberlin"),
    ],
)
def test_user_and_host_are_named_nowhere(output, expected):
    assert private(output) == expected


@given(st.lists(st.sampled_from(["ahuber", "AHUBER", "annas-laptop", "/", " ", ".", "x", "-"]), max_size=12))
def test_no_user_or_host_name_is_left(parts):
    left = private(" ".join(parts)).lower().split()
    assert not {"ahuber", "annas-laptop"} & set(left)
