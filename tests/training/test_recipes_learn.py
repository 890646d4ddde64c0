"""Every recipe, all its stages, at a tiny size on the CPU: it runs completely, and its losses fall."""

import dataclasses
import io
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from engine.networks.registry import method
from training.batches import Batch
from training.options import TrainOptions
from training.progress import Budget
from training.recipe import recipe, recipes
from training.session import run

SIDE = 80


@pytest.fixture(scope="module")
def labels(photos, tmp_path_factory):
    path = tmp_path_factory.mktemp("labels") / "labels.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for photo in photos.iterdir():
            stream = io.BytesIO()
            Image.fromarray(np.indices((200, 220)).sum(0).astype(np.uint8) % 11).save(stream, "PNG")
            archive.writestr(f"{photo.stem}.png", stream.getvalue())
    return path


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_runs_from_its_first_stage_to_published_weights(name, photos, labels, small, tmp_path, monkeypatch):
    chosen = dataclasses.replace(recipe(name), settings=small[name], judge=(SIDE, SIDE))
    monkeypatch.setattr("training.session.recipe", lambda _: chosen)
    options = TrainOptions(
        name, (photos,), Budget(samples=4 * len(chosen.stages)), tmp_path / "run", device="cpu", start="scratch",
        crop=SIDE, batch=2, kernels=10, largest_kernel=9, judged=1, labels=labels if chosen.needs_labels else None,
    )  # fmt: skip
    outcome = run(options)
    assert outcome.finished
    assert np.isfinite(outcome.new.psnr)
    assert outcome.card.exists()


def batch():
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(2, 3, SIDE // 8, SIDE // 8, generator=generator)
    sharp = torch.nn.functional.interpolate(coarse, size=(SIDE, SIDE))  # edges that blur hides
    kernel = torch.zeros(2, 1, 9, 9)
    kernel[:, :, 4] = 1 / 9
    blurred = torch.nn.functional.conv2d(sharp.reshape(6, 1, SIDE, SIDE), kernel[:1], padding=4).view_as(sharp)
    labels = torch.randint(11, (2, SIDE, SIDE), generator=generator)
    return Batch(sharp, blurred, kernel, torch.zeros(2), labels)


STAGES = [(name, stage.name, index) for name in recipes() for index, stage in enumerate(recipe(name).stages)]


@pytest.mark.parametrize(("name", "stage", "index"), STAGES, ids=[f"{n}, {s}" for n, s, _ in STAGES])
def test_the_loss_of_every_stage_falls(name, stage, index, small):
    torch.manual_seed(0)
    chosen = recipe(name)
    network = method(name).build(small[name]).train()
    part = chosen.stages[index]
    learning = [p for n, p in network.named_parameters() if n.startswith(part.trains)]
    assert learning
    objective, optimiser = part.objective(), torch.optim.Adam(learning, 1e-3)
    same = batch()
    totals = []
    for _ in range(6):
        total = torch.stack(list(objective(network, same).values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append(float(total.detach()))
    assert min(totals[1:]) < totals[0]
