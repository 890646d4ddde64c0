"""Serves a request: chooses methods, restores photo and faces, explains the result."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import nan
from weakref import WeakKeyDictionary

import numpy as np

from engine.areas.area import Areas
from engine.devices import choose_device, lose_device, says_lost
from engine.errors import Sentence, UserError
from engine.faces.alignment import align
from engine.faces.detection import FaceFinder
from engine.faces.face import Box, Face
from engine.faces.identity import Identity
from engine.kernels.candidate_judge import Found
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.shaken import Network, refined_kernels
from engine.networks.finish.network import Finish
from engine.networks.l0_deconv.network import L0Deconvolution
from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.photos.cutouts import filled
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.areas import by_areas, find_area_kernel, suggest_areas
from engine.restoration.automatic import (
    COMPARED,
    FUSED,
    LOOKED,
    SHAKEN,
    asks_the_photo,
    best_for,
    found_kernels,
    keep_if_no_sharper,
)
from engine.restoration.choice import AREAS, DECONVOLUTION, Choice, choose, of_weights
from engine.restoration.explain import Explained, explain, explain_field
from engine.restoration.face_regions import FacePhoto, chosen_faces, template_of
from engine.restoration.fusing import came_from, fused
from engine.restoration.known_kernel import deconvolver
from engine.restoration.memory import beside
from engine.restoration.rehearsal import measure, unmeasured
from engine.restoration.restored import Restore, Restored
from engine.restoration.runner import LEAST_COMPILED, restore
from engine.restoration.together import restore_together
from engine.restoration.watch import Watch
from engine.result import FaceResult, Result
from engine.weights import find_weights, load, load_network
from resources import resource

MEASURED = 0.2  # share of the progress that measuring takes, where it was never done
LOADED = 2  # networks in memory: one for the photo, one for its faces
MOST_EXPLAINED = 8  # faces; each takes half a second, measured at 250 px


@dataclass
class PartialResult:
    """A result in the making. found: the kernels that the photo's edges tell, the most likely first."""

    pixels: np.ndarray
    device: str = "cpu"
    found: list[Found] = field(default_factory=list)
    kernel: Kernel | None = None
    explained: Explained = field(default_factory=Explained)
    kernels: KernelField | None = None
    areas: Areas = ()
    taken: np.ndarray | None = None
    faces: list[FaceResult] = field(default_factory=list)


class Restorer:
    """Owns the loaded networks, face finder and face embedding. Not for several threads at once."""

    def __init__(self) -> None:
        self._networks: OrderedDict[str, DeblurringNetwork] = OrderedDict()
        self._judging: DeblurringNetwork | None = None
        self._finder: FaceFinder | None = None
        self._identity: Identity | None = None
        self._found: WeakKeyDictionary[Photo, tuple[int, list[Face]]] = WeakKeyDictionary()

    def run(self, request: Request, photo: Photo, watch: Watch) -> Result:
        """Restore a photo; raise UserError if the request is impossible, Cancelled if `watch` is cancelled."""
        photo = filled(photo)
        choice, asked = choose(request), request
        if choose_device(request.device).type == "cpu":
            request = replace(request, memory=beside(photo, request.memory))
        watch.report(0.0, "start")
        made = PartialResult(photo.pixels)
        asks = asks_the_photo(request)
        watch = self._measured(choice, asks, request, photo, watch)
        if asks or choice.whole in (SHAKEN, FUSED):
            made.found = found_kernels(photo, self.compared(request, watch), watch.part(0, LOOKED))
            watch = watch.part(LOOKED, 1, whole=True)
        if asks:
            choice = best_for(photo, made.found, choice, watch)
        border = 0.75 if choice.whole and choice.faces else 0.95
        if choice.whole:
            part = watch.part(0, border, whole=True)
            self._restore_whole(choice.whole, request, photo, made, part)
            if asks and choice.whole != SHAKEN and keep_if_no_sharper(photo, made.pixels, part):
                made.taken = None
            if made.taken is not None:
                watch.note(came_from(made.taken))
        if choice.faces:
            part = watch.part(border if choice.whole else 0, 0.95, whole=True)
            self._restore_faces(choice, request, photo, made, part)
        if choice.whole:
            self._explain(choice, request, photo, made, watch.part(0.95, 1))
        watch.report(1.0, "done")
        return Result(
            request=asked,
            pixels=made.pixels,
            method=choice.whole or choice.faces or "",
            device=made.device,
            kernel=made.kernel,
            residual=made.explained.residual,
            verdict=made.explained.verdict,
            relation=made.explained.relation,
            faces=tuple(made.faces),
            seconds=dict(watch.seconds),
            notes=photo.notes + tuple(watch.notes),
            field=made.kernels,
            areas=made.areas,
            taken=made.taken,
        )

    def rehearse(self, request: Request, watch: Watch) -> None:
        """Load what most photos need and measure how it runs fastest, so that the first photo need not wait."""
        choice = choose(request)
        needed = unmeasured(self._needed(choice, asks_the_photo(request)), request)
        measure(needed, request, watch)

    def _needed(self, choice: Choice, asks: bool) -> list[tuple[DeblurringNetwork, Method]]:
        """Return the networks that see whole photos."""
        whole, needed = COMPARED if choice.whole == FUSED else choice.whole, []
        if whole is not None and whole not in (SHAKEN, AREAS, DECONVOLUTION):
            needed.append((self._network(whole, Watch()), of_weights(whole)))
        judging = self._judging_network() if asks or choice.whole in (SHAKEN, FUSED) else None
        return needed if judging is None else [*needed, (judging, of_weights(COMPARED))]

    def _measured(self, choice: Choice, asks: bool, request: Request, photo: Photo, watch: Watch) -> Watch:
        """Measure what was never measured here; return the watch of what is left to do."""
        width, height = photo.size
        if request.backend != "openvino" and width * height < LEAST_COMPILED:
            return watch
        left = unmeasured(self._needed(choice, asks), request)
        if not left:
            return watch
        measure(left, request, watch.part(0, MEASURED, tiles=False))
        return watch.part(MEASURED, 1, whole=True)

    def find_faces(self, photo: Photo, smallest: int, watch: Watch) -> list[Face]:
        """Return the faces of a photo, the largest first; a photo seen before is answered from memory."""
        photo = filled(photo)
        known = self._found.get(photo)
        if known is None or known[0] > smallest:
            watch.report(0.0, "faces")
            with watch.timed("faces"):
                known = self._found[photo] = smallest, self._searched(photo.pixels, smallest, watch)
        return [face for face in known[1] if face.size >= smallest]

    def find_kernel(self, photo: Photo, box: Box, watch: Watch) -> Kernel | None:
        """Return the kernel of a box of a photo; None where it holds no edges."""
        return find_area_kernel(filled(photo), box, self.compared(Request(), watch), watch)

    def suggest_areas(self, photo: Photo, count: int, taken: tuple[Box, ...], watch: Watch) -> Areas:
        """Return up to `count` areas that tell most about a photo's blur and differ, beside those `taken`."""
        return suggest_areas(filled(photo), count, taken, watch)

    def _searched(self, pixels: np.ndarray, smallest: int, watch: Watch) -> list[Face]:
        device = choose_device()
        if self._finder is None:
            self._finder = FaceFinder(device.type)
        try:
            return self._finder.find(pixels, smallest)
        except RuntimeError as error:
            if device.type == "cpu" or not says_lost(error):
                raise
            lose_device(device)
            watch.note(Sentence("The device {device} failed: went on with the CPU.", device=device.type))
            self._finder = FaceFinder()
            return self._finder.find(pixels, smallest)

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> list[float]:
        """Return how similar each face is in two photos; raise WeightsError without the face embedding."""
        if self._identity is None:
            self._identity = Identity()
        return [float(cosine) for cosine in self._identity.similarity(before, after, faces)]

    def _restore_whole(self, chosen: str, request: Request, photo: Photo, made: PartialResult, watch: Watch) -> None:
        if chosen == FUSED and made.found:
            restored = self._fused(made.found, request, photo, watch)
        else:
            kernel = made.found[0].kernel if made.found and chosen == SHAKEN else None
            restored = self._restoring(chosen, request, photo.neutral, watch, kernel)(photo.pixels, watch)
            if request.finish and chosen != AREAS:
                restored = self._finished(restored, request, photo, watch)
        made.pixels, made.device = restored.pixels, restored.device
        made.kernel = None if restored.kernel is None else Kernel(restored.kernel)
        made.kernels, made.areas, made.taken = restored.field, restored.areas, restored.taken

    def _fused(self, found: list[Found], request: Request, photo: Photo, watch: Watch) -> Restored:
        network = self._network(FUSED, watch)
        assert isinstance(network, Finish)

        def by(method: str, kernel: Kernel | None) -> Restore:
            return self._restoring(method, request, photo.neutral, watch, kernel)

        restored = fused(network, by, found, photo, request, watch)
        return _without_colour(restored) if photo.neutral else restored

    def _finished(self, restored: Restored, request: Request, photo: Photo, watch: Watch) -> Restored:
        """Refine the kernel that a method gave, and fuse what it restores; a kernel from a file is taken as it is."""
        if restored.kernel is None:
            watch.note(Sentence("There is nothing to finish: the method gives no kernel."))
            return restored
        kernel = Kernel(restored.kernel)
        if request.kernel is not None:
            return self._fused([Found(kernel, nan, nan, 1.0)], request, photo, watch)
        found = refined_kernels(photo.pixels, kernel, self.compared(request, watch))
        return self._fused(found, request, photo, watch)

    def compared(self, request: Request, watch: Watch) -> Network | None:
        """Return the network that the judge of kernels compares with, as it is shipped; None where it is missing."""
        network = self._judging_network()
        if network is None:
            return None
        method, quiet = of_weights(COMPARED), Watch(cancelled=watch.cancelled)
        return lambda pixels: restore(network, method, pixels, request, quiet).pixels

    def _judging_network(self) -> DeblurringNetwork | None:
        weights = find_weights(COMPARED, [resource("weights")])
        if self._judging is None and weights is not None:
            self._judging = load(weights)
        return None if weights is None else self._judging

    def _restore_faces(
        self, choice: Choice, request: Request, photo: Photo, made: PartialResult, watch: Watch
    ) -> None:
        faces = self._chosen(request, photo, watch)
        if not faces and not choice.whole:
            name = photo.path.name if photo.path else Sentence("the photo")
            if request.faces == ():
                raise UserError("No face is chosen in {name}.", name=name)
            raise UserError(
                "No face of at least {size} px was found in {name}.", size=request.smallest_face, name=name
            )
        if not faces:
            return
        assert choice.faces is not None
        if made.pixels is photo.pixels:
            made.pixels = np.empty_like(photo.pixels) if watch.into is None else watch.into
            np.copyto(made.pixels, photo.pixels)
        target = FacePhoto(photo.pixels, made.pixels)
        if choice.faces != DECONVOLUTION and "whole" not in of_weights(choice.faces).regions:
            made.faces = self._restore_aligned(choice.faces, faces, request, target, photo.neutral, watch)
            return
        restoring = self._restoring(choice.faces, request, photo.neutral, watch)
        for index, face in enumerate(faces):
            part = watch.part(index / len(faces), (index + 1) / len(faces))
            made.faces.append(target.restore_in_box(face, restoring, part))

    def _restore_aligned(
        self, chosen: str, faces: list[Face], request: Request, target: FacePhoto, grey: bool, watch: Watch
    ) -> list[FaceResult]:
        """Restore the aligned crops of all faces together, then paste them into the photo one after another."""
        method, network = of_weights(chosen), self._network(chosen, watch)
        template = template_of(method.id)
        crops = [align(target.blurred, face.landmarks, template) for face in faces]
        together = restore_together(
            network, method, [crop.pixels for crop in crops], request, watch.part(0, 0.8, tiles=False)
        )
        results = []
        for index, (face, crop, restored) in enumerate(zip(faces, crops, together, strict=True)):
            pixels = _without_colour(restored).pixels if grey else restored.pixels
            part = watch.part(0.8 + 0.2 * index / len(faces), 0.8 + 0.2 * (index + 1) / len(faces))
            part.report(0.0, "restore")
            results.append(target.paste_aligned(face, crop, template, pixels, part))
        return results

    def _chosen(self, request: Request, photo: Photo, watch: Watch) -> list[Face]:
        found = self.find_faces(photo, request.smallest_face, watch)
        return found if request.faces is None else chosen_faces(photo.pixels, request.faces, found)

    def _explain(self, choice: Choice, request: Request, photo: Photo, made: PartialResult, watch: Watch) -> None:
        """Explain the whole photo by a kernel, and each requested face too."""
        with watch.timed("kernel"):
            watch.report(0.0, "kernel")
            native = None if made.kernel is None else made.kernel.values
            found = made.found[0] if made.found else None
            made.explained = explain(photo.pixels, made.pixels, native, made.kernels, found)
            made.kernel = made.explained.kernel
            if request.field and made.kernels is None:
                made.kernels = explain_field(photo.pixels, made.pixels)
            target = FacePhoto(photo.pixels, made.pixels)
            for face in self._to_explain(choice, request, photo, watch):
                made.faces.append(target.explained(face))

    def _to_explain(self, choice: Choice, request: Request, photo: Photo, watch: Watch) -> list[Face]:
        """Return the faces to explain after the whole photo: those of the request, or the largest known ones."""
        if choice.faces or not (request.faces or (request.region == "auto" and request.faces is None)):
            return []
        if request.faces is None and photo not in self._found:
            return []  # nobody asked for faces, and finding them costs more time than it is worth
        return self._chosen(request, photo, watch)[: None if request.faces else MOST_EXPLAINED]

    def _restoring(
        self, chosen: str, request: Request, grey: bool, watch: Watch, kernel: Kernel | None = None
    ) -> Restore:
        by_plane = False
        if chosen == DECONVOLUTION:
            restoring = deconvolver(request)
        elif chosen == AREAS:
            restoring = by_areas(request, partial(self.compared, request))
        else:
            method = of_weights(chosen)
            network = self._network(chosen, watch) if kernel is None else L0Deconvolution(kernel)
            by_plane = method.scaling.by_plane

            def restoring(pixels: np.ndarray, watch: Watch) -> Restored:
                return restore(network, method, pixels, request, watch)

        return partial(_neutral, restoring, by_plane) if grey else restoring

    def _network(self, weights_id: str, watch: Watch) -> DeblurringNetwork:
        if weights_id not in self._networks:
            while len(self._networks) >= LOADED:
                self._networks.popitem(last=False)
            self._networks[weights_id] = load_network(weights_id)
        self._networks.move_to_end(weights_id)
        weights = find_weights(weights_id)
        if weights is not None and weights.card.experimental:
            title = of_weights(weights_id).title
            watch.note(
                Sentence("{title} is experimental: in the tests so far, its weights did not help.", title=title)
            )
        return self._networks[weights_id]


def _neutral(restoring: Restore, by_plane: bool, pixels: np.ndarray, watch: Watch) -> Restored:
    """Restore a black-and-white photo as one plane, so that no colour appears."""
    return _without_colour(restoring(pixels[..., :1] if by_plane else pixels, watch))


def _without_colour(restored: Restored) -> Restored:
    plane = restored.pixels.mean(axis=2, keepdims=True)
    return replace(restored, pixels=np.repeat(plane, 3, axis=2))
