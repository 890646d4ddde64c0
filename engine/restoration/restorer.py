"""Serves requests: the way of a photo from step to step, and the questions that the engine asks beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.applicable import why_no_best_quality
from engine.areas.area import Areas
from engine.faces.face import Box, Face
from engine.kernels.kernel import Kernel
from engine.photos.cutouts import filled
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.areas import find_area_kernel, suggest_areas
from engine.restoration.choice import Choice, choose
from engine.restoration.loaded import Loaded
from engine.restoration.rehearsal import measure, unmeasured
from engine.restoration.run import Run
from engine.restoration.steps.candidates import candidates
from engine.restoration.steps.explain import explain_all
from engine.restoration.steps.faces import restore_faces
from engine.restoration.steps.measure import measured, needed
from engine.restoration.steps.whole import restore_whole
from engine.restoration.watch import Watch
from engine.result import Result

FACES, EXPLANATION = 0.75, 0.95  # shares of the progress from which on faces are restored, and all is explained


class Restorer:
    """Restores photos with what it keeps loaded. Not for several threads at once."""

    def __init__(self) -> None:
        self._loaded = Loaded()

    def run(self, request: Request, photo: Photo, watch: Watch) -> Result:
        """Restore a photo; raise UserError if the request is impossible, Cancelled if `watch` is cancelled."""
        photo, choice = filled(photo), choose(request)
        run = Run.of(request, photo, self._loaded)
        watch.report(0.0, "start")
        useless = why_no_best_quality(request) if request.best_quality else None
        if useless is not None:
            watch.note(useless)

        watch = measured(run, choice, watch)
        choice, found, watch = candidates(run, choice, watch)
        for_whole, for_faces, for_explanation = _divided(choice, watch)
        restored = restore_whole(run, choice.whole, found, for_whole)
        restored, faces = restore_faces(run, choice, restored, for_faces)
        explained = explain_all(run, choice, found, restored, for_explanation)

        watch.report(1.0, "done")
        return Result(
            request=request,
            pixels=restored.pixels,
            method=choice.whole or choice.faces or "",
            device=restored.device,
            explanation=explained.whole,
            faces=faces + explained.faces,
            seconds=dict(watch.seconds),
            notes=photo.notes + tuple(watch.notes),
            field=explained.field,
            areas=restored.areas,
            taken=restored.taken,
        )

    def rehearse(self, request: Request, watch: Watch) -> None:
        """Load what most photos need and measure how it runs fastest, so that the first photo need not wait."""
        measure(unmeasured(needed(request, choose(request), self._loaded), request), request, watch)

    def find_faces(self, photo: Photo, smallest: int, watch: Watch) -> list[Face]:
        """Return the faces of a photo, the largest first; a photo seen before is answered from memory."""
        return self._loaded.faces.find(filled(photo), smallest, watch)

    def find_kernel(self, photo: Photo, box: Box, watch: Watch) -> Kernel | None:
        """Return the kernel of a box of a photo; None where it holds no edges."""
        return find_area_kernel(filled(photo), box, self._loaded.compared(Request(), watch), watch)

    def suggest_areas(self, photo: Photo, count: int, taken: tuple[Box, ...], watch: Watch) -> Areas:
        """Return up to `count` areas that tell most about a photo's blur and differ, beside those `taken`."""
        return suggest_areas(filled(photo), count, taken, watch)

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> list[float]:
        """Return how similar each face is in two photos; raise WeightsError without the face embedding."""
        return [float(cosine) for cosine in self._loaded.identity().similarity(before, after, faces)]


def _divided(choice: Choice, watch: Watch) -> tuple[Watch, Watch, Watch]:
    """Divide what is left of the progress among the whole photo, its faces, and the explanation."""
    faces = (FACES if choice.faces else EXPLANATION) if choice.whole else 0
    whole_made, faces_made = watch.part(0, faces, whole=True), watch.part(faces, EXPLANATION, whole=True)
    return whole_made, faces_made, watch.part(EXPLANATION, 1)
