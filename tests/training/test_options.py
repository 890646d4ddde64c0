"""One declaration of the options of a run: parser, values and words say the same."""

import argparse
import dataclasses
from pathlib import Path

import pytest

from training.options import TrainOptions, add_train_options, train_options, train_words
from training.progress import Budget

PLAIN = TrainOptions("wrfn", (Path("photos"),), Budget(minutes=30.0), Path("runs/wrfn"))
OTHER = TrainOptions(
    "semantic@wide",
    (Path("a"), Path("b b.zip")),
    Budget(samples=7),
    Path("elsewhere"),
    resume=True,
    call_minutes=2.5,
    device="cuda:1",
    start="scratch",
    publish=Path("out"),
    labels=Path("labels.zip"),
    most_photos=9,
    crop=48,
    batch=2,
    learning_rate=1e-4,
    kernels=10,
    largest_kernel=9,
    peak=0.3,
    seed=3,
    compile=False,
    judged=4,
    reduced=False,
    looks=5,
    modest=True,
    stages=("coarse", "fine"),
    anew=("parsing_net",),
)


def parsed(words):
    parser = argparse.ArgumentParser()
    add_train_options(parser, ["wrfn", "semantic"])
    return train_options(parser.parse_args(words))


def test_what_is_usual_needs_no_words():
    assert train_words(PLAIN) == ["wrfn", "--photos", "photos"]
    assert parsed(train_words(PLAIN)) == PLAIN


def test_every_option_crosses_the_command_line():
    different = [
        field.name
        for field in dataclasses.fields(TrainOptions)
        if getattr(PLAIN, field.name) == getattr(OTHER, field.name)
    ]
    assert different == []  # the example leaves none out
    assert parsed(train_words(OTHER)) == OTHER


@pytest.mark.parametrize("change", [{"compile": True}, {"budget": Budget(minutes=0.5)}])
def test_other_values_cross_too(change):
    changed = dataclasses.replace(PLAIN, **change)
    assert parsed(train_words(changed)) == changed


@pytest.mark.parametrize(
    "words", [["--largest-kernel", "8"], ["--crop", "0"], ["--minutes", "nan"], ["--batch", "x"]]
)
def test_a_wrong_number_is_refused(words, capsys):
    with pytest.raises(SystemExit):
        parsed(["wrfn", "--photos", "a", *words])
    assert words[0] in capsys.readouterr().err


def test_photos_are_required(capsys):
    with pytest.raises(SystemExit):
        parsed(["wrfn"])
    assert "--photos" in capsys.readouterr().err
