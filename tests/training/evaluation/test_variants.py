"""Rows that refine a method: METHOD+finish+best, and the true kernel as a kernel of one's own."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from engine.errors import UserError
from engine.kernels.families import linear_kernel
from engine.kernels.files import load_kernel, save_kernel
from engine.kernels.kernel import Kernel
from engine.request import Request
from training.evaluation.evaluate import evaluate
from training.evaluation.options import EvaluateOptions
from training.evaluation.variants import Variant

LINE = Kernel(linear_kernel(9.0, 30.0))


def test_a_name_says_what_refines_the_method(tmp_path: Path):
    assert Variant.of("wrfn+best") == Variant("wrfn", best_quality=True)
    both = Variant.of("learned-deconv+finish+best")
    assert both == Variant("learned-deconv", finish=True, best_quality=True)
    asked = both.request(Request(region="aligned"), LINE, tmp_path)
    assert asked == Request(method="learned-deconv", region="aligned", finish=True, best_quality=True)


def test_the_true_kernel_is_given_as_a_file(tmp_path: Path):
    asked = Variant.of("true-kernel+finish").request(Request(region="whole"), LINE, tmp_path)
    assert asked.method == "auto" and asked.finish and asked.kernel is not None
    np.testing.assert_allclose(load_kernel(asked.kernel).values, LINE.values, atol=1e-6)
    with pytest.raises(UserError, match="not known"):
        Variant.of("true-kernel").request(Request(), None, tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wrfn+finish", "nothing to refine"),
        ("auto+finish", "by itself"),
        ("l0-deconv+best", "the one blur"),
        ("true-kernel+best", "known blur"),
        ("wrfn+fast", "not 'fast'"),
        ("nothing+best", "nothing"),
        ("wrfn@gone+best", "wrfn@gone"),
    ],
)
def test_what_means_nothing_is_a_sentence(name, said):
    with pytest.raises(UserError, match=said):
        Variant.of(name)


def test_refined_rows_stand_beside_the_plain_ones(tmp_path: Path, install):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    install("finish", settings={"widths": (8, 8, 8)})
    folder = tmp_path / "sharp"
    folder.mkdir()
    Image.fromarray(astronaut()[40:136, 180:276]).save(folder / "a.png")
    save_kernel(LINE, tmp_path / "line.npy")
    names = ("wrfn", "wrfn+best", "true-kernel", "true-kernel+finish")
    options = EvaluateOptions(folder, kernels=str(tmp_path / "line.npy"), methods=names, device="cpu", faces=False)
    rows = {row.method: row for row in evaluate(options).rows}
    assert rows["true-kernel"].psnr == pytest.approx(rows["hyper-Laplacian, true kernel"].psnr, abs=0.3)
    assert rows["true-kernel+finish"].psnr != rows["true-kernel"].psnr
    assert rows["true-kernel+finish"].kernel_similarity == pytest.approx(1, abs=0.01)
    assert rows["wrfn+best"].parameters == rows["wrfn"].parameters
    # an untrained network returns its input in every view
    assert rows["wrfn+best"].psnr == pytest.approx(rows["wrfn"].psnr, abs=1e-3)
