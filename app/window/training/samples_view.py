"""The sample crops that a run restores: the latest look, and earlier ones."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.language import marked, number, tr
from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import SPACE
from app.window.training.history import Seen
from app.window.widgets.basics import column, label, row
from app.window.widgets.calm import Slider

_ROWS = (marked("Blurred"), marked("Restored"), marked("Sharp"))
_GAP = 3


class SamplesView(QWidget):
    """Shows a picture of three named rows, and a slider for the looks."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = _Rows()
        self.slider = Slider()
        self.slider.setAccessibleName(tr("Look"))
        self.slider.setToolTip(tr("Go back to earlier pictures to see how the samples became sharper"))
        self.slider.setPageStep(1)
        self.slider.valueChanged.connect(self._show)
        self.when = label("", "caption")
        self._looks: list[Seen] = []
        heading = row(gap=2)
        heading.addWidget(label(tr("Sample crops"), "section"))
        heading.addStretch()
        heading.addWidget(self.when)
        layout = column(self, gap=1)
        layout.addLayout(heading)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.slider)

    def show_looks(self, looks: list[Seen]) -> None:
        """Show the latest look, unless the user views an earlier one."""
        with_pictures = [look for look in looks if look.picture is not None]
        latest = self.slider.value() >= len(self._looks) - 1 or len(with_pictures) < len(self._looks)
        known, self._looks = self._looks, with_pictures
        self.slider.setRange(0, max(0, len(with_pictures) - 1))
        self.slider.setVisible(len(with_pictures) > 1)
        if latest:
            self.slider.setValue(len(with_pictures) - 1)
        if latest and known != with_pictures:
            self._show()

    def _show(self) -> None:
        if not self._looks:
            self.when.setText("")
            self.picture.show_file(None)
            return
        look = self._looks[min(self.slider.value(), len(self._looks) - 1)]
        self.when.setText(
            tr("after {minutes} minutes, {samples} samples, {psnr} dB").format(
                minutes=number(look.minutes, 1), samples=number(look.samples), psnr=number(look.psnr, 2)
            )
        )
        self.picture.show_file(look.picture)


class _Rows(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Sample crops: blurred, restored, sharp"))
        self.image = QImage()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that holds five crops comfortably."""
        return QSize(560, 320)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a small size: small crops are still useful."""
        return QSize(360, 180)

    def show_file(self, path: Path | None) -> None:
        """Show another picture, or none."""
        self.image = QImage(str(path)) if path is not None and path.is_file() else QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the crops as large as there is room; write the names on the left of the rows."""
        del event
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette_in_force().muted))
        if self.image.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("The first pictures will appear soon."))
            return
        crop = self.image.height() / len(_ROWS)
        names = max(self.fontMetrics().horizontalAdvance(tr(name)) for name in _ROWS) + 3 * SPACE
        columns, side = self._arranged(max(1, round(self.image.width() / crop)), self.width() - names)
        for at, name in enumerate(_ROWS):
            top = at * (side + _GAP)
            place = QRectF(0, top, names, side)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), tr(name))
            for place_in_row in range(columns):
                target = QRectF(names + place_in_row * (side + _GAP), top, side, side)
                painter.save()
                outline = QPainterPath()
                outline.addRoundedRect(target, 4, 4)
                painter.setClipPath(outline)
                painter.drawImage(target, self.image, QRectF(place_in_row * crop, at * crop, crop, crop))
                painter.restore()

    def _arranged(self, most: int, width: int) -> tuple[int, float]:
        """Return how many crops to show beside each other in this width, and the side of each in px."""

        def side(columns: int) -> float:
            across = (width - _GAP * (columns - 1)) / columns
            return max(1.0, min(across, (self.height() - 2 * _GAP) / len(_ROWS)))

        columns = max(range(1, most + 1), key=lambda columns: columns * side(columns) ** 2)
        return columns, side(columns)
