"""The two switches below the method that refine its result. If one would change nothing, its tooltip says why."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from app.language import tr, translated
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.widgets.basics import column
from engine.applicable import why_no_best_quality, why_no_finish
from engine.choices import Choices
from engine.errors import Sentence
from engine.networks.registry import known_method


class Refining(QWidget):
    """finish: refine the kernel and fuse. best: the mean of several views."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.finish, self.best = QCheckBox(tr("Refine and combine")), QCheckBox()
        layout = column(self, gap=2)
        layout.addWidget(self.finish)
        layout.addWidget(self.best)
        # `toggled` would take a switch that is off because it cannot be used for the user's choice
        self.finish.clicked.connect(lambda wanted: document.shown.change_request(finish=wanted))
        self.best.clicked.connect(lambda wanted: document.shown.change_request(best_quality=wanted))
        document.request_changed.connect(self._refresh)
        document.state_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        request = self._document.shown.request
        self.best.setText(_title(request))
        self._show(
            self.finish,
            request.finish,
            why_no_finish(request),
            tr("Refines the blur first, then takes the best of undoing it and of a network, place by place"),
        )
        self._show(
            self.best,
            request.best_quality,
            why_no_best_quality(request),
            tr("Restores the photo mirrored and turned too, and takes the mean; the blur is looked for once"),
        )

    def _show(self, box: QCheckBox, wanted: bool, lack: Sentence | None, tip: str) -> None:
        box.setChecked(wanted and lack is None)
        box.setEnabled(lack is None and self._document.shown.state is not State.WORKING)
        box.setToolTip(tip if lack is None else translated(lack))


def _title(choices: Choices) -> str:
    """Return the name of the best quality, with its price for the chosen method."""
    method = known_method(choices.method)
    if method is not None and method.views == 2:
        return tr("Best quality (twice as slow)")
    return tr("Best quality (eight times slower)")
