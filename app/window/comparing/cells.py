"""The parts of the comparison: a row of the list for each method, and a cell for each picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QPushButton, QSizePolicy, QWidget

from app.language import number, tr
from app.sheet import figures_of
from app.window.comparing.running import MethodResult
from app.window.comparing.runs import Run, RunStage
from app.window.comparing.shared_view import Pane, SharedView
from app.window.theme.tokens import Palette
from app.window.viewer.pyramid import Pyramid
from app.window.widgets.basics import ElidedLabel, column, label, plain_tip, row

BETWEEN = "  ·  "
_LINES_OF_FIGURES = 3
_UNDER_THE_TITLE = 24
"""Left margin of a method's summary in px, so that it starts under the title rather than under the check box."""


def figures_under(outcome: MethodResult) -> list[str]:
    """Return the time, the error of the check, the verdict and the similarity of the face that changed most."""
    figures = figures_of(outcome.result)
    if outcome.identities.lowest is not None:
        figures.append(tr("face similarity {figure}").format(figure=number(outcome.identities.lowest, 2)))
    return figures


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


class Cell(QFrame):
    """Shows a picture with its name and figures. Emits `picked` when the user wants it as the photo's result."""

    picked = Signal()

    def __init__(self, view: SharedView, title: str, experimental: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "cell")
        title = tr(title)
        self.pane = Pane(view, title)
        self.title = ElidedLabel("section")
        self.title.setText(title)
        self.figures = label("", "figure")
        self.figures.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.figures.ensurePolished()
        self.figures.setFixedHeight(_LINES_OF_FIGURES * self.figures.fontMetrics().lineSpacing())
        self.button = QPushButton(tr("Use"))
        self.button.setToolTip(tr("Use this as the photo's result, so that you can save it"))
        self.button.setAccessibleName(tr("Use {title}").format(title=title))
        self.button.clicked.connect(self.picked)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that all panes have the same height
        self.button.setSizePolicy(policy)
        self.button.hide()
        heading = row(gap=2)
        heading.addWidget(self.title)
        if experimental:
            heading.addWidget(label(tr("experimental"), "badge"))
        heading.addStretch()
        caption = row(gap=2)
        caption.addWidget(self.figures, 1)
        caption.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        below = column(gap=1)
        below.setContentsMargins(10, 6, 6, 6)
        below.addLayout(heading)
        below.addLayout(caption)
        layout = column(self, gap=0)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.pane, 1)
        layout.addLayout(below)

    def show_photo(self, original: Pyramid, figures: str) -> None:
        """Show the photo before restoration."""
        self.pane.show_picture(original)
        self._tell(figures)

    def show_run(self, run: Run, original: Pyramid) -> None:
        """Show a method's progress, its result, or why it failed."""
        outcome = run.outcome
        self.button.setVisible(outcome is not None)
        if outcome is not None:
            self.pane.show_picture(outcome.picture)
            time, *judged = figures_under(outcome)
            self._tell("\n".join([BETWEEN.join([time, *judged[:1]]), *judged[1:]]))
            return
        words = {
            RunStage.WAITING: tr("Waiting"),
            RunStage.WORKING: run.status or tr("Preparing…"),
            RunStage.FAILED: run.reason,
        }
        self.pane.show_picture(original, words.get(run.stage, ""))
        self._tell(tr("Failed") if run.stage is RunStage.FAILED else "")

    def _tell(self, figures: str) -> None:
        self.figures.setText(figures)
        self.figures.setToolTip(plain_tip(figures))  # a long error shows its beginning

    def dress(self, palette: Palette) -> None:
        """Use the colours of the theme."""
        self.pane.set_canvas(palette.canvas)
