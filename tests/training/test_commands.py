"""The command lines of `train` and `evaluate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import UserError
from training.commands import check_judge, outcome_text
from training.judge import HeldOutScores
from training.session import TrainingOutcome


def test_a_session_ends_with_a_line_that_can_be_read():
    new = HeldOutScores(psnr=25.126, ssim=0.81249, input_psnr=22.0, input_ssim=0.7, better=0.875)
    line = outcome_text(TrainingOutcome(False, new, None, Path("run/wrfn.json"), None))
    assert line == (
        "to be resumed: 25.13 dB and SSIM 0.812, the input 22.00 dB and 0.700; "
        "88% of the crops got better; run/wrfn.json"
    )
    done = outcome_text(TrainingOutcome(True, new, None, Path("run/wrfn.json"), Path("weights/wrfn.json")))
    assert done.startswith("finished: ") and done.endswith("published as weights/wrfn.json")


@pytest.mark.parametrize(("name", "said"), [("s.onnx", "is no network in ONNX"), ("none.onnx", "is not there")])
def test_a_judge_that_is_no_network_is_a_sentence(tmp_path, name, said):
    (tmp_path / "s.onnx").write_bytes(b"no network")
    with pytest.raises(UserError, match=f"{name} {said}"):
        check_judge(tmp_path / name)
