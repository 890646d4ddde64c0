"""Second step: look for kernels where a run needs them, and let them say how the photo is restored best."""

from __future__ import annotations

from engine.kernels.candidate_judge import Found
from engine.restoration.automatic import FUSED, LOOKED, SHAKEN, asks_the_photo, best_for, found_kernels
from engine.restoration.choice import Choice
from engine.restoration.run import Run
from engine.restoration.watch import Watch


def candidates(run: Run, choice: Choice, watch: Watch) -> tuple[Choice, list[Found], Watch]:
    """Return what to restore by, the kernels that were found, and the watch of what is left to do.

    The kernels are those that the photo's edges tell, the most likely first.
    """
    asks = asks_the_photo(run.request)
    if not asks and choice.whole not in (SHAKEN, FUSED):
        return choice, [], watch
    found = found_kernels(run.photo, run.compared(watch), watch.part(0, LOOKED))
    watch = watch.part(LOOKED, 1, whole=True)
    return best_for(run.photo, found, choice, watch) if asks else choice, found, watch
