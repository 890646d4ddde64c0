"""Fourth step: restore the faces that were chosen, and paste them into the photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.errors import Sentence, UserError
from engine.faces.alignment import align
from engine.faces.face import Face
from engine.restoration.choice import DECONVOLUTION, Choice, of_weights
from engine.restoration.face_regions import FacePhoto, chosen_faces, template_of
from engine.restoration.restored import Restored
from engine.restoration.run import Run
from engine.restoration.together import restore_together
from engine.restoration.watch import Watch
from engine.result import FaceResult

RESTORED = 0.8  # share of the progress, where aligned faces are restored together and pasted then


def restore_faces(
    run: Run, choice: Choice, restored: Restored, watch: Watch
) -> tuple[Restored, tuple[FaceResult, ...]]:
    """Return the photo with its faces restored too, and these; raise UserError where there is nothing to restore."""
    if choice.faces is None:
        return restored, ()
    faces = faces_of(run, watch)
    if not faces and not choice.whole:
        raise _no_face(run)
    if not faces:
        return restored, ()
    pixels = restored.pixels
    if pixels is run.photo.pixels:
        pixels = np.empty_like(pixels) if watch.into is None else watch.into
        np.copyto(pixels, run.photo.pixels)
    target = FacePhoto(run.photo.pixels, pixels)
    if choice.faces == DECONVOLUTION or "whole" in of_weights(choice.faces).regions:
        results = _in_boxes(run, choice.faces, faces, target, watch)
    else:
        results = _aligned(run, choice.faces, faces, target, watch)
    return replace(restored, pixels=pixels), tuple(results)


def faces_of(run: Run, watch: Watch) -> list[Face]:
    """Return the faces that the request names, or all that are large enough."""
    found = run.loaded.faces.find(run.photo, run.request.smallest_face, watch)
    return found if run.request.faces is None else chosen_faces(run.photo.pixels, run.request.faces, found)


def _no_face(run: Run) -> UserError:
    name = run.photo.path.name if run.photo.path else Sentence("the photo")
    if run.request.faces == ():
        return UserError("No face is chosen in {name}.", name=name)
    return UserError("No face of at least {size} px was found in {name}.", size=run.request.smallest_face, name=name)


def _in_boxes(run: Run, chosen: str, faces: Sequence[Face], target: FacePhoto, watch: Watch) -> list[FaceResult]:
    """Restore faces one after another by a method for whole photos."""
    restoring, count = run.by(chosen, watch), len(faces)
    parts = (watch.part(index / count, (index + 1) / count) for index in range(count))
    return [target.restore_in_box(face, restoring, part) for face, part in zip(faces, parts, strict=True)]


def _aligned(run: Run, chosen: str, faces: Sequence[Face], target: FacePhoto, watch: Watch) -> list[FaceResult]:
    """Restore the aligned crops of all faces together, then paste them into the photo one after another."""
    method, network = of_weights(chosen), run.loaded.network(chosen, watch)
    template = template_of(method.id)
    crops = [align(target.blurred, face.landmarks, template) for face in faces]
    pictures = [crop.pixels for crop in crops]
    together = restore_together(network, method, pictures, run.request, watch.part(0, RESTORED, tiles=False))
    pasting, results = watch.part(RESTORED, 1), []
    for index, (face, crop, restored) in enumerate(zip(faces, crops, together, strict=True)):
        part = pasting.part(index / len(faces), (index + 1) / len(faces))
        part.report(0.0, "restore")
        results.append(target.paste_aligned(face, crop, template, run.in_its_colours(restored).pixels, part))
    return results
