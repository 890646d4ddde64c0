import dataclasses
import hashlib
import json

import numpy as np
import pytest
import torch

from engine.faces.embedding.network import load_embedding
from training import distil_embedding
from training.embedding import distil
from training.embedding.faces import SIDE, PreparedFaces
from training.embedding.views import draw_views, plain_views

FACES = 6


def faces(pairs: bool) -> PreparedFaces:
    rng = np.random.default_rng(0)
    crops = np.empty((FACES, SIDE, SIDE, 3), np.uint8)
    crops[:] = rng.integers(0, 255, (FACES, 1, 1, 3))
    views = plain_views(FACES) if pairs else draw_views(FACES, 2, rng)
    embeddings = rng.normal(size=(FACES, 512)).astype(np.float32)[views[:, 0].astype(int)]
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    listed = [(i, j, int(i == j)) for i in range(FACES) for j in range(FACES)]
    return PreparedFaces(crops, views, embeddings, np.array(listed if pairs else np.zeros((0, 3)), np.int64))


@pytest.fixture
def prepared(tmp_path):
    faces(pairs=False).save(tmp_path / "faces.npz")
    faces(pairs=True).save(tmp_path / "pairs.npz")
    return tmp_path


def run(folder, *more: str) -> int:
    return distil_embedding.main(
        [
            "train",
            "--faces",
            str(folder / "faces.npz"),
            "--pairs",
            str(folder / "pairs.npz"),
            "--device",
            "cpu",
            "--run-dir",
            str(folder / "run"),
            "--batch",
            "2",
            "--kernels",
            "8",
            *more,
        ]
    )


def test_a_run_writes_weights_with_a_card_that_the_engine_loads(prepared):
    assert run(prepared, "--samples", "4") == 0
    card = json.loads((prepared / "run/face-embedding.json").read_text())
    weights = prepared / "run/face-embedding.safetensors"
    assert card["samples_seen"] == 4
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert card["evaluations"]["lfw"]["pairs"] == FACES**2
    assert card["evaluations"]["lfw"]["teacher"] == 1
    assert card["evaluations"]["lfw, one side blurred"]["pairs"] == FACES**2
    assert load_embedding([prepared / "run"])(torch.rand(1, 3, 112, 112)).shape == (1, 512)


def test_a_run_continues_where_it_stopped_and_never_over_another(prepared):
    assert run(prepared, "--samples", "4") == 0
    assert run(prepared, "--samples", "6") == 1
    assert run(prepared, "--samples", "6", "--resume") == 0
    assert json.loads((prepared / "run/face-embedding.json").read_text())["samples_seen"] == 6


def test_a_burst_counts_those_before_it(prepared):
    assert run(prepared, "--samples", "4") == 0
    first = prepared / "run/face-embedding.safetensors"
    assert run(prepared, "--samples", "2", "--from", str(first), "--run-dir", str(prepared / "second")) == 0
    card = json.loads((prepared / "second/face-embedding.json").read_text())
    assert card["samples_seen"] == 6
    assert [burst["samples"] for burst in card["bursts"]] == [4, 2]
    assert card["bursts"][1]["started_from"] == first.name


def test_missing_files_are_a_sentence_and_exit_code_one(tmp_path, caplog):
    assert run(tmp_path) == 1
    assert "faces.npz" in caplog.text


def test_the_loss_falls():
    recipe = distil.RECIPE
    degradation = dataclasses.replace(recipe.degradation, kernels=8)
    bank = distil.sharp_and_blurred(distil.kernel_bank(degradation, 0))
    maker = distil.ViewMaker(faces(pairs=False), bank, degradation, torch.device("cpu"), 0)
    torch.manual_seed(0)
    network, objective = distil.FaceEmbedding(), distil.Distillation()
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    batch, losses = maker.draw(4, 112, 112, colour=True), []
    for _ in range(12):
        loss = sum(objective(network, batch).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_a_batch_carries_the_teachers_answer_and_parts_with_it():
    degradation = dataclasses.replace(distil.RECIPE.degradation, kernels=4)
    bank = distil.sharp_and_blurred(distil.kernel_bank(degradation, 0), share=1.0)
    maker = distil.ViewMaker(faces(pairs=True), bank, degradation, torch.device("cpu"), 0)
    batch = maker.draw(6, 112, 112, colour=True)
    # All are sharp: only noise, JPEG and rounding are left, and each picture is a face of one colour.
    assert (batch.blurred - batch.sharp).abs().mean() < 0.05
    colours = (255 * batch.sharp.mean(dim=(2, 3))).round()
    known = {tuple(c[0, 0].tolist()): i for i, c in enumerate(faces(pairs=True).crops)}
    expected = faces(pairs=True).embeddings[[known[tuple(int(v) for v in c)] for c in colours]]
    assert np.allclose(batch.taught.numpy(), expected)
    assert torch.equal(batch.part(1, 3).taught, batch.taught[[1, 4]])
    assert len(batch.part(1, 3).blurred) == 2


def test_impulses_take_the_banks_first_share():
    bank = torch.full((10, 1, 5, 5), 1 / 25)
    mixed = distil.sharp_and_blurred(bank, share=0.3)
    assert torch.equal(mixed[3:], bank[3:])
    assert mixed[:3].sum() == 3 and bool((mixed[:3, :, 2, 2] == 1).all())


def test_weights_are_judged_on_pairs(prepared, capsys):
    assert run(prepared, "--samples", "2") == 0
    arguments = ["judge", "--weights", str(prepared / "run/face-embedding.safetensors")]
    arguments += ["--pairs", str(prepared / "pairs.npz")]
    assert distil_embedding.main(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert distil_embedding.main([*arguments, "-o", str(prepared / "cosines.json")]) == 0
    assert json.loads((prepared / "cosines.json").read_text()) == said
    assert said["pairs"] == FACES**2 and set(said["limits"]) == {"same", "doubtful"}
