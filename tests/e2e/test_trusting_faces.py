"""The verdict on each face, and its own strength."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint

from app.language import percent
from engine.errors import UserError
from engine.request import Request
from engine.restoration.grain import held_down
from engine.restoration.strength import area


def colour_at(window, x, y):
    point = window.viewer.to_widget(x, y).toPoint()
    return np.array(window.viewer.grab().toImage().pixelColor(point).getRgb()[:3], float)


@pytest.fixture
def bare(deblurred):
    """Return the result alone at 100 %, without boxes over it."""
    deblurred.actions_by_id["faces"].setChecked(False)
    deblurred.actions_by_id["result"].trigger()
    deblurred.viewer.zoom_to(1.0)
    return deblurred


def test_each_face_is_compared_with_itself(qtbot, deblurred):
    qtbot.waitUntil(lambda: deblurred.document.shown.identities is not None)
    people = deblurred.panel.trust.people
    assert people.isVisible()
    output = "Face 2: may look like another person than the blurred face; Face 1: looks like the blurred face"
    assert people.accessibleDescription() == output


def test_a_face_that_is_left_out_is_not_spoken_of(qtbot, deblurred):
    qtbot.waitUntil(lambda: deblurred.document.shown.identities is not None)
    deblurred.document.shown.toggle_mark(1)
    assert deblurred.panel.trust.people.accessibleDescription() == "Face 1: looks like the blurred face"


def test_without_the_embedding_it_is_one_calm_sentence(qtbot, ready, engine):
    engine.identity_error = UserError("The weights for identities are not installed.")
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.identities is not None)
    note = ready.panel.trust.people.note
    assert note.isVisible() and note.text() == "The weights for identities are not installed."
    assert not ready.message.isVisible()


def test_a_face_gets_a_strength_of_its_own_at_once(bare, engine):
    face = bare.document.shown.marks[0]
    before, beside = colour_at(bare, 40, 45), colour_at(bare, 10, 110)
    bare.panel.strength.faces.rows[0].slider.setValue(0)
    assert bare.document.shown.own_strengths == ((face.box, 0.0),)
    assert np.array_equal(colour_at(bare, 40, 45), (40, 45, 42)) and before[0] > 100
    assert np.array_equal(colour_at(bare, 10, 110), beside)
    bare.panel.strength.faces.rows[0].slider.setValue(50)
    assert np.allclose(colour_at(bare, 40, 45), np.mean([before, (40, 45, 42)], axis=0), atol=2)
    assert len(engine.requests) == 1


def test_the_saved_result_equals_the_shown_one(qtbot, bare, photo_file):
    bare.panel.strength.slider.setValue(80)
    bare.panel.strength.faces.rows[0].slider.setValue(20)
    seen = bare.viewer.grab().toImage()
    left, top, right, bottom = (max(0, side) for side in area(bare.document.shown.marks[0].box))
    bare.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: bare.document.shown.saved)
    saved = np.asarray(Image.open(photo_file.with_name("holiday é 🙂-acutance.png")), int)
    for y in range(top, min(bottom, 118), 5):
        for x in range(left, right, 5):
            point = bare.viewer.to_widget(x, y).toPoint()
            assert np.abs(np.array(seen.pixelColor(point).getRgb()[:3]) - saved[y, x]).max() <= 3


def test_no_seam_runs_along_the_rim_of_a_faces_area(bare):
    """At any zoom: beyond the face's mask, only the photo's strength is visible."""
    for scale in (0.83, 1.39, 2.71):
        bare.viewer.zoom_to(scale)
        plain = bare.viewer.grab().toImage()
        bare.panel.strength.faces.rows[0].slider.setValue(0)
        shown = bare.viewer.grab().toImage()
        bare.panel.strength.faces.reset.click()
        left, top, right, bottom = area(bare.document.shown.marks[0].box)
        for share in np.linspace(0.3, 0.7, 9):
            x, y = left + (right - left) * share, top + (bottom - top) * share
            for at in ((x, bottom), (right, y)):
                point = bare.viewer.to_widget(*at)
                for beyond in (-1, 0, 1):
                    place = QPoint(round(point.x()) + beyond, round(point.y()) + beyond)
                    pair = (image.pixelColor(place).getRgb()[:3] for image in (plain, shown))
                    assert np.abs(np.subtract(*map(np.array, pair))).max() <= 3


def test_the_way_of_a_faces_slider_is_undone_in_one_step(bare):
    for value in (90, 70, 40):
        bare.panel.strength.faces.rows[1].slider.setValue(value)
    assert bare.panel.strength.faces.rows[1].figure.text() == "40%"
    bare.actions_by_id["undo"].trigger()
    assert bare.document.shown.own_strengths == ()
    assert bare.panel.strength.faces.rows[1].figure.text() == "as photo"
    bare.actions_by_id["redo"].trigger()
    bare.panel.strength.faces.reset.click()
    assert bare.document.shown.own_strengths == ()


def test_a_changed_face_is_a_change_to_be_saved(qtbot, bare):
    bare.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: bare.document.shown.saved)
    bare.panel.strength.faces.rows[0].slider.setValue(30)
    assert not bare.document.shown.saved and "*" in bare.windowTitle()


def test_high_frequencies_alone_leave_the_tones(qtbot, bare, photo_file):
    bare.panel.strength.fine.click()
    qtbot.waitUntil(lambda: bare.document.shown.refined is not None)
    assert np.allclose(colour_at(bare, 80, 60), (80, 60, 70), atol=2)
    bare.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: bare.document.shown.saved)
    saved = np.asarray(Image.open(photo_file.with_name("holiday é 🙂-acutance.png")), int)
    assert np.abs(saved[60, 80] - (80, 60, 70)).max() <= 2
    bare.actions_by_id["undo"].trigger()
    assert not bare.panel.strength.fine.isChecked() and colour_at(bare, 80, 60)[0] > 100


def test_grain_is_held_down_at_once_and_saved(qtbot, bare, photo_file, engine):
    bare.panel.grain.slider.setValue(100)
    assert bare.panel.grain.aside.text() == percent(1) and not bare.document.shown.saved
    qtbot.waitUntil(lambda: bare.document.shown.refined is not None and bare.document.shown.refined[0].grain == 1)
    photo, result = bare.document.shown.photo, bare.document.shown.result
    wanted = held_down(photo.pixels, result.pixels, 1)
    assert np.allclose(colour_at(bare, 80, 60), wanted[60, 80] * 255, atol=2)
    bare.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: bare.document.shown.saved)
    saved = np.asarray(Image.open(photo_file.with_name("holiday é 🙂-acutance.png")), int)
    assert np.abs(saved - wanted * 255).max() <= 1
    bare.panel.grain.slider.setValue(0)
    assert bare.document.shown.picture is bare.document.shown.restored and len(engine.requests) == 1


def test_a_slider_on_its_way_ends_at_its_last_value(qtbot, bare):
    for value in (20, 40, 60, 80):
        bare.panel.grain.slider.setValue(value)
    qtbot.waitUntil(lambda: bare.document.shown.refined is not None and bare.document.shown.refined[0].grain == 0.8)
    bare.actions_by_id["undo"].trigger()
    assert bare.document.shown.request.grain == Request().grain
