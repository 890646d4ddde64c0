"""What a wheel or a trackpad means over a photo: pan, zoom or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QWheelEvent

_PER_STEP = 1.0016
"""Zoom for each eighth of a degree that a wheel turns; a usual wheel turns by 120 of them."""
_CONTROL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class Gesture:
    """pan: logical px. zoom: factor of the scale. switch: between the whole photo and 100 %."""

    pan: QPointF | None = None
    zoom: float = 1.0
    switch: bool = False

    @property
    def empty(self) -> bool:
        """Whether it means nothing, as fingers that rest do."""
        return self.pan is None and self.zoom == 1 and not self.switch


def of_wheel(event: QWheelEvent) -> Gesture:
    """Return what a wheel event means: a wheel zooms, two fingers pan, and with Ctrl both zoom."""
    pixels, turned = event.pixelDelta(), event.angleDelta()
    if pixels.isNull() and turned.isNull():
        return Gesture()
    fingers = event.device().type() == QInputDevice.DeviceType.TouchPad or (
        event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
    )
    if not fingers or event.modifiers() & _CONTROL:
        return Gesture(zoom=_PER_STEP ** (turned.y() or turned.x() or pixels.y()))
    # A trackpad without pixels, such as under X11, tells eighths of a degree; eight of them are about a pixel.
    return Gesture(pan=QPointF(pixels) if not pixels.isNull() else QPointF(turned) / 8 * 3)


def of_pinch(event: QNativeGestureEvent) -> Gesture:
    """Return what a gesture of the system means: a pinch zooms, a double tap with two fingers switches."""
    if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture and event.value():
        return Gesture(zoom=max(0.1, 1 + event.value()))
    return Gesture(switch=event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture)
