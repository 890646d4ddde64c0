"""One photo, from opening it to its result, as a photographer does it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QFileOpenEvent
from PySide6.QtWidgets import QApplication, QFrame

from app.remaining import Remaining
from app.settings import Settings
from app.window import dialogs
from app.window.application import FileOpening, make_window
from app.window.photos.photo_state import State
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.comparison import Mode
from engine import rehearsed
from engine.errors import UserError
from engine.request import Request


def centre_of(window, index):
    left, top, right, bottom = window.document.shown.marks[index].box
    return window.viewer.to_widget((left + right) / 2, (top + bottom) / 2).toPoint()


def colour_at(window, point):
    return window.viewer.grab().toImage().pixelColor(point).getRgb()[:3]


def test_the_empty_window_says_where_to_begin(window):
    assert window.empty.isVisible()
    assert not window.panel.isVisible()
    assert window.empty.open.isEnabled() and window.empty.sample.isEnabled()


def test_an_opened_photo_is_on_the_screen_pixel_for_pixel(window, ready):
    window.actions_by_id["faces"].setChecked(False)
    window.viewer.zoom_to(1.0)
    for x, y in ((10, 5), (99, 70), (150, 110)):
        point = window.viewer.to_widget(x, y).toPoint()
        assert colour_at(window, point) == (x, y, (x + y) // 2)


def test_colours_that_alpha_hides_are_shown_neither_before_nor_after(qtbot, window, tmp_path):
    pixels = np.full((90, 120, 4), (0, 255, 0, 0), np.uint8)
    pixels[20:70, 30:90] = (90, 60, 30, 255)
    Image.fromarray(pixels).save(tmp_path / "cut.png")
    window.open(tmp_path / "cut.png")
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY)
    window.viewer.zoom_to(1.0)
    assert colour_at(window, window.viewer.to_widget(10, 10).toPoint()) == (255, 255, 255)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.result is not None)
    assert colour_at(window, window.viewer.to_widget(10, 10).toPoint()) == (255, 255, 255)


def test_a_dropped_file_opens(qtbot, window, photo_file):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo_file))])
    nothing = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing)
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY)
    assert window.document.shown.path == photo_file
    assert window.top.name.text() == photo_file.name


def test_faces_are_found_and_a_click_leaves_one_out(qtbot, ready):
    qtbot.mouseClick(ready.viewer, Qt.MouseButton.LeftButton, pos=centre_of(ready, 1))
    assert [mark.chosen for mark in ready.document.shown.marks] == [True, False]
    assert "2 faces found, 1 chosen" in ready.panel.region.faces.text()
    assert ready.document.shown.choices_to_run().faces == (ready.document.shown.marks[0].box,)


def test_all_found_faces_are_asked_for_as_all(ready):
    assert ready.document.shown.choices_to_run().faces is None


def test_faces_below_the_smallest_size_are_hidden(ready):
    ready.panel.region.smallest.setValue(45)
    assert len(ready.document.shown.marks) == 1
    assert "one more below the smallest size" in ready.panel.region.faces.text()


def test_a_face_is_drawn_reshaped_and_deleted(qtbot, ready):
    viewer = ready.viewer
    ready.actions_by_id["add-face"].trigger()
    start, end = (viewer.to_widget(x, y).toPoint() for x, y in ((80, 75), (110, 110)))
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewer, end)
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=end)
    drawn = ready.document.shown.marks[2]
    assert drawn.face is None
    assert drawn.box == pytest.approx((80, 75, 110, 110), abs=1.5)
    assert ready.document.shown.choices_to_run().faces is not None
    corner, farther = viewer.to_widget(*drawn.box[2:]).toPoint(), viewer.to_widget(130, 115).toPoint()
    qtbot.mouseMove(viewer, centre_of(ready, 2))
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(viewer, farther)
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=farther)
    assert ready.document.shown.marks[2].box == pytest.approx((80, 75, 130, 115), abs=1.5)
    qtbot.mouseMove(viewer, centre_of(ready, 2))
    ready.actions_by_id["delete-face"].trigger()
    assert len(ready.document.shown.marks) == 2


def test_the_menu_of_a_face_restores_it_alone(ready):
    menu = ready.faces.menu(1)
    next(action for action in menu.actions() if action.text() == "Restore only this face").trigger()
    assert [mark.chosen for mark in ready.document.shown.marks] == [False, True]
    menu.deleteLater()


def test_deblur_shows_progress_tile_by_tile_and_then_the_result(qtbot, ready, engine):
    engine.hold.clear()
    qtbot.mouseClick(ready.panel.footer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ready.document.shown.progress[0] == 0.25)
    assert ready.panel.footer.text.text() == "Restoring  25%"
    original, restored = ready.document.shown.original, ready.document.shown.restored
    assert restored.colour_at(10, 10) != original.colour_at(10, 10)
    assert restored.colour_at(150, 10) == (0, 0, 0) != original.colour_at(150, 10)  # not yet
    assert ready.viewer.comparison.pending
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert ready.panel.trust.sentence.text() == "The result explains the photo well."
    assert ready.panel.kernel.facts.text() == "15 × 6 px"
    assert ready.windowTitle().startswith("holiday é 🙂.png*")


@pytest.mark.parametrize("mode", ["result", "wipe", "side-by-side"])
def test_after_says_not_yet_and_is_not_the_blurred_photo(qtbot, ready, mode):
    ready.actions_by_id["faces"].setChecked(False)
    ready.viewer.compare(mode=Mode(mode), strength=0.2)  # which would let the photo shine through
    document = ready.document
    document.shown.begin_work()
    document.shown.show_restored(document.shown.original.blank())
    middle = ready.viewer.to_widget(150, 20).toPoint()
    if mode == "side-by-side":
        middle.setX(middle.x() + ready.viewer.width() // 2)
    assert colour_at(ready, middle) == QColor(ON_PHOTO.not_yet).getRgb()[:3]
    seen = ready.viewer.grab().toImage()
    document.shown.restored.touched = True
    document.shown.show_restored(document.shown.restored)
    assert ready.viewer.grab().toImage() != seen  # the words are gone
    document.shown.finish_work(None)


def test_measuring_is_told_above_the_photo_and_seconds_are_counted(qtbot, ready, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(ready.panel.footer, "_remaining", Remaining(lambda: now[0]))
    document = ready.document
    document.shown.begin_work()
    document.shown.show_progress(0.04, "backend")
    assert "half a minute" in ready.outcome.sentence.text()
    now[0] = 20.0
    document.shown.show_progress(0.1, "backend")
    assert ready.panel.footer.text.text().endswith("10%  20 s so far")  # no end is told that only measuring has
    document.shown.show_progress(0.2, "restore")
    assert ready.outcome.sentence.text() == "Restoring…"
    document.shown.finish_work(None)


def test_the_first_run_does_not_wait_for_the_measurement(qtbot, deblurred, engine):
    assert engine.requests[-1].backend == "pytorch"
    rehearsed.note_done(Request().at(deblurred.session.place))
    deblurred.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: deblurred.document.shown.result is not None)
    assert engine.requests[-1].backend == "auto"


def test_the_remaining_time_is_shown_when_it_is_known(qtbot, ready, engine, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(ready.panel.footer, "_remaining", Remaining(lambda: now[0]))
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.progress[0] == 0.25)
    assert ready.panel.footer.text.text() == "Restoring  25%"
    now[0] = 100.0
    ready.document.shown.show_progress(0.5, "restore")
    assert ready.panel.footer.text.text() == "Restoring  50%  3 min left"
    engine.hold.set()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)


def test_cancel_of_the_first_run_goes_back_to_the_original(qtbot, ready, engine):
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.progress[0] == 0.25)
    qtbot.mouseClick(ready.panel.footer.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY)
    assert ready.document.shown.result is None and ready.document.shown.restored is None
    assert not ready.message.isVisible()


def test_the_strength_takes_effect_without_a_second_run(deblurred, engine):
    deblurred.actions_by_id["faces"].setChecked(False)
    deblurred.actions_by_id["result"].trigger()
    deblurred.viewer.zoom_to(1.0)
    point = deblurred.viewer.to_widget(40, 60).toPoint()
    deblurred.panel.strength.slider.setValue(0)
    assert colour_at(deblurred, point) == (40, 60, 50)
    deblurred.panel.strength.slider.setValue(50)
    halfway = colour_at(deblurred, point)
    deblurred.panel.strength.slider.setValue(100)
    full = colour_at(deblurred, point)
    assert np.allclose(halfway, (np.array((40, 60, 50)) + full) / 2, atol=2)
    assert len(engine.requests) == 1


def test_a_window_that_was_maximised_is_so_after_the_full_screen(qtbot, ready, engine):
    full = ready.actions_by_id["full-screen"]
    ready.showMaximized()
    full.trigger()
    assert ready.isFullScreen() and full.isChecked()
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    qtbot.keyClick(ready.viewer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY)
    assert ready.isFullScreen()
    qtbot.keyClick(ready.viewer, Qt.Key.Key_Escape)
    assert ready.isMaximized() and not ready.isFullScreen() and not full.isChecked()


def test_a_window_that_was_closed_in_full_screen_says_so_when_it_is_back(qtbot, theme, engine, tmp_path):
    settings = tmp_path / "settings.json"
    for _ in range(2):
        window = make_window(theme, lambda: engine, Settings(settings))
        qtbot.addWidget(window)
        window.show()
        full = window.actions_by_id["full-screen"]
        if not full.isChecked():
            full.trigger()
        else:
            assert window.isFullScreen()
            full.trigger()
            assert not window.isFullScreen()
        window.close()
    assert not full.isChecked()


def test_a_file_that_the_system_hands_over_opens(qtbot, window, qapp, photo_file):
    files = FileOpening(qapp, window.open_all)
    QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(photo_file))))
    qapp.removeEventFilter(files)
    assert window.document.shown.path == photo_file
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY)


def test_a_broken_file_is_one_calm_sentence(qtbot, window, tmp_path):
    broken = tmp_path / "letter.png"
    broken.write_text("no picture")
    window.open(broken)
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert "letter.png" in window.message.text.text()
    assert window.document.shown.state is State.EMPTY and window.empty.isVisible()


def test_a_refusal_of_the_engine_is_shown_in_the_window(qtbot, ready, engine):
    engine.error = UserError("There is no method 'x'.")
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.message.isVisible())
    assert ready.message.text.text() == "There is no method 'x'."
    assert ready.document.shown.state is State.READY
    engine.error = None
    ready.actions_by_id["deblur"].trigger()
    assert not ready.message.isVisible()


def test_another_photo_while_the_engine_works_wins(qtbot, ready, engine, tmp_path):
    other = tmp_path / "other.png"
    Image.new("RGB", (64, 48), (9, 8, 7)).save(other)
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.progress[0] == 0.25)
    ready.open(Path(other))
    qtbot.waitUntil(lambda: ready.document.shown.state is State.READY and ready.document.shown.photo.size == (64, 48))
    assert ready.document.shown.restored is None and ready.document.shown.result is None


def test_closing_while_the_engine_works_ends_every_thread(qtbot, ready, engine):
    engine.hold.clear()
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.progress[0] == 0.25)
    ready.close()
    assert engine.closed and not ready.isVisible()


def test_a_known_kernel_takes_the_place_of_a_method(qtbot, ready, engine, tmp_path, monkeypatch):
    monkeypatch.setattr(dialogs, "ask_kernel", lambda *args: tmp_path / "shake.npy")
    ready.panel.method.card.chosen.emit("kernel")
    ready.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: ready.document.shown.result is not None)
    assert engine.requests[-1].kernel == tmp_path / "shake.npy"
    ready.panel.method.card.chosen.emit("auto")
    assert ready.document.shown.request.kernel is None


def test_another_method_is_taken_from_the_list_by_keyboard(qtbot, ready):
    popup = ready.panel.method.card.open()
    rows = [part for part in popup.findChildren(QFrame) if part.property("role") == "row"]
    assert rows[0].accessibleName() == "Automatic"
    qtbot.keyClick(rows[0], Qt.Key.Key_Return)
    assert ready.document.shown.request.method == "auto"
    assert not popup.isVisible()


def test_a_key_that_does_nothing_says_why(qtbot, window, ready):
    qtbot.keyClick(window.viewer, Qt.Key.Key_W)
    assert window.toast.isVisible() and "no result yet" in window.toast.text.text()
