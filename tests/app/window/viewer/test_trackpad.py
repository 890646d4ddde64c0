from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice

from app.window.viewer.trackpad import Gesture, of_pinch, of_wheel

NOTHING, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
PHASE, GESTURE, KIND = Qt.ScrollPhase, Qt.NativeGestureType, QInputDevice.DeviceType


@dataclass
class Wheel:
    pixels: QPoint
    angle: QPoint
    kind: QInputDevice.DeviceType = KIND.Mouse
    keys: Qt.KeyboardModifier = NOTHING
    when: Qt.ScrollPhase = PHASE.NoScrollPhase

    def pixelDelta(self):  # noqa: N802
        return self.pixels

    def angleDelta(self):  # noqa: N802
        return self.angle

    def device(self):
        return self

    def type(self):
        return self.kind

    def modifiers(self):
        return self.keys

    def phase(self):
        return self.when


@dataclass
class Pinch:
    kind: Qt.NativeGestureType
    by: float = 0.0

    def gestureType(self):  # noqa: N802
        return self.kind

    def value(self):
        return self.by


NONE, STEP = QPoint(0, 0), QPoint(0, 120)


def test_a_wheel_zooms_with_and_without_control():
    assert of_wheel(Wheel(NONE, STEP)).zoom == pytest.approx(1.0016**120)
    assert of_wheel(Wheel(NONE, QPoint(0, -120), keys=CONTROL)).zoom == pytest.approx(1.0016**-120)
    assert of_wheel(Wheel(NONE, QPoint(120, 0))).zoom > 1  # Alt turns the wheel sideways on some systems


@pytest.mark.parametrize("how", [{"kind": KIND.TouchPad}, {"when": PHASE.ScrollUpdate}])
def test_two_fingers_pan_and_with_control_they_zoom(how):
    assert of_wheel(Wheel(QPoint(5, -7), QPoint(40, -56), **how)) == Gesture(pan=QPointF(5, -7))
    assert of_wheel(Wheel(QPoint(0, -7), QPoint(0, -56), keys=CONTROL, **how)).zoom < 1


def test_a_trackpad_that_tells_no_pixels_pans_too():
    assert of_wheel(Wheel(NONE, QPoint(0, 16), kind=KIND.TouchPad)).pan == QPointF(0, 6)


@pytest.mark.parametrize("when", [PHASE.ScrollBegin, PHASE.ScrollEnd, PHASE.NoScrollPhase])
def test_resting_fingers_do_nothing(when):
    assert of_wheel(Wheel(NONE, NONE, kind=KIND.TouchPad, when=when)).empty


def test_a_pinch_zooms_and_a_double_tap_switches():
    assert of_pinch(Pinch(GESTURE.ZoomNativeGesture, 0.05)).zoom == pytest.approx(1.05)
    assert of_pinch(Pinch(GESTURE.SmartZoomNativeGesture)).switch
    assert of_pinch(Pinch(GESTURE.ZoomNativeGesture, 0.0)).empty
    assert of_pinch(Pinch(GESTURE.RotateNativeGesture, 3.0)).empty
    assert of_pinch(Pinch(GESTURE.ZoomNativeGesture, -5.0)).zoom > 0
