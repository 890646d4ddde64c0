"""What the user does with versions, carried to document, viewer and disk."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.language import marked
from app.window import dialogs
from app.window.commands.group import NO_RESULT, Acts, CommandGroup
from app.window.commands.table import Actions
from app.window.masking.alpha import AlphaPyramid
from app.window.saving.saving import Saving
from app.window.session import Session
from app.window.versions.naming import called, file_of
from app.window.versions.version import Version
from app.window.versions.versions import Versions
from app.window.viewer.comparison import Comparison
from app.window.viewer.viewer import Viewer


class VersionHandling(QObject):
    """Keeps, names, compares and saves versions."""

    def __init__(
        self, window: QWidget, session: Session, saving: Saving, viewer: Viewer, actions: Actions, versions: Versions
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._saving = window, session, saving
        self._viewer, self._actions = viewer, actions
        self._document, self._versions = session.document, versions
        self._against: tuple[Version, Comparison] | None = None
        self._commands = CommandGroup(actions)
        self._add(self._commands)
        for signal in (versions.changed, self._document.state_changed, self._document.picture_changed):
            signal.connect(self._show)
        self._show()

    def _add(self, commands: CommandGroup) -> None:
        """Carry the commands out."""
        versions, document = self._versions, self._document

        def several() -> bool:
            return len(versions.all) > 1

        others: Acts = {
            "next-version": partial(versions.step, 1),
            "previous-version": partial(versions.step, -1),
            "delete-version": self._remove_current,
        }
        no_other = marked("There is no other version: V keeps this one.")
        commands.add(others, lambda: versions.free and several(), no_other)
        commands.add({"compare-version": self._compare}, several, no_other)
        commands.add({"keep-version": versions.keep}, lambda: document.shown.has_result, NO_RESULT)
        commands.add({"rename-version": self._rename_current}, lambda: versions.current is not None, NO_RESULT)
        unsaved = marked("There is nothing to save.")
        commands.add({"save-versions": self._save_all}, lambda: versions.free and versions.unsaved, unsaved)

    def rename(self, version: Version) -> None:
        """Ask for a name."""
        name = dialogs.ask_name(self._window, called(version))
        if name is not None:
            self._versions.rename(version, name)

    def _rename_current(self) -> None:
        if self._versions.current is not None:
            self.rename(self._versions.current)

    def _remove_current(self) -> None:
        if self._versions.current is not None:
            self._versions.remove(self._versions.current)

    def _compare(self) -> None:
        """Put the version before this one in the place of Before, or the photo again."""
        versions, current = self._versions, self._versions.current
        if versions.against is not None or current is None:
            versions.compare_with(None)
        else:
            at = versions.all.index(current)
            versions.compare_with(versions.all[at - 1 if at else 1])

    def _show(self) -> None:
        """Show which commands can be used, and A beside B."""
        self._commands.refresh()
        versions = self._versions
        against, current = versions.against, versions.current
        self._actions["compare-version"].setChecked(against is not None)
        original = self._document.shown.original
        if against is None or current is None or original is None:
            self._against = None
            self._viewer.compare(against=None)
        else:
            made = self._comparison(against)
            self._viewer.compare(against=made, other=called(against), named=called(current))

    def _comparison(self, version: Version) -> Comparison:
        """Return how a version is painted; its mask is made ready once."""
        assert self._document.shown.original is not None
        known = self._against[1].mask if self._against is not None and self._against[0] is version else None
        mask = version.mask
        if mask is not None and (known is None or known.mask is not mask):
            known = AlphaPyramid(mask)
        made = Comparison(
            self._document.shown.original,
            version.picture,
            strength=version.request.strength,
            faces=version.faces,
            mask=known if mask is not None else None,
        )
        self._against = version, made
        return made

    def _save_all(self) -> None:
        """Save each version that is not saved yet under its own name, beside the photo."""
        usual = self._saving.usual_target()
        if usual is None:
            return
        taken = set()
        for version in self._versions.all:
            if not version.saved:
                target = file_of(version, usual)
                if target in taken:
                    target = target.with_name(f"{target.stem}-v{version.number}{target.suffix}")
                taken.add(target)
                self._session.writing.version(version, target, self._versions.mark_saved, **self._saving.how)
