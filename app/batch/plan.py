"""The plan of a batch: which photos, by which request, and where the results go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.batch.journal import Entry, Journal, fingerprint, stamp
from app.batch.photos import photos_in
from engine.photos.naming import TEMPLATE, output_path
from engine.request import Request


@dataclass(frozen=True)
class Plan:
    """What a batch does: `request` for every photo of `folder`, results into `output`, named by `template`.

    painted_masks: each photo is restored under the mask that was painted for it in the window, if there is one.
    only: these photos of the folder; empty for all.
    """

    request: Request
    folder: Path
    output: Path
    recursive: bool = False
    template: str = TEMPLATE
    quality: int | None = None
    gps: bool = True
    overwrite: bool = False
    painted_masks: bool = False
    only: tuple[Path, ...] = ()

    def photos(self) -> list[Path]:
        """Return the photos in order, without results of batches; raise UserError if there is no such folder."""
        found = photos_in(self.folder, self.recursive, leave_out=self.output)
        entries = Journal(self.output).entries().values()
        made = {(self.output / entry.output).resolve() for entry in entries if entry.output}
        if self.only:
            wanted = set(self.only)
            found = [path for path in found if path in wanted]
        return [path for path in found if path.resolve() not in made] if made else found

    def name(self, path: Path) -> str:
        """Return the name of a photo in journal and report."""
        return path.relative_to(self.folder).as_posix()

    def target(self, path: Path) -> Path:
        """Return where the result goes; a photo whose suffix must change keeps the old one in its name."""
        folder = self.output / path.parent.relative_to(self.folder)
        target = output_path(path, template=self.template, method=self.request.method)
        if target.suffix != path.suffix:
            target = output_path(path, template=f"{self.template}-{path.suffix[1:]}", method=self.request.method)
        return folder / target.name

    @property
    def asked(self) -> str:
        """Return the choices that an earlier result must have been made with to count as done, on whatever device."""
        asked = self.request.choices.to_json()
        if not self.gps:
            asked["gps"] = False
        if self.painted_masks:
            asked["painted_masks"] = True
        return fingerprint(asked)

    def still_done(self, entry: Entry, path: Path) -> bool:
        """Whether an earlier batch has restored the photo, and nothing has changed since."""
        same = entry.stamp == stamp(path) and entry.request == self.asked
        return entry.state == "done" and same and (self.output / entry.output).is_file()
