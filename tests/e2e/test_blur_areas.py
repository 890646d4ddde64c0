"""Boxes over the photo, each with a kernel of its own: drawn, moved, given kernels, suggested, undone."""

import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt

from app.sidecar import beside
from app.window import dialogs
from app.window.kernels.editor import KernelEditor
from app.window.photos.photo_state import State
from engine.areas.area import Area
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel

LEFT = Qt.MouseButton.LeftButton
NOTHING, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def drag(qtbot, ready):
    """Return a function that drags the pointer from one point of the photo to another."""

    def dragged(start, end, held=NOTHING):
        viewer = ready.viewer
        at = [viewer.to_widget(*point).toPoint() for point in (start, end)]
        qtbot.mousePress(viewer, LEFT, held, at[0])
        qtbot.mouseMove(viewer, (at[0] + at[1]) / 2)
        qtbot.mouseMove(viewer, at[1])
        qtbot.mouseRelease(viewer, LEFT, held, at[1])

    return dragged


@pytest.fixture
def holding(ready):
    """The window with the tool for areas in the hand."""
    ready.actions_by_id["areas"].trigger()
    return ready


@pytest.fixture
def two(qtbot, holding, drag):
    """The window with two areas and their kernels."""
    drag((10, 10), (50, 50))
    drag((100, 60), (150, 110))
    qtbot.waitUntil(lambda: all(area.kernel for area in areas(holding)) and len(areas(holding)) == 2)
    return holding


def areas(window):
    return window.document.shown.request.areas


def sizes(window):
    return [area.kernel.values.shape[1] for area in areas(window)]


def box(window, index):
    return tuple(round(side) for side in areas(window)[index].box)


def test_a_box_is_drawn_and_its_kernel_found_and_shown_at_its_corner(qtbot, holding, drag):
    drag((20, 20), (80, 80))
    assert box(holding, 0) == pytest.approx((20, 20, 80, 80), abs=1)
    qtbot.waitUntil(lambda: areas(holding)[0].kernel is not None)
    assert sizes(holding) == [7] and not areas(holding)[0].given
    corner = holding.viewer.to_widget(80, 80).toPoint() - QPoint(40, 36)
    at_corner = holding.viewer.grab().toImage().copy(corner.x() - 20, corner.y() - 20, 40, 40)
    greys = {at_corner.pixelColor(x, y).lightness() for x in range(40) for y in range(40)}
    assert max(greys) > 200 and min(greys) < 10  # a white line on black
    assert "7 × 1 px" in holding.panel.areas.rows[0].about.text()


def test_a_run_restores_by_the_areas_and_says_so(qtbot, two, engine):
    two.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: two.document.shown.result is not None)
    assert engine.requests[-1].areas == areas(two) and engine.requests[-1].areas_on
    assert "2 blur areas" in two.outcome.sentence.text()
    assert not two.document.shown.outdated
    two.actions_by_id["next-area"].trigger()
    two.actions_by_id["toggle-area"].trigger()
    assert two.document.shown.outdated and len(two.document.shown.request.areas_on) == 1
    two.outcome.back.click()
    assert not two.document.shown.outdated and len(two.document.shown.request.areas_on) == 2


def test_areas_are_moved_and_resized_and_looked_at_again(qtbot, two, drag, engine):
    drag((30, 30), (60, 40))
    assert box(two, 0) == pytest.approx((40, 20, 80, 60), abs=1)
    qtbot.waitUntil(lambda: areas(two)[0].kernel is not None)
    assert sizes(two)[0] == 11
    drag((80, 60), (95, 90))
    assert box(two, 0) == pytest.approx((40, 20, 95, 90), abs=1)
    drag((70, 50), (400, 400))
    assert box(two, 0)[2:] == (160, 120)
    qtbot.waitUntil(lambda: areas(two)[0].kernel is not None)
    assert engine.looked_at[-1] == areas(two)[0].box


def test_shift_draws_an_area_over_another(two, drag):
    drag((20, 20), (40, 40), SHIFT)
    assert len(areas(two)) == 3 and two.areas.tool.focused == 2


def test_everything_can_be_undone(qtbot, two, drag):
    drag((30, 30), (60, 40))
    qtbot.waitUntil(lambda: areas(two)[0].kernel is not None)
    two.actions_by_id["delete-area"].trigger()
    assert len(areas(two)) == 1
    for expected in (((40, 20), 2), ((10, 10), 2), ((10, 10), 1)):
        two.actions_by_id["undo"].trigger()
        assert (box(two, 0)[:2], len(areas(two))) == (pytest.approx(expected[0], abs=1), expected[1])
    two.actions_by_id["undo"].trigger()
    assert not areas(two) and not two.actions_by_id["undo"].isEnabled()
    for count in (1, 2, 2, 1):
        two.actions_by_id["redo"].trigger()
        assert len(areas(two)) == count
    assert all(area.kernel is not None for area in areas(two))


def test_all_of_it_by_keyboard(qtbot, ready):
    viewer = ready.viewer
    viewer.setFocus()
    qtbot.keyClick(viewer, Qt.Key.Key_G)
    qtbot.keyClick(viewer, Qt.Key.Key_Return)
    first = areas(ready)[0].box
    qtbot.keyClick(viewer, Qt.Key.Key_Left, CONTROL)
    assert areas(ready)[0].box[0] < first[0]
    qtbot.keyClick(viewer, Qt.Key.Key_Down, CONTROL | SHIFT)
    assert areas(ready)[0].box[3] > first[3] and areas(ready)[0].box[1] == first[1]
    qtbot.keyClick(viewer, Qt.Key.Key_Return)
    assert len(areas(ready)) == 2 and ready.areas.tool.focused == 1
    qtbot.keyClick(viewer, Qt.Key.Key_Comma)
    assert ready.areas.tool.focused == 0
    qtbot.keyClick(viewer, Qt.Key.Key_X)
    assert not areas(ready)[0].on
    qtbot.keyClick(viewer, Qt.Key.Key_Period)
    qtbot.keyClick(viewer, Qt.Key.Key_Delete)
    assert len(areas(ready)) == 1 and len(ready.document.shown.marks) == 2
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not ready.areas.tool.held and not ready.actions_by_id["areas"].isChecked()


def test_the_keys_of_faces_are_theirs_again_when_the_tool_is_put_down(qtbot, two):
    qtbot.keyClick(two.viewer, Qt.Key.Key_G)
    qtbot.keyClick(two.viewer, Qt.Key.Key_Period)
    qtbot.keyClick(two.viewer, Qt.Key.Key_X)
    assert not two.document.shown.marks[0].chosen and all(area.on for area in areas(two))


def test_a_kernel_of_another_area_stays_when_the_box_moves(two, drag):
    menu = two.areas.menu(0)
    part = next(action.menu() for action in menu.actions() if action.menu())
    part.actions()[0].trigger()
    assert areas(two)[0].given and sizes(two) == [23, 23]
    drag((30, 30), (60, 40))
    assert sizes(two)[0] == 23
    two.actions_by_id["find-area-kernel"].trigger()
    assert areas(two)[0].kernel is None and not areas(two)[0].given
    menu.deleteLater()


def test_a_kernel_from_a_file_or_a_sentence(qtbot, two, tmp_path, monkeypatch):
    save_kernel(Kernel(np.ones((5, 9))), tmp_path / "kernel.npy")
    monkeypatch.setattr(dialogs, "ask_kernel", lambda *_: tmp_path / "kernel.npy")
    two.areas.load(1)
    qtbot.waitUntil(lambda: areas(two)[1].given)
    assert areas(two)[1].kernel.values.shape == (5, 9)
    (tmp_path / "no.npy").write_text("no")
    monkeypatch.setattr(dialogs, "ask_kernel", lambda *_: tmp_path / "no.npy")
    two.areas.load(0)
    qtbot.waitUntil(lambda: "no.npy" in two.message.text.text())
    assert not areas(two)[0].given


def test_a_kernel_drawn_by_hand(two):
    two.areas.draw(0)
    editor = two.findChild(KernelEditor)
    editor.length.setValue(7)
    editor.draw_line()
    editor.use.click()
    assert areas(two)[0].given and areas(two)[0].kernel.values.max() < 0.2


def test_the_editor_of_an_area_shows_the_lights_that_are_in_it(qtbot, window, tmp_path, settled):
    pixels = np.full((200, 300, 3), 20, np.uint8)
    pixels[40:43, 60:70] = pixels[150:153, 240:250] = 255
    Image.fromarray(pixels).save(tmp_path / "lamps.png")
    window.open(tmp_path / "lamps.png")
    qtbot.waitUntil(lambda: settled(window))
    window.document.shown.change_request(areas=(Area((180.0, 100.0, 300.0, 200.0)),))
    window.areas.draw(0)
    editor = window.findChild(KernelEditor)
    qtbot.waitUntil(editor.under.isEnabled)
    (light,) = editor._streaks
    assert abs(light.x - 245) < 3 and abs(light.y - 151.5) < 3
    editor.reject()


def test_suggestions_come_beside_what_is_drawn_and_are_one_step(qtbot, two, engine):
    drawn = tuple(area.box for area in areas(two))
    engine.suggestions = [(60.0, 10.0, 90.0, 50.0), (20.0, 70.0, 60.0, 110.0)]
    two.actions_by_id["suggest-areas"].trigger()
    qtbot.waitUntil(lambda: len(areas(two)) == 4)
    assert engine.taken == drawn
    two.actions_by_id["undo"].trigger()
    assert len(areas(two)) == 2


def test_looking_for_suggestions_can_be_stopped(qtbot, ready, engine):
    engine.hold.clear()
    ready.actions_by_id["suggest-areas"].trigger()
    qtbot.waitUntil(lambda: "40" in ready.panel.areas.suggest.text())
    ready.panel.areas.suggest.click()
    assert ready.areas.search.share is None
    engine.hold.set()
    engine.suggestions = []
    ready.panel.areas.suggest.click()
    qtbot.waitUntil(lambda: ready.message.isVisibleTo(ready))
    assert not areas(ready)


def test_a_place_without_edges_says_so_and_is_not_looked_at_again(qtbot, ready, engine):
    ready.document.shown.change_request(areas=(Area((151.0, 10.0, 159.0, 90.0)),))
    qtbot.waitUntil(lambda: "no edges" in ready.panel.areas.rows[0].about.text())
    ready.document.shown.change_request(strength=0.5)
    assert len(engine.looked_at) == 1


def test_a_search_ends_with_its_area(qtbot, holding, drag, engine):
    engine.hold.clear()
    drag((20, 20), (80, 80))
    qtbot.waitUntil(lambda: holding.areas.search.looking is not None)
    assert "looking" in holding.panel.areas.rows[0].about.text()
    holding.actions_by_id["delete-area"].trigger()
    assert holding.areas.search.looking is None
    engine.hold.set()


def test_a_method_leaves_the_areas_out_and_they_come_back(two):
    two.panel.method.card.chosen.emit("auto")
    assert len(areas(two)) == 2 and not two.document.shown.request.areas_on
    two.panel.method.card.chosen.emit("areas")
    assert len(two.document.shown.request.areas_on) == 2


def test_areas_and_kernels_are_kept_with_the_photo(qtbot, two, photo_file, settled):
    two.session.choices.place = "beside"
    two.document.shown.change_request(strength=0.9)
    kept = areas(two)
    two.actions_by_id["close-photo"].trigger()
    stored = json.loads(beside(photo_file).read_text())
    assert len(stored["request"]["areas"]) == 2
    two.open(photo_file)
    qtbot.waitUntil(lambda: settled(two))
    assert areas(two) == kept


def test_the_next_photo_has_no_areas(many, go):
    many.document.shown.change_request(areas=(Area((10.0, 10.0, 50.0, 50.0)),))
    first = many.document.shown.path.name
    go(many, "1.png")
    assert not areas(many) and not many.panel.areas.rows
    go(many, first)
    assert len(areas(many)) == 1


def test_brush_and_areas_take_the_pointer_from_each_other(holding):
    holding.actions_by_id["brush"].trigger()
    assert holding.masks.painting.held and not holding.areas.tool.held
    holding.actions_by_id["areas"].trigger()
    assert not holding.masks.painting.held and holding.areas.tool.held
    assert not holding.actions_by_id["brush"].isChecked()


def test_a_row_of_the_list_gives_the_focus_and_leaves_out(qtbot, two):
    two.actions_by_id["areas"].trigger()
    qtbot.mouseClick(two.panel.areas.rows[0].name, LEFT)
    assert two.areas.tool.held and two.areas.tool.focused == 0
    two.panel.areas.rows[0].use.click()
    assert not areas(two)[0].on and "left out" in two.panel.areas.rows[0].about.text()


def test_nothing_changes_while_the_photo_is_restored(qtbot, two, engine, drag):
    engine.hold.clear()
    two.actions_by_id["deblur"].trigger()
    before = areas(two)
    drag((30, 30), (60, 40))
    qtbot.keyClick(two.viewer, Qt.Key.Key_Delete)
    assert areas(two) == before and two.document.shown.state is State.WORKING
    engine.hold.set()
    qtbot.waitUntil(lambda: two.document.shown.state is State.READY)
