import argparse
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from engine.errors import UserError
from engine.faces.face import Face
from engine.kernels.families import linear_kernel
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from training.evaluation.evaluate import evaluate
from training.evaluation.faces import FaceFigures, OnnxJudge
from training.evaluation.figures import summed_up
from training.evaluation.options import EvaluateOptions
from training.evaluation.report import as_json, write
from training.evaluation.verification import pair_samples

JUDGE = Path(__file__).resolve().parents[4] / "shared" / "data" / "helpers" / "face-embedding.onnx"
CENTRAL = Face(
    (20.0, 16.0, 76.0, 80.0), ((36.0, 40.0), (60.0, 40.0), (48.0, 52.0), (38.0, 64.0), (58.0, 64.0)), 0.99, 0.5
)


@pytest.fixture
def kernel():
    return Kernel(linear_kernel(9.0, 30.0))


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(6):
            stream = io.BytesIO()
            Image.fromarray(astronaut()[20 * index : 20 * index + 96, 150:246]).save(stream, "PNG")
            archive.writestr(f"{index}.png", stream.getvalue())
        archive.writestr(
            "pairs.csv", "first,second,same\n0.png,1.png,1\n2.png,3.png,0\n4.png,5.png,0\n0.png,5.png,1\n"
        )
    return path


def test_the_second_picture_of_a_pair_is_blurred_and_kinds_take_turns(pairs, kernel):
    samples = list(pair_samples(pairs, [kernel], 0.01, 0, None))
    assert [sample.name for sample in samples] == ["0.png, 1.png", "2.png, 3.png", "0.png, 5.png", "4.png, 5.png"]
    assert [sample.same for sample in samples] == [True, False, True, False]
    assert all(np.abs(sample.sharp - sample.blurred).mean() > 0.005 for sample in samples)
    assert np.array_equal(samples[0].partner, samples[2].partner)
    assert len(list(pair_samples(pairs, [kernel], 0.01, 0, 2))) == 2


def test_verification_is_the_share_of_correct_pairs():
    def row(similarities):
        faces = [FaceFigures(True, 1.0, 0.0, s, same=i % 2 == 0) for i, s in enumerate(similarities)]
        return summed_up("any", [_figures(face) for face in faces])

    assert row([0.9, 0.1] * 20).verification == 1
    assert row([0.9, 0.1] * 16 + [0.1, 0.9] * 4).verification == pytest.approx(0.8)
    assert row([0.5]).verification is None  # pairs of only one kind allow no verification


def _figures(face):
    from training.evaluation.figures import Figures

    return Figures("a", None, 20.0, 20.0, 0.5, 0.0, 0.1, face=face)


def test_the_report_of_pairs_has_the_sharp_picture_and_the_accuracy(
    pairs, kernel, tmp_path, install, embedding, monkeypatch
):
    monkeypatch.setattr("training.evaluation.faces.FaceFinder.find", lambda self, pixels, smallest: [CENTRAL])
    install("wrfn", settings={"blocks": 1, "channels": 8})
    save_kernel(kernel, tmp_path / "kernel.npy")
    options = EvaluateOptions(
        pairs=pairs, kernels=str(tmp_path / "kernel.npy"), methods=("wrfn",), device="cpu", most=4
    )
    done = evaluate(options)
    rows = {row.method: row for row in done.rows}
    assert rows["sharp picture"].identity == pytest.approx(1, abs=1e-4)
    assert rows["sharp picture"].identity_distance == pytest.approx(0, abs=1e-2)
    assert rows["blurred input"].identity < 0.9999
    assert all(row.verification is not None and row.faces_found == 1 for row in done.rows)
    table, data, _ = write(done, tmp_path / "report" / "pairs")
    assert "| verification |" in table.read_text(encoding="utf-8").splitlines()[0]
    assert json.loads(data.read_text(encoding="utf-8"))["rows"][0]["verification"] is not None
    assert as_json(done)["samples"]["wrfn"][0]["face"]["same"] is True


def test_pairs_without_a_list_are_a_sentence(tmp_path, kernel):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(UserError, match=r"pairs\.csv"):
        list(pair_samples(tmp_path / "empty.zip", [kernel], 0.0, 0, None))


def test_an_onnx_judge_knows_a_face_again():
    if not JUDGE.exists():
        pytest.skip(f"{JUDGE} is not here")
    picture = astronaut()[40:136, 180:276].astype(np.float32) / 255
    one, other = (OnnxJudge(JUDGE).embed(p, [CENTRAL])[0] for p in (picture, np.clip(0.9 * picture + 0.05, 0, 1)))
    assert one @ one == pytest.approx(1, abs=1e-4)
    assert one @ other > 0.9


def test_neither_blurred_pictures_nor_kernels_is_wrong_usage(tmp_path):
    from app.cli.console import UsageError
    from app.cli.evaluate import run
    from training.commands import add_evaluate_arguments

    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    with pytest.raises(UsageError, match="--kernels"):
        run(parser.parse_args(["--sharp", str(tmp_path)]))
    with pytest.raises(SystemExit):
        parser.parse_args(["--sharp", str(tmp_path), "--pairs", str(tmp_path)])
