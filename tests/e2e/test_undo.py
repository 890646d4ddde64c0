"""Undo and redo."""

import pytest


@pytest.fixture
def actions(ready):
    return ready.actions_by_id


def test_there_is_nothing_to_undo_at_first(actions):
    assert not actions["undo"].isEnabled() and not actions["redo"].isEnabled()


def test_a_face_left_out_comes_back_and_goes_again(ready, actions):
    ready.document.shown.toggle_mark(0)
    actions["undo"].trigger()
    assert all(mark.chosen for mark in ready.document.shown.marks)
    actions["redo"].trigger()
    assert [mark.chosen for mark in ready.document.shown.marks] == [False, True]
    assert not actions["redo"].isEnabled()


def test_the_way_of_a_slider_is_one_step(ready, actions):
    for value in (90, 80, 70):
        ready.panel.strength.slider.setValue(value)
    ready.document.shown.change_request(region="faces")
    actions["undo"].trigger()
    assert ready.document.shown.request.region == "auto" and ready.document.shown.request.strength == 0.7
    actions["undo"].trigger()
    assert ready.document.shown.request.strength == 1.0
    assert ready.panel.strength.slider.value() == 100


def test_a_new_choice_ends_what_could_be_redone(ready, actions):
    ready.document.shown.remove_mark(1)
    actions["undo"].trigger()
    assert len(ready.document.shown.marks) == 2
    ready.document.shown.choose_all(False)
    assert not actions["redo"].isEnabled()
