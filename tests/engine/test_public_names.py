"""`import engine` gives the public names, and loads nothing heavy."""

import subprocess
import sys

import pytest

import engine


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_there(name):
    assert getattr(engine, name).__name__ == name
    assert name in dir(engine)


def test_other_names_are_not():
    with pytest.raises(AttributeError, match="restore_everything"):
        _ = engine.restore_everything


def test_the_public_names_load_no_torch():
    code = "import engine, sys; engine.Engine, engine.Request, engine.read_photo; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_import_alone_loads_no_numpy():
    code = "import engine, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
