"""Last step: explain the whole photo by a kernel, and its faces too."""

from __future__ import annotations

from typing import NamedTuple

from engine.explanation import UNEXPLAINED, Explanation
from engine.faces.face import Face
from engine.kernels.candidate_judge import Found
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.restoration.choice import Choice
from engine.restoration.explain import explain, explain_field
from engine.restoration.face_regions import FacePhoto
from engine.restoration.restored import Restored
from engine.restoration.run import Run
from engine.restoration.steps.faces import faces_of
from engine.restoration.watch import Watch
from engine.result import FaceResult

MOST = 8  # faces; each takes half a second, measured at 250 px


class Explanations(NamedTuple):
    """The explanations of a restored photo as a whole, of its parts, and of faces that were not restored alone."""

    whole: Explanation = UNEXPLAINED
    field: KernelField | None = None
    faces: tuple[FaceResult, ...] = ()


def explain_all(run: Run, choice: Choice, found: list[Found], restored: Restored, watch: Watch) -> Explanations:
    """Explain a photo that was restored as a whole; found: the kernels that its edges tell."""
    if choice.whole is None:
        return Explanations()
    blurred, pixels, field = run.photo.pixels, restored.pixels, restored.field
    with watch.timed("kernel"):
        watch.report(0.0, "kernel")
        known = None if restored.kernel is None else Kernel(restored.kernel)
        best = found[0] if found else None
        whole = explain(blurred, pixels, known, field, best, noise=run.seen.noise)
        if run.request.field and field is None:
            field = explain_field(blurred, pixels)
        target = FacePhoto(blurred, pixels)
        faces = tuple(target.explained(face) for face in _other_faces(run, choice, watch))
    return Explanations(whole, field, faces)


def _other_faces(run: Run, choice: Choice, watch: Watch) -> list[Face]:
    """Return the faces to explain after the whole photo: those of the request, or the largest known ones."""
    request = run.request
    if choice.faces or not (request.faces or (request.region == "auto" and request.faces is None)):
        return []
    if request.faces is None and not run.loaded.faces.knows(run.photo):
        return []  # nobody asked for faces, and finding them costs more time than it is worth
    return faces_of(run, watch)[: None if request.faces else MOST]
