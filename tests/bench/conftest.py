"""Loads the scripts beside the benches, which can also be run by hand."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def script():
    """Return script(name): the module of a script in this folder."""

    def imported(name):
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return imported
