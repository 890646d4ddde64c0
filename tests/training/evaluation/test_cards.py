import argparse
import json
import shlex

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from engine.errors import UserError
from engine.kernels.families import linear_kernel
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from engine.weights import find_weights
from training.commands import add_evaluate_arguments
from training.evaluation.cards import command, into_cards
from training.evaluation.evaluate import evaluate
from training.evaluation.options import EvaluateOptions


@pytest.fixture
def evaluation(tmp_path, install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    Image.fromarray(astronaut()[40:136, 180:276]).save(tmp_path / "a.png")
    kernel = tmp_path / "kernel.npy"
    save_kernel(Kernel(linear_kernel(9.0, 30.0)), kernel)
    options = EvaluateOptions(
        tmp_path / "a.png", kernels=str(kernel), methods=("wrfn",), noise=0.02, side=80, faces=False, device="cpu"
    )
    return evaluate(options)


def test_a_card_gets_the_figures_and_keeps_what_else_it_says(evaluation):
    before = find_weights("wrfn").card
    (path,) = into_cards(evaluation, "One face")
    after = find_weights("wrfn").card
    row = next(row for row in evaluation.rows if row.method == "wrfn")
    assert path.name == "wrfn.json"
    assert after.evaluations["One face"]["psnr"] == round(row.psnr, 2)
    assert set(after.evaluations["One face"]) >= {"command", "ssim", "input_psnr", "better", "by_kernel_size"}
    assert {**after.to_json(), "evaluations": None} == {**before.to_json(), "evaluations": None}
    assert all(after.evaluations[title] == figures for title, figures in before.evaluations.items())


def test_the_command_of_a_card_makes_the_same_evaluation(evaluation):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    said = parser.parse_args(shlex.split(command(evaluation.options, "wrfn"))[2:])
    wanted = evaluation.options
    assert (said.sharp, said.kernels, said.methods) == (wanted.sharp, wanted.kernels, "wrfn")
    assert (said.noise, said.side, said.faces, said.seed) == (0.02, 80, False, wanted.seed)


def test_a_card_that_cannot_be_written_is_reported(evaluation, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.evaluation.cards.write_whole", full)
    with pytest.raises(UserError, match=r"wrfn\.json cannot be written: the disk is full"):
        into_cards(evaluation, "One face")


def test_figures_are_plain_numbers(evaluation):
    into_cards(evaluation, "One face")
    text = find_weights("wrfn").path.with_suffix(".json").read_text(encoding="utf-8")
    figures = json.loads(text)["evaluations"]["One face"]
    assert all(isinstance(figures[name], float) and np.isfinite(figures[name]) for name in ("psnr", "ssim", "better"))
