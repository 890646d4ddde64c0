"""The steps of lease.sh, with a Python that only prints its arguments: training must accept every line."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from training.__main__ import command_line
from training.distil_embedding import command_line as distillation
from training.options import train_options
from training.recipe import recipe
from training.session import adapted

ROOT = Path(__file__).resolve().parents[2]
ALL = {"wrfn", "semantic", "analysis-synthesis", "learned-deconv", "deepdeblur"}
CARRIED = ("faces/train-0.zip", "scenes/bsds.zip", "aligned/faces.zip", "aligned/labels.zip", "embedding/faces.npz")


@pytest.fixture
def lease(tmp_path):
    for name in CARRIED:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/bash\necho "${{@@Q}}" >> {tmp_path}/output\n')
    python.chmod(0o755)
    places = {"PYTHON": python, "DATA": tmp_path / "data", "RUNS": tmp_path / "runs", "OUT": tmp_path / "out"}

    def run(step, **more):
        environment = os.environ | {name: str(place) for name, place in (places | more).items()}
        done = subprocess.run(
            ["bash", "tools/lease.sh", step],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        output = tmp_path / "output"
        return done, [shlex.split(line) for line in output.read_text().splitlines()] if output.exists() else []

    return run


@pytest.mark.parametrize("step", ["check", "train", "speed"])
def test_every_step_is_made_of_commands_that_training_takes(lease, step):
    done, output = lease(step)
    assert done.returncode == 0, done.stderr
    parsed = [command_line(line[2:]) for line in output if line[:2] == ["-m", "training"]]
    learning = [train_options(arguments) for arguments in parsed if arguments.command in ("train", "throughput")]
    assert {options.recipe.partition("@")[0] for options in learning} == ALL
    for options in learning:
        assert adapted(recipe(options.recipe), options).stages
        assert all(photo.exists() for photo in options.photos)
        assert not recipe(options.recipe).needs_labels or options.labels is not None


def test_the_embedding_learns_beside_the_methods(lease):
    _, output = lease("train")
    drawn, trained = (distillation(line[2:]) for line in output if line[1] == "training.distil_embedding")
    assert (drawn.command, trained.command) == ("views", "train"), "it waits for its views"
    assert drawn.faces.exists() and drawn.output == trained.faces
    arguments = trained
    assert arguments.start == Path("resources/weights/face-embedding.safetensors")


def test_recipes_are_left_out_and_not_compiled_as_asked(lease):
    _, output = lease("train", SKIP="semantic face-embedding", EAGER="wrfn")
    trained = {line[3].partition("@")[0]: line for line in output}
    assert trained.keys() == ALL - {"semantic"}
    assert {name for name, line in trained.items() if "--no-compile" in line} == {"wrfn"}


def test_an_unknown_step_says_which_there_are(lease):
    done, output = lease("soup")
    assert done.returncode == 2
    assert "check | train | speed" in done.stdout
    assert output == []
