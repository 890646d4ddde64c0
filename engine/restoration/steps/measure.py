"""First step: measure how the networks that a run needs run fastest on this machine, where nobody did so yet."""

from __future__ import annotations

from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.request import Request
from engine.restoration.automatic import COMPARED, FUSED, SHAKEN, asks_the_photo
from engine.restoration.choice import AREAS, DECONVOLUTION, Choice, of_weights
from engine.restoration.loaded import Loaded
from engine.restoration.rehearsal import measure, unmeasured
from engine.restoration.run import Run
from engine.restoration.runner import LEAST_COMPILED
from engine.restoration.watch import Watch

MEASURED = 0.2  # share of the progress that measuring takes


def measured(run: Run, choice: Choice, watch: Watch) -> Watch:
    """Measure what was never measured here; return the watch of what is left to do."""
    width, height = run.photo.size
    if run.request.backend != "openvino" and width * height < LEAST_COMPILED:
        return watch
    left = unmeasured(needed(run.request, choice, run.loaded), run.request)
    if not left:
        return watch
    measure(left, run.request, watch.part(0, MEASURED, tiles=False))
    return watch.part(MEASURED, 1, whole=True)


def needed(request: Request, choice: Choice, loaded: Loaded) -> list[tuple[DeblurringNetwork, Method]]:
    """Return the networks that see whole photos."""
    whole, found = COMPARED if choice.whole == FUSED else choice.whole, []
    if whole is not None and whole not in (SHAKEN, AREAS, DECONVOLUTION):
        found.append((loaded.network(whole, Watch()), of_weights(whole)))
    judging = loaded.judging() if asks_the_photo(request) or choice.whole in (SHAKEN, FUSED) else None
    return found if judging is None else [*found, (judging, of_weights(COMPARED))]
