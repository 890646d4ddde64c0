"""A Linux machine that cannot build says so at once, with the Debian packages that it lacks."""

import needs
import package
import pytest


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(needs, "_loads", lambda library: True)
    monkeypatch.setattr(needs.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda module: object())
    return monkeypatch


def test_a_machine_that_has_all_may_build(complete: pytest.MonkeyPatch) -> None:
    assert needs.missing() == {}
    needs.check()


def test_all_that_is_lacking_is_named_at_once(complete: pytest.MonkeyPatch) -> None:
    complete.setattr(needs, "_loads", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    complete.setattr(needs.shutil, "which", lambda program: None if program == "mksquashfs" else program)
    complete.setattr(needs.importlib.util, "find_spec", lambda module: None)
    with pytest.raises(needs.MissingError) as caught:
        needs.check()
    assert str(caught.value) == (
        "This machine lacks libEGL.so.1, libxcb-cursor.so.0, mksquashfs, Python's ensurepip. "
        "On Debian: apt-get install libegl1 libxcb-cursor0 python3-venv squashfs-tools"
    )


def test_python_must_be_there_as_a_library(complete: pytest.MonkeyPatch) -> None:
    complete.setattr(needs, "_loads", lambda library: not library.startswith("libpython"))
    (package_name,) = needs.missing().values()
    assert package_name.startswith("libpython3.")


def test_a_library_is_looked_for_by_loading_it() -> None:
    assert needs._loads("libc.so.6")
    assert not needs._loads("libnobody-has-this.so.1")


def test_the_build_ends_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(package, "SYSTEM", "linux")
    monkeypatch.setattr(needs, "missing", lambda: {"Xvfb": "xvfb"})
    monkeypatch.setattr(package, "make_environment", lambda kind: pytest.fail("nothing may be installed"))
    assert package.main(["--torch", "cpu"]) == 1
    assert "apt-get install xvfb" in caplog.text
