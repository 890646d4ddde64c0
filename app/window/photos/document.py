"""The photo that the window shows: it points at one of the open photos, and passes on what changes there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.window.photos.marked_photo import MarkedPhoto
from app.window.photos.open_photo import Defaults, OpenPhoto
from app.window.photos.photo_state import Aspect


class Document(QObject):
    """Each change of the photo that is shown emits one signal.

    shown: one of the roll's photos, or one without a path where no photo is open.
    """

    photo_changed = Signal()
    picture_changed = Signal()
    marks_changed = Signal()
    mask_changed = Signal()
    request_changed = Signal()
    result_changed = Signal()
    progress_changed = Signal()
    state_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._signals = {
            Aspect.PHOTO: self.photo_changed,
            Aspect.PICTURE: self.picture_changed,
            Aspect.MARKS: self.marks_changed,
            Aspect.MASK: self.mask_changed,
            Aspect.REQUEST: self.request_changed,
            Aspect.RESULT: self.result_changed,
            Aspect.PROGRESS: self.progress_changed,
            Aspect.STATE: self.state_changed,
        }
        self.defaults = Defaults()
        self.shown = OpenPhoto(None, self.defaults, self.follow)

    def show(self, photo: OpenPhoto | None) -> None:
        """Show another photo, or none."""
        if photo is None:
            photo = OpenPhoto(None, self.defaults, self.follow)
            photo.request = self.shown.request
        if photo is not self.shown:
            self.shown.leave()
        self.shown = photo
        # The version of a result that came meanwhile is known before the choices are told: it is no step of undo.
        pictures = (Aspect.STATE, Aspect.PHOTO, Aspect.PICTURE, Aspect.RESULT)
        photo.tell(*pictures, Aspect.MARKS, Aspect.MASK, Aspect.REQUEST)

    def follow(self, photo: MarkedPhoto, aspect: Aspect) -> None:
        """Emit a change if this photo is shown."""
        if photo is self.shown:
            self._signals[aspect].emit()

    def pin(self, pinned: bool) -> None:
        """Let the next photos begin with this photo's choices, or with Automatic again."""
        self.defaults.pinned = self.shown.request if pinned else None
        self.request_changed.emit()
