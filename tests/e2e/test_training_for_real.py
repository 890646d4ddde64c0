"""One real run from the page that takes a minute: trained, stopped, resumed, judged."""

import dataclasses

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from app.window.training.plan import Plan
from app.window.training.trainings import RunStatus

TINY = ("--judged", "1", "--kernels", "10", "--largest-kernel", "9", "--looks", "1")


@pytest.mark.slow
def test_a_real_run_is_stopped_and_gone_on_with(qtbot, window, tmp_path):
    places = []
    for at in range(4):
        places.append(str(tmp_path / f"{at}.png"))
        Image.fromarray(np.ascontiguousarray(astronaut()[40 * at :, :300])).save(places[-1])
    window.actions_by_id["train"].trigger()
    qtbot.waitUntil(lambda: window.training.page is not None, timeout=60_000)
    trainings = window.training.trainings
    plan = Plan("real", "wrfn", str(tmp_path), 60, device="cpu", crop=40, batch=2, extra=TINY)
    folder = trainings.start(plan, places)
    qtbot.waitUntil(lambda: trainings.history(folder).begun, timeout=200_000)
    trainings.stop()
    qtbot.waitUntil(lambda: trainings.active is None, timeout=200_000)
    assert trainings.status(folder) is RunStatus.STOPPED, trainings.failure(folder)
    reached = trainings.history(folder).samples
    dataclasses.replace(plan, minutes=0.02).write(folder)
    trainings.go_on(folder)
    qtbot.waitUntil(lambda: trainings.active is None, timeout=200_000)
    history = trainings.history(folder)
    assert trainings.status(folder) is RunStatus.FINISHED, trainings.failure(folder)
    assert history.samples >= reached and history.reached is not None and history.card.is_file()
    window.training.page.show_run(folder)
    assert not window.training.page.run.samples.picture.image.isNull()
