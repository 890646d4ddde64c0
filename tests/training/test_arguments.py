import argparse

import pytest

from training.__main__ import command_line
from training.arguments import not_negative, odd, positive
from training.commands import add_evaluate_arguments
from training.distil_embedding import command_line as embedding_line

TRAIN = ("train", "wrfn", "--photos", "photos")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--batch", "-1"), ("--crop", "0"), ("--kernels", "-3"), ("--judged", "0"), ("--samples", "0")),
        *(("--minutes", "-1"), ("--minutes", "nan"), ("--minutes", "inf"), ("--call-minutes", "0"), ("--peak", "0")),
        *(("--largest-kernel", "4"), ("--seed", "-1"), ("--looks", "-1"), ("--batch", "many")),
    ],
)
def test_a_number_that_cannot_be_is_one_sentence_that_names_its_option(option, value, capsys):
    with pytest.raises(SystemExit):
        command_line([*TRAIN, option, value])
    output = capsys.readouterr().err.splitlines()[-1]
    assert option in output and value in output


def test_views_of_no_face_are_refused(capsys):
    with pytest.raises(SystemExit):
        embedding_line(["views", "--faces", "f.npz", "--teacher", "t.onnx", "-o", "o.npz", "--views", "0"])
    assert "0 must be above zero" in capsys.readouterr().err


@pytest.mark.parametrize("wish", [("--side", "0"), ("--side", "15"), ("--most", "-1"), ("--noise", "-0.1")])
def test_evaluate_does_the_same(wish, capsys):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--sharp", "photos", *wish])
    assert wish[0] in capsys.readouterr().err


def test_valid_numbers_are_read():
    assert (positive(int)("3"), positive(float)("0.5"), not_negative(int)("0"), odd("41")) == (3, 0.5, 0, 41)
