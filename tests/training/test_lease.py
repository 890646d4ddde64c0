"""The lease's steps, with a Python that only tells what it would run: every line of it is one that training takes."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from training.__main__ import command_line
from training.commands import train_options
from training.recipe import recipe

ROOT = Path(__file__).resolve().parents[2]
TOLD = {
    "measure": {"wrfn", "deepdeblur", "analysis-synthesis", "learned-deconv", "semantic"},
    "first": {"wrfn"},
    "beside": {"semantic", "deepdeblur", "analysis-synthesis"},
    "rest": {"wrfn", "learned-deconv"},
}


@pytest.fixture
def lease(tmp_path):
    data = tmp_path / "data" / "a"
    data.mkdir(parents=True)
    for name in ("train-0.zip", "train-1.zip", "parsing-labels.zip", "train-bsds500.zip"):
        (data / name).touch()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\n')
    python.chmod(0o755)
    places = {"PYTHON": python, "DATA": data.parent, "RUNS": tmp_path / "runs", "OUT": tmp_path / "out"}

    def run(step):
        environment = os.environ | {name: str(place) for name, place in places.items()}
        done = subprocess.run(
            ["bash", "training/lease.sh", step],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        told = tmp_path / "told"
        return done, [shlex.split(line) for line in told.read_text().splitlines()] if told.exists() else []

    return run


@pytest.mark.parametrize("step", TOLD)
def test_every_step_is_made_of_commands_that_training_takes(lease, step):
    done, told = lease(step)
    assert done.returncode == 0, done.stderr
    parsed = [command_line(line[2:]) for line in told if line[:2] == ["-m", "training"]]
    assert len(parsed) == len(told)
    trained = [train_options(arguments) for arguments in parsed if arguments.command == "train"]
    assert {options.recipe for options in trained} == TOLD[step]
    for options in trained:
        assert all(photo.exists() for photo in options.photos)
        assert not recipe(options.recipe).needs_labels or options.labels is not None


def test_an_unknown_step_says_which_there_are(lease):
    done, told = lease("soup")
    assert done.returncode == 2
    assert "measure | first | beside | rest" in done.stdout
    assert told == []
