"""The side panel: choices and outcome in a column that scrolls; the main button is always visible."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from app.language import tr
from app.remaining import Remaining
from app.window.areas.handling import AreaHandling
from app.window.areas.section import AreaSection
from app.window.commands.table import Actions
from app.window.masking.painting import Painting
from app.window.masking.section import MaskSection
from app.window.methods import MethodChoice
from app.window.panels.choices import MethodSection, RegionSection
from app.window.panels.outcome import DetailsSection, KernelSection, TrustSection
from app.window.panels.steps import words_of
from app.window.panels.strength import GrainSection, StrengthSection
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.theme.tokens import PANEL_WIDTH, SCROLL_BAR, SPACE
from app.window.versions.section import VersionsSection
from app.window.versions.versions import Versions
from app.window.widgets.basics import ElidedLabel, button_of, column, row, rule

_BETWEEN = "  "
_SECOND = 1000


class SidePanel(QFrame):
    """Holds all controls of the restoration."""

    def __init__(
        self,
        document: Document,
        choices: Sequence[MethodChoice],
        actions: Actions,
        areas: AreaHandling,
        painting: Painting,
        versions: Versions,
    ) -> None:
        super().__init__()
        self.setObjectName("sidePanel")
        self.setFixedWidth(PANEL_WIDTH)
        self.method = MethodSection(document, choices, actions)
        self.region = RegionSection(document, choices)
        self.areas = AreaSection(document, areas, actions)
        self.strength = StrengthSection(document)
        self.grain = GrainSection(document)
        self.masking = MaskSection(document, painting, actions)
        self.versions = VersionsSection(versions, actions)
        self.trust = TrustSection(document)
        self.kernel = KernelSection(document)
        self.details = DetailsSection(document)
        self.footer = Footer(document, actions)
        content = QWidget()
        inner = column(content, margin=4, gap=4)
        for part in (self.method, self.region, self.areas, self.strength, self.grain, self.masking):
            inner.addWidget(part)
        self._rule = rule()
        inner.addWidget(self._rule)
        for outcome in (self.versions, self.trust, self.kernel, self.details):
            inner.addWidget(outcome)
        inner.addStretch()
        scroll = _scrolled(content, inner)
        layout = column(self, gap=0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.footer)
        document.result_changed.connect(lambda: self._rule.setVisible(document.shown.result is not None))
        self._rule.setVisible(document.shown.result is not None)

    def renew(self, choices: Sequence[MethodChoice]) -> None:
        """Offer other methods."""
        self.method.renew(choices)
        self.region.renew(choices)


def _scrolled(content: QWidget, inner: QVBoxLayout) -> QScrollArea:
    """Return a scroll area whose bar appears inside the margin, so that nothing moves."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    margin = 4 * SPACE

    def give_room(_: int, maximum: int) -> None:
        inner.setContentsMargins(margin, margin, margin - (SCROLL_BAR if maximum else 0), margin)

    scroll.verticalScrollBar().rangeChanged.connect(give_room)
    return scroll


class Footer(QFrame):
    """Shows the Deblur button; during a run, the progress and Cancel in the same place."""

    def __init__(self, document: Document, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("panelFooter")
        self._document, self._remaining = document, Remaining()
        self._deblur, self._cancel = actions["deblur"], actions["cancel"]
        self.button = button_of(self._deblur, role="primary")
        self.button.setMinimumHeight(40)
        self.cancel = button_of(self._cancel)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.text = ElidedLabel("caption")
        self._work = QWidget()
        status = column(gap=2)
        status.addStretch()
        status.addWidget(self.text)
        status.addWidget(self.bar)
        status.addStretch()
        line = row(self._work, gap=4)
        line.addLayout(status, 1)
        line.addWidget(self.cancel)
        self._work.setFixedHeight(40)
        layout = column(self, margin=4, gap=0)
        layout.addWidget(self.button)
        layout.addWidget(self._work)
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._show_progress)
        document.state_changed.connect(self._refresh)
        document.progress_changed.connect(self._show_progress)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Count the seconds of a run."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop counting."""
        super().hideEvent(event)
        self._tick.stop()

    def _refresh(self) -> None:
        working = self._document.shown.state is State.WORKING
        self.button.setVisible(not working)
        self._work.setVisible(working)
        if working and self.isVisible():
            self._tick.start()
        else:
            self._tick.stop()
        self._show_progress()

    def _show_progress(self) -> None:
        fraction, text = self._document.shown.progress
        self.bar.setRange(0, 1000 if fraction else 0)  # without a share the bar runs to and fro
        self.bar.setValue(round(fraction * 1000))
        parts = words_of(fraction, text, self._remaining)
        if len(parts) > 2 and self.text.fontMetrics().horizontalAdvance(_BETWEEN.join(parts)) > self.text.width():
            del parts[0]  # the time tells more than the step
        self.text.setText(_BETWEEN.join(parts))
