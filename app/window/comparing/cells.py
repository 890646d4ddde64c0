"""The parts of the comparison: a row of the list for each method, and a cell for each picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.language import number, tr
from app.trust import trust_in
from app.window.comparing.running import MethodResult
from app.window.comparing.runs import Run, RunStage
from app.window.comparing.shared_view import Pane, SharedView
from app.window.faces.identities import short_word_for
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.viewer.pyramid import Pyramid
from app.window.widgets.basics import ElidedLabel, column, label, plain_tip, row

BETWEEN = "  ·  "
_LINES_OF_WORDS = 2
_PADDING_OF_LINKS = 7  # px
_UNDER_THE_TITLE = 24
"""Left margin of a method's summary in px, so that it starts under the title rather than under the check box."""


def words_under(outcome: MethodResult) -> list[str]:
    """Return the time, what the result is worth, and whether its faces are still the same, in words."""
    words = [tr("{seconds} s").format(seconds=number(sum(outcome.result.seconds.values()), 1))]
    if short := trust_in(outcome.result.verdict).short:
        words.append(short)
    if outcome.identities.lowest is not None:
        words.append(short_word_for(outcome.identities.lowest))
    return words


class MethodRow(QWidget):
    """Shows a method with a check box; an unavailable one says why."""

    toggled = Signal(bool)

    def __init__(self, run: Run) -> None:
        super().__init__()
        choice = run.choice
        self.box = QCheckBox(tr(choice.title))
        self.box.setAccessibleDescription(" ".join(filter(None, (tr(choice.summary), run.reason))))
        self.box.setEnabled(not run.reason)
        self.box.setChecked(not run.reason)
        self.box.toggled.connect(self.toggled)
        below = column(gap=1)
        below.setContentsMargins(_UNDER_THE_TITLE, 0, 0, 0)
        words = "\n".join(filter(None, (tr(choice.summary), run.reason)))
        below.addWidget(label(words, "caption", wrap=True))
        if choice.experimental:
            below.addWidget(label(tr("experimental"), "badge"), 0, Qt.AlignmentFlag.AlignLeft)
        layout = column(self, gap=1)
        layout.addWidget(self.box)
        layout.addLayout(below)


class Cell(Dressed, QFrame):
    """Shows a picture with its name and figures. Emits `picked` when the user wants it as the photo's result."""

    picked = Signal()

    def __init__(self, view: SharedView, title: str, experimental: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "cell")
        title = tr(title)
        self.pane = Pane(view, title)
        self.title = ElidedLabel("section")
        self.title.setText(title)
        self._experimental = experimental
        self.figures = label("", "figure", wrap=True)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.figures.ensurePolished()
        self.figures.setFixedHeight(_LINES_OF_WORDS * self.figures.fontMetrics().lineSpacing())
        self.button = QPushButton(tr("Use"))
        self.button.setProperty("role", "link")
        self.button.setToolTip(tr("Use this as the photo's result, so that you can save it"))
        self.button.setAccessibleName(tr("Use {title}").format(title=title))
        self.button.clicked.connect(self.picked)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that all panes have the same height
        self.button.setSizePolicy(policy)
        self.button.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        below = column(gap=1)
        below.setContentsMargins(10, 6, 6, 4)
        below.addWidget(self.title)
        below.addWidget(self.figures)
        line = row(gap=0)
        line.setContentsMargins(-_PADDING_OF_LINKS, 0, 0, 0)  # so that all words begin at one edge
        line.addWidget(self.button)
        line.addStretch()
        below.addLayout(line)
        layout = column(self, gap=0)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.bar)
        layout.addLayout(below)
        self.put_on()

    def show_photo(self, original: Pyramid, figures: str) -> None:
        """Show the photo before restoration."""
        self.pane.show_picture(original)
        self._tell(figures)

    def show_run(self, run: Run, original: Pyramid) -> None:
        """Show a method's progress, its result, or why it failed."""
        outcome = run.outcome
        self.button.setVisible(outcome is not None)
        self.bar.setVisible(run.stage is RunStage.WORKING)
        self.bar.setRange(0, 1000 if run.progress else 0)  # without a share the bar runs to and fro
        self.bar.setValue(round(run.progress * 1000))
        if outcome is not None:
            self.pane.show_picture(outcome.picture)
            words = words_under(outcome)
            self._tell(BETWEEN.join([*words[:1], tr("experimental"), *words[1:]] if self._experimental else words))
            return
        said = {
            RunStage.WAITING: tr("Waiting"),
            RunStage.WORKING: run.status or tr("Preparing…"),
            RunStage.FAILED: run.reason,
        }
        self.pane.show_picture(original, said.get(run.stage, ""))
        self._tell(tr("Failed") if run.stage is RunStage.FAILED else "")

    def _tell(self, figures: str) -> None:
        self.figures.setText(figures)
        self.figures.setToolTip(plain_tip(figures))  # a long error shows its beginning

    def dress(self) -> None:
        """Use the colours of the theme."""
        self.pane.set_canvas(palette_in_force().canvas)
