"""The switches below the method: refine and combine, and the best quality."""

import pytest

from app.settings import Settings
from app.sidecar import StoredChoices, find_choices, keep_choices
from app.window.comparing.runs import MethodRuns
from app.window.methods import AUTOMATIC, MethodChoice
from engine.request import Request


@pytest.fixture
def switches(ready):
    return ready.panel.method.refining


def test_automatic_refines_by_itself_and_a_method_with_a_kernel_on_request(ready, switches):
    assert not switches.finish.isEnabled() and "by itself" in switches.finish.toolTip()
    assert switches.best.isEnabled()
    ready.document.shown.choose_method("l0-deconv")
    assert switches.finish.isEnabled() and "place by place" in switches.finish.toolTip()
    assert not switches.best.isEnabled() and "adds nothing" in switches.best.toolTip()
    switches.finish.click()
    assert ready.document.shown.request.finish and switches.best.isEnabled(), "the last step is a network now"


def test_a_choice_that_means_nothing_for_a_method_waits_for_another(qtbot, ready, switches, engine):
    ready.document.shown.choose_method("learned-deconv")
    switches.finish.click()
    ready.document.shown.choose_method("wrfn")
    assert not switches.finish.isChecked() and ready.document.shown.request.finish
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert not engine.requests[-1].finish and not ready.document.shown.outdated
    ready.document.shown.choose_method("learned-deconv")
    assert switches.finish.isChecked()


def test_the_best_quality_needs_another_run_and_can_be_undone(qtbot, deblurred, engine):
    switches = deblurred.panel.method.refining
    switches.best.click()
    assert deblurred.document.shown.outdated
    deblurred.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.result is not None)
    assert engine.requests[-1].best_quality and not deblurred.document.shown.outdated
    deblurred.actions_by_id["undo"].trigger()
    assert not switches.best.isChecked() and not deblurred.document.shown.request.best_quality


@pytest.mark.parametrize(("method", "price"), [("auto", "eight"), ("wrfn", "eight"), ("deepdeblur", "twice")])
def test_the_price_stands_beside_the_choice(ready, switches, method, price):
    ready.document.shown.choose_method(method)
    assert price in switches.best.text()


def test_a_sidecar_and_a_pin_keep_both(ready, switches, photo_file):
    asked = Request(method="l0-deconv", finish=True, best_quality=True)
    keep_choices(photo_file, StoredChoices(asked, (), (160, 120)), "beside")
    found = find_choices(photo_file, "beside")
    assert found is not None and found.request.finish and found.request.best_quality
    ready.document.shown.choose_method("l0-deconv")
    switches.finish.click()
    ready.document.pin(True)
    ready.preferences.leave(ready)
    kept: Settings = ready.preferences.settings
    assert kept["finish"] and not kept["best_quality"]
    ready.document.pin(False)
    ready.preferences.leave(ready)
    assert not kept["finish"]


def test_a_comparison_refines_each_method_as_far_as_it_can(qtbot, ready, switches, engine):
    ready.document.shown.choose_method("l0-deconv")
    switches.finish.click()
    switches.best.click()
    names = ("wrfn", "l0-deconv")
    runs = MethodRuns(ready.session, [MethodChoice(name, name, "", AUTOMATIC.regions) for name in names])
    runs.start(names)
    qtbot.waitUntil(lambda: not runs.busy)
    refined = {asked.method: (asked.finish, asked.best_quality) for asked in engine.requests}
    assert refined == {"wrfn": (False, True), "l0-deconv": (True, True)}
