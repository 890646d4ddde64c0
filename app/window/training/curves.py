"""The curves of a run: its losses, and its held-out PSNR beside that of the shipped weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.language import number, tr
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.training.history import History
from app.window.widgets.basics import column, label, row

_AXIS = 48  # px, so that both plots start at the same position
_LEAST_MINUTES = 0.5
_LEAST_DECIBELS = 0.1  # above and below the curve: less would blow up mere noise
_FOLLOWS = 0.1  # weight of each new loss in the smoothed curve; at first more, or one bad start would drag it out


class Curves(Dressed, QWidget):
    """Shows two plots over the minutes of training."""

    def __init__(self) -> None:
        super().__init__()
        self.loss = _Plot(
            tr("Loss, smoothed"), tr("How far restored crops of the training photos are from sharp ones")
        )
        self.psnr = _Plot(
            tr("Held-out PSNR, dB"),
            tr("How near restored crops are to sharp ones, in photos that it never trains on"),
        )
        self._noisy = self.loss.curve(faint=True)
        self._smooth = self.loss.curve()
        self.reached = self.psnr.curve(dots=True)
        self._shipped = self.psnr.level()
        self._input = self.psnr.level()
        layout = column(self, gap=3)
        layout.addWidget(self.psnr, 1)
        layout.addWidget(self.loss, 1)
        self.put_on()

    def show_history(self, history: History, minutes: float) -> None:
        """Draw the curves of a run of `minutes`."""
        times = [at for at, _ in history.losses]
        losses = [loss for _, loss in history.losses]
        self._noisy.setData(times, losses)
        self._smooth.setData(times, smoothed(losses))
        self.reached.setData([look.minutes for look in history.looks], [look.psnr for look in history.looks])
        reached = [look.psnr for look in history.looks]
        rival = history.shipped or history.input
        for level, name, figures in (
            (self._shipped, tr("shipped"), history.shipped),
            (self._input, tr("blurred"), history.input),
        ):
            level.setVisible(figures is not None and figures is rival)  # both names would leave no room for the curve
            if figures is not None:
                level.setValue(figures.psnr)
                level.label.setFormat(f"{name} {number(figures.psnr, 2)}")
                _name_beyond(level, below=bool(reached) and reached[-1] >= figures.psnr)
        self.psnr.include([*reached, *([rival.psnr] if rival else [])], _LEAST_DECIBELS)
        self.loss.include(range_of(losses))
        for plot in (self.loss, self.psnr):
            plot.plot.setXRange(0, shown_minutes(history.minutes, minutes), padding=0.02)

    def dress(self) -> None:
        """Use the colours of the theme."""
        palette = palette_in_force()
        self._noisy.setPen(pg.mkPen(_faded(palette.accent, 70), width=1))
        self._smooth.setPen(pg.mkPen(palette.accent, width=2))
        self.reached.setPen(pg.mkPen(palette.accent, width=2))
        self.reached.setSymbolBrush(palette.accent)
        self.reached.setSymbolPen(palette.surface)
        for level, colour in ((self._shipped, palette.warning), (self._input, palette.muted)):
            level.setPen(pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine))
            level.label.setColor(colour)


def _name_beyond(level: pg.InfiniteLine, below: bool) -> None:
    """Put a level's name on the side without the curve."""
    level.label.anchors = [(1, 0), (1, 0)] if below else [(1, 1), (1, 1)]
    level.label.updatePosition()


def smoothed(values: Sequence[float]) -> list[float]:
    """Return the values smoothed by an exponential moving average, which soon forgets the first ones."""
    smooth: list[float] = []
    for at, value in enumerate(values):
        follows = max(_FOLLOWS, 2 / (at + 2))
        smooth.append(value if not smooth else smooth[-1] + follows * (value - smooth[-1]))
    return smooth


def shown_minutes(spent: float, planned: float) -> float:
    """Return how many minutes the axis shows, so that the curve fills at least half of it; at most those planned."""
    shown = max(planned, spent)
    while shown / 2 >= max(spent, _LEAST_MINUTES):
        shown /= 2
    return shown


def range_of(losses: Sequence[float]) -> list[float]:
    """Return the lowest and the highest loss worth seeing: those at the start would flatten all others."""
    later = losses[len(losses) // 20 :]
    known = sorted(loss for loss in later if math.isfinite(loss))
    if not known:
        return []
    few = len(known) // 50
    return [known[few], known[-1 - few]]


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded


class _Plot(Dressed, QWidget):
    """A titled plot that does not react to dragging."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self.plot = pg.PlotWidget(enableMenu=False, axisItems={side: _Axis(side) for side in ("left", "bottom")})
        self.plot.setAccessibleName(title)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        self.plot.setMinimumHeight(120)
        self.plot.getAxis("left").setWidth(_AXIS)
        self.setToolTip(tip)
        heading = row(gap=2)
        heading.addWidget(label(title, "section"))
        heading.addStretch()
        heading.addWidget(label(tr("over minutes of training"), "caption"))
        layout = column(self, gap=1)
        layout.addLayout(heading)
        layout.addWidget(self.plot, 1)
        self.put_on()

    def curve(self, faint: bool = False, dots: bool = False) -> pg.PlotDataItem:
        """Return a new curve."""
        symbols = {"symbol": "o", "symbolSize": 7} if dots else {}
        item = pg.PlotDataItem(antialias=not faint, **symbols)
        self.plot.addItem(item)
        return item

    def level(self) -> pg.InfiniteLine:
        """Return a new level line with room for its name, hidden at first."""
        options = {"position": 0.98, "anchors": [(1, 1), (1, 1)]}
        line = pg.InfiniteLine(angle=0, label="", labelOpts=options)
        line.setVisible(False)
        self.plot.addItem(line)
        return line

    def include(self, values: Sequence[float], least: float = 0.0) -> None:
        """Extend the axis so that all values are visible."""
        if values:
            margin = max(least, 0.12 * (max(values) - min(values))) or 0.1
            self.plot.setYRange(min(values) - margin, max(values) + margin, padding=0)

    def dress(self) -> None:
        """Use the colours of the theme."""
        palette = palette_in_force()
        self.plot.setBackground(palette.surface)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(palette.border_strong))
            axis.setTextPen(pg.mkPen(palette.muted))
            axis.setTickPen(pg.mkPen(palette.border_strong))


class _Axis(pg.AxisItem):
    """Writes numbers in the format of the language."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Return the texts at the ticks."""
        decimals = max(0, math.ceil(-math.log10(spacing * scale) - 1e-9))
        return [number(value * scale, decimals) for value in values]
