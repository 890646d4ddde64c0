"""The window says how a photo was restored, and keeps result and choices together."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.settings import Settings
from app.window import dialogs
from app.window.application import make_window
from app.window.photos.photo_state import State
from app.window.photos.summary import same_run, what_was_done
from app.window.viewer.comparison import Mode
from engine.explanation import Explanation
from engine.kernels.trust import Verdict
from engine.request import Request


def rerun(qtbot, window):
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY and window.document.shown.result is not None)


def test_a_line_over_the_photo_says_how_it_was_restored(ready, qtbot):
    assert not ready.outcome.isVisible()
    rerun(qtbot, ready)
    assert ready.outcome.isVisible() and ready.outcome.sentence.text().startswith("Restored by “")
    assert ready.outcome.compare.isVisible() and ready.outcome.another.isVisible()
    assert not ready.outcome.again.isVisible()


def test_try_another_opens_the_list_of_methods(qtbot, deblurred):
    qtbot.mouseClick(deblurred.outcome.another, Qt.MouseButton.LeftButton)
    popup = deblurred.panel.method.card._popup
    assert popup is not None and popup.isVisible()
    popup.close()


def test_a_changed_choice_is_shown_and_can_be_run_or_undone(qtbot, deblurred, engine):
    deblurred.document.shown.change_request(region="faces")
    assert "since" in deblurred.outcome.sentence.text() and deblurred.outcome.again.isVisible()
    qtbot.mouseClick(deblurred.outcome.back, Qt.MouseButton.LeftButton)
    assert deblurred.document.shown.request.region == "auto" and not deblurred.document.shown.outdated
    deblurred.document.shown.toggle_mark(1)
    assert deblurred.document.shown.outdated
    qtbot.mouseClick(deblurred.outcome.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: deblurred.document.shown.state is State.READY)
    assert len(engine.requests) == 2 and "since" not in deblurred.outcome.sentence.text()


def test_a_choice_that_is_blended_at_once_asks_for_no_other_run(deblurred):
    deblurred.panel.strength.slider.setValue(40)
    assert not deblurred.document.shown.outdated


def test_undo_brings_the_result_back_that_belongs_to_the_choices(qtbot, deblurred):
    first = deblurred.document.shown.result
    deblurred.document.shown.change_request(region="whole")
    rerun(qtbot, deblurred)
    second = deblurred.document.shown.result
    deblurred.actions_by_id["undo"].trigger()
    assert deblurred.document.shown.request.region == "auto" and deblurred.document.shown.result is first
    deblurred.actions_by_id["redo"].trigger()
    assert deblurred.document.shown.request.region == "whole" and deblurred.document.shown.result is second
    assert not deblurred.document.shown.outdated


def test_an_unchanged_photo_need_not_be_saved(deblurred):
    shown = deblurred.document.shown
    kept = replace(shown.result, explanation=Explanation(verdict=Verdict.UNCHANGED))
    shown.finish_work(kept, shown.restored)
    assert shown.saved and "Kept as it is" in deblurred.outcome.sentence.text()
    assert deblurred.outcome.another.isVisible()


def test_the_line_says_why_it_warns(deblurred):
    shown = deblurred.document.shown
    shown.finish_work(replace(shown.result, explanation=Explanation(verdict=Verdict.CHANGED)), shown.restored)
    assert "contradicts the photo" in deblurred.outcome.sentence.text()


def test_a_known_kernel_is_named(deblurred, tmp_path):
    result = replace(deblurred.document.shown.result, request=Request(kernel=tmp_path / "shake.npy"))
    assert what_was_done(result) == "Deblurred by the kernel in shake.npy."


def test_which_choices_need_another_run():
    assert same_run(Request(strength=0.2), Request(high_frequencies_only=True, grain=0.5))
    for other in (Request(method="wrfn"), Request(region="faces"), Request(field=True), Request(smallest_face=70)):
        assert not same_run(Request(), other)


def test_the_largest_face_is_seen_after_first(deblurred):
    viewer, mark = deblurred.viewer, deblurred.document.shown.marks[0]
    assert viewer.comparison.shown is Mode.WIPE
    assert viewer.comparison.divider * viewer.width() <= viewer.to_widget(*mark.box[:2]).x()


def test_until_something_is_restored_the_photo_stays_visible(qtbot, ready, engine):
    submit = engine.submit

    def held(request, photo, **how):
        on_tile = how.pop("on_tile")
        return submit(request, photo, on_tile=lambda *tile: engine.hold.wait() and on_tile(*tile), **how)

    engine.submit = held
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    viewer, width = ready.viewer, ready.viewer.width()
    qtbot.waitUntil(lambda: viewer.comparison.pending)
    right = viewer.to_widget(160, 0).x()
    assert 0.8 * right < viewer.comparison.divider * width < right
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert viewer.comparison.divider * width <= viewer.to_widget(*ready.document.shown.marks[0].box[:2]).x()


def test_a_divider_that_was_moved_stays_at_the_next_run(qtbot, deblurred):
    deblurred.viewer.compare(divider=0.8)
    rerun(qtbot, deblurred)
    assert deblurred.viewer.comparison.divider == 0.8


def test_another_photo_begins_with_automatic_at_full_strength(qtbot, ready, folder):
    ready.document.shown.change_request(region="faces", strength=0.3)
    ready.open(folder / "0.png")
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY)
    request = ready.document.shown.request
    assert (request.method, request.region, request.strength) == ("auto", "auto", 1.0)
    assert ready.panel.strength.slider.value() == 100


@pytest.mark.parametrize("how", ["command", "button"])
def test_pinned_choices_go_with_the_next_photos(qtbot, ready, folder, how):
    ready.document.shown.change_request(region="faces", strength=0.3)
    if how == "command":
        ready.actions_by_id["pin-choices"].trigger()
    else:
        qtbot.mouseClick(ready.panel.method.pin, Qt.MouseButton.LeftButton)
    ready.open(folder / "0.png")
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY)
    assert (ready.document.shown.request.region, ready.document.shown.request.strength) == ("faces", 0.3)


@pytest.mark.parametrize(("pinned", "kept"), [(True, ("faces", 0.5)), (False, ("auto", 1.0))])
def test_the_next_start_begins_with_pinned_choices_only(qtbot, theme, engine, tmp_path, pinned, kept):
    path = tmp_path / "settings.json"
    first = make_window(theme, lambda: engine, Settings(path))
    first.show()
    first.document.shown.change_request(region="faces", strength=0.5)
    if pinned:
        first.actions_by_id["pin-choices"].trigger()
    first.close()
    again = make_window(theme, lambda: engine, Settings(path))
    assert (again.document.shown.request.region, again.document.shown.request.strength) == kept
    assert again.actions_by_id["pin-choices"].isChecked() == pinned
    again.close()
    for made in (first, again):
        made.deleteLater()


def test_three_clicks_lead_from_a_blurred_portrait_to_a_saved_sharper_one(qtbot, window, photo_file, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_photos", lambda *_: [photo_file])
    shown = window.document
    qtbot.mouseClick(window.empty.open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.shown.state is State.READY and len(shown.shown.marks) == 2)
    qtbot.mouseClick(window.panel.footer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.shown.result is not None)
    qtbot.mouseClick(window.top.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.shown.saved)
    assert photo_file.with_name("holiday é 🙂-acutance.png").exists()
    assert window.outcome.sentence.text().startswith("Restored by “")
