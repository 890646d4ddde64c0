"""Third step: restore the whole photo, by one method or by several that are fused."""

from __future__ import annotations

from dataclasses import replace
from math import nan

from engine.errors import Sentence
from engine.kernels.candidate_judge import Found
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import refined_kernels
from engine.networks.finish.network import Finish
from engine.restoration.automatic import FUSED, SHAKEN, asks_the_photo, keep_if_no_sharper
from engine.restoration.choice import AREAS
from engine.restoration.fusing import came_from, fused
from engine.restoration.restored import Restore, Restored
from engine.restoration.run import Run
from engine.restoration.watch import Watch


def restore_whole(run: Run, chosen: str | None, found: list[Found], watch: Watch) -> Restored:
    """Restore a photo as chosen, by the kernels that were found; None leaves it as it is."""
    if chosen is None:
        return Restored(run.photo.pixels, None, "cpu")
    restored = _restored(run, chosen, found, watch)
    if asks_the_photo(run.request) and chosen != SHAKEN and keep_if_no_sharper(run.seen, restored.pixels, watch):
        return replace(restored, taken=None)
    if restored.taken is not None:
        watch.note(came_from(restored.taken))
    return restored


def _restored(run: Run, chosen: str, found: list[Found], watch: Watch) -> Restored:
    if chosen == FUSED and found:
        return _fused(run, found, watch)
    kernel = found[0].kernel if found and chosen == SHAKEN else None
    # without candidates, every view of the finish would look for the kernel again
    run_by = run.once if chosen == FUSED else run
    restored = run_by.by(chosen, watch, kernel)(run.photo.pixels, watch)
    return _finished(run, restored, watch) if run.request.finish and chosen != AREAS else restored


def _fused(run: Run, found: list[Found], watch: Watch) -> Restored:
    network = run.loaded.network(FUSED, watch)
    assert isinstance(network, Finish)

    def by(method: str, kernel: Kernel | None) -> Restore:
        return run.once.by(method, watch, kernel)

    return run.in_its_colours(fused(network, by, found, run.seen, run.request, watch))


def _finished(run: Run, restored: Restored, watch: Watch) -> Restored:
    """Refine the kernel that a method gave, and fuse what it restores; a kernel from a file is taken as it is."""
    if restored.kernel is None:
        watch.note(Sentence("There is nothing to finish: the method gives no kernel."))
        return restored
    kernel = Kernel(restored.kernel)
    if run.request.kernel is not None:
        return _fused(run, [Found(kernel, nan, nan, 1.0)], watch)
    found = refined_kernels(run.photo.pixels, kernel, run.compared(watch))
    return _fused(run, found, watch)
