"""Restores a photo by blur areas: finds the kernels that nobody gave, and undoes each where its area says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.areas.area import Area, Areas
from engine.areas.blending import field_of
from engine.areas.finding import area_kernel, with_kernels
from engine.areas.suggesting import suggested
from engine.errors import Sentence, UserError
from engine.faces.face import Box
from engine.kernels.blind import SMOOTHNESS
from engine.kernels.field import MODEL_ERROR
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.patches import Patch
from engine.kernels.shaken import Network
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.known_kernel import undoing
from engine.restoration.restored import Restore, Restored
from engine.restoration.seen import Seen
from engine.restoration.watch import Watch

FINDING = 0.6  # share of the progress that finding the kernels takes

MakeNetwork = Callable[[Watch], Network | None]
"""Returns what else restores pixels, for the judge of kernels to compare with."""


def by_areas(request: Request, network: MakeNetwork, seen: Seen) -> Restore:
    """Return a function that restores the H x W x 3 float32 pixels of a whole photo by the request's areas."""

    def restore(pixels: np.ndarray, watch: Watch) -> Restored:
        areas = _found(pixels, request.areas, network, watch.part(0, FINDING))
        on = [(area.kernel, area.box) for area in areas if area.on and area.kernel is not None]
        kernels, boxes = [kernel for kernel, _ in on], [box for _, box in on]
        field = field_of(kernels, boxes, pixels.shape[:2])
        rest = watch.part(FINDING, 1, whole=True)
        if len(field.kernels) == 1:
            made = undoing(kernels[0], request, SMOOTHNESS)(pixels, rest)
            return Restored(made.pixels, made.kernel, made.device, areas=areas)
        return Restored(
            _undone(pixels, field, request, seen.working_noise, rest), kernels[0].values, "cpu", field, areas
        )

    return restore


def find_area_kernel(photo: Photo, box: Box, network: Network | None, watch: Watch) -> Kernel | None:
    """Return the kernel of a box; None where it holds no edges."""
    watch.report(0.0, "area")
    return area_kernel(photo.pixels, box, network, lambda share: watch.report(share, "area"))


def suggest_areas(photo: Photo, count: int, taken: tuple[Box, ...], watch: Watch) -> Areas:
    """Return areas that tell most about a photo's blur and differ (see `engine.areas.suggesting`)."""
    watch.report(0.0, "areas")
    return suggested(photo.pixels, count, taken, lambda share: watch.report(share, "areas"))


def _found(pixels: np.ndarray, areas: Areas, network: MakeNetwork, watch: Watch) -> Areas:
    """Return the areas with their kernels; leave those without edges out, and say so. Raise UserError if all are."""
    missing = [index for index, area in enumerate(areas) if area.on and area.kernel is None]
    judge = network(watch) if missing else None

    def find(index: int, box: Box) -> Kernel | None:
        at = missing.index(index)
        part = watch.part(at / len(missing), (at + 1) / len(missing))
        part.report(0.0, "area")
        return area_kernel(pixels, box, judge, lambda share: part.report(share, "area"))

    with watch.timed("area"):
        made, without = with_kernels(areas, find)
    if not any(_in_force(area) for area in made):
        raise UserError("The areas hold no edges that tell a blur: draw them where the photo shows detail.")
    for index in without:
        watch.note(Sentence("Area {number} holds no edges that tell a blur: it was left out.", number=index + 1))
    return made


def _in_force(area: Area) -> bool:
    return area.on and area.kernel is not None


def _undone(pixels: np.ndarray, field: KernelField, request: Request, noise: float, watch: Watch) -> np.ndarray:
    """Deconvolve each cell with its kernel and blend the cells; cells of one kernel are deconvolved at once."""
    out = np.empty(pixels.shape, np.float32) if watch.into is None else watch.into
    out.fill(0)
    level = float(np.hypot(noise, MODEL_ERROR))
    groups, done = _by_kernel(field), 0
    for kernel, cells in groups:
        rows, columns = _round([(cell.rows, cell.columns) for cell in cells])
        weight = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.float32)
        for cell in cells:
            weight[_within(cell.rows, rows), _within(cell.columns, columns)] += cell.window
        part = watch.part(done / len(field.kernels), (done + len(cells)) / len(field.kernels), tiles=False)
        made = undoing(kernel, request, level=level)(np.ascontiguousarray(pixels[rows, columns]), part)
        out[rows, columns] += made.pixels * weight[..., None]
        done += len(cells)
    watch.report(1.0, "restore")
    np.clip(out, 0, 1, out=out)
    watch.tile((0, 0, pixels.shape[1], pixels.shape[0]), out)
    return out


def _by_kernel(field: KernelField) -> list[tuple[Kernel, list[Patch]]]:
    """Return each kernel of a field with the patches of all cells that it undoes."""
    found: dict[int, tuple[Kernel, list[Patch]]] = {}
    for patch, kernel in field.patches(field.side):
        found.setdefault(id(kernel), (kernel, []))[1].append(patch)
    return list(found.values())


def _round(places: list[tuple[slice, slice]]) -> tuple[slice, slice]:
    """Return the rows and columns round places."""
    rows, columns = zip(*places, strict=True)
    return (
        slice(min(part.start for part in rows), max(part.stop for part in rows)),
        slice(min(part.start for part in columns), max(part.stop for part in columns)),
    )


def _within(part: slice, whole: slice) -> slice:
    return slice(part.start - whole.start, part.stop - whole.start)
