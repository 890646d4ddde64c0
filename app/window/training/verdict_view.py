"""Compares the new weights with the shipped ones, and says whether they may be used."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.language import number, tr
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.training.history import Figures, History
from app.window.widgets.basics import column, label, row, rule, set_property


class VerdictView(Dressed, QFrame):
    """Shows the new weights beside the shipped ones (or beside the blurred crops), and a sentence about them."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self._before_name, self.before, self._before_more = (
            label("", "muted"),
            label("", "display"),
            label("", "caption"),
        )
        self.after, self._after_more = label("", "display"), label("", "caption")
        self.sentence = label("", wrap=True)
        layout = row(self, gap=8)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.addLayout(_figure(self._before_name, self.before, self._before_more))
        layout.addWidget(rule(upright=True))
        layout.addLayout(_figure(label(tr("These weights"), "muted"), self.after, self._after_more))
        layout.addWidget(rule(upright=True))
        layout.addWidget(self.sentence, 1)
        self._better = False
        self.put_on()

    def show_history(self, history: History, used_as: str | None) -> None:
        """Show the results of a run, if there are any."""
        reached = history.reached
        rival = history.shipped or history.input
        self.setVisible(reached is not None and rival is not None)
        if reached is None or rival is None:
            return
        shipped = history.shipped is not None
        self._before_name.setText(tr("Shipped weights") if shipped else tr("The blurred crops"))
        for figures, large, more in (
            (rival, self.before, self._before_more),
            (reached, self.after, self._after_more),
        ):
            large.setText(f"{number(figures.psnr, 2)} dB")
            more.setText(f"SSIM {number(figures.ssim, 3)}")
        self._better = history.better
        self.sentence.setText(_sentence(history, reached, rival, used_as))
        self._colour()

    def _colour(self) -> None:
        palette = palette_in_force()
        self.after.setStyleSheet(f"color: {palette.accent if self._better else palette.warning};")
        set_property(self, "role", "well")

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._colour()


def _figure(name: QLabel, large: QLabel, more: QLabel) -> QVBoxLayout:
    figure = column(gap=0)
    for part in (name, large, more):
        figure.addWidget(part)
    return figure


def _sentence(history: History, reached: Figures, rival: Figures, used_as: str | None) -> str:
    gained = reached.psnr - rival.psnr
    judged = tr("On {count} photos that it never trained on").format(count=history.held_out)
    if used_as is not None:
        return tr("In use: they are among the methods as “{name}”.").format(name=used_as.partition("@")[2])
    if history.better:
        text = tr("{judged}, better by {gained} dB.").format(judged=judged, gained=number(gained, 2))
        return text if gained >= 0.05 else f"{text} {tr('That is too little to be seen.')}"
    text = tr("{judged}, not better ({gained} dB), so they cannot be used.").format(
        judged=judged, gained=number(gained, 2)
    )
    advice = tr("More minutes or more photos may help.") if history.finished else tr("It has not finished yet.")
    return f"{text} {advice}"
