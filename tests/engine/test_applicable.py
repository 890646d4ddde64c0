"""Which refinements mean something for which method."""

from pathlib import Path

import numpy as np
import pytest

from engine.applicable import applicable, why_no_best_quality, why_no_finish
from engine.areas.area import Area
from engine.choices import Choices
from engine.kernels.kernel import Kernel
from engine.networks.registry import shipped_methods
from engine.request import Request

KERNEL, AREA = Path("line.npy"), Area((0.0, 0.0, 64.0, 64.0), Kernel(np.ones((3, 3), np.float32)))


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (Choices(), "Automatic does"),
        (Choices(method="finish"), "This method does"),
        (Choices(method="wrfn"), "does not say which blur"),
        (Choices(method="deepdeblur"), "does not say which blur"),
        (Choices(method="of somebody else@gone"), "does not say which blur"),
        (Choices(method="l0-deconv", region="faces"), "single faces"),
        (Choices(method="l0-deconv", areas=(AREA,)), "Blur areas"),
        (Choices(method="l0-deconv"), None),
        (Choices(method="learned-deconv"), None),
        (Choices(method="analysis-synthesis", region="aligned"), None),
        (Choices(kernel=KERNEL), None),
    ],
)
def test_what_gives_a_kernel_can_be_finished(choices, reason):
    why = why_no_finish(choices)
    assert (why is None) if reason is None else reason in str(why)


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (Choices(), None),
        (Choices(method="wrfn"), None),
        (Choices(method="finish"), None),
        (Choices(method="deepdeblur", region="faces"), None),
        (Choices(method="l0-deconv"), "the one blur"),
        (Choices(method="l0-deconv", finish=True), None),
        (Choices(method="l0-deconv", finish=True, region="faces"), "the one blur"),
        (Choices(kernel=KERNEL), "known blur"),
        (Choices(kernel=KERNEL, finish=True), None),
        (Choices(areas=(AREA,), finish=True), "known blur"),
    ],
)
def test_a_network_that_restores_pixels_can_see_more_views(choices, reason):
    why = why_no_best_quality(choices)
    assert (why is None) if reason is None else reason in str(why)


def test_only_what_changes_something_is_run():
    asked = Request(method="wrfn", finish=True, best_quality=True, photo=Path("a.jpg"))
    assert applicable(asked) == Request(method="wrfn", best_quality=True, photo=Path("a.jpg"))
    assert applicable(Choices(method="l0-deconv", finish=True)).finish
    assert applicable(Choices(method="l0-deconv", best_quality=True)) == Choices(method="l0-deconv")


def test_faces_are_mirrored_alone_and_kernels_are_found_once():
    counts = {name: each.views for name, each in shipped_methods().items()}
    assert counts == {
        "wrfn": 8,
        "finish": 8,
        "deepdeblur": 2,
        "semantic": 2,
        "l0-deconv": 1,
        "learned-deconv": 1,
        "analysis-synthesis": 1,
    }
