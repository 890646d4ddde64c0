"""What a row of an evaluation restores by: a method, and what refines its result, as METHOD+finish+best."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.applicable import why_no_best_quality, why_no_finish
from engine.errors import UserError
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from engine.networks.registry import method, methods
from engine.request import Request
from engine.weights import find_weights

AUTOMATIC = "auto"
"""pseudo-id of a method: whatever the program chooses for each picture"""
TRUE_KERNEL = "true-kernel"
"""pseudo-id of a method: deconvolution by the sample's kernel, as with a kernel of one's own"""
FINISH, BEST = "finish", "best"


@dataclass(frozen=True)
class Variant:
    """weights: METHOD, METHOD@NAME or a pseudo-id. finish, best_quality: see `engine.choices`."""

    weights: str
    finish: bool = False
    best_quality: bool = False

    @classmethod
    def of(cls, name: str) -> Variant:
        """Read METHOD[@NAME][+finish][+best]; raise UserError for what does not exist or means nothing."""
        weights, *words = name.split("+")
        unknown = [word for word in words if word not in (FINISH, BEST)]
        if unknown:
            raise UserError(
                "{name} cannot be evaluated: after a + comes finish or best, not {word!r}.",
                name=name,
                word=unknown[0],
            )
        made = cls(weights, FINISH in words, BEST in words)
        if weights not in (AUTOMATIC, TRUE_KERNEL):
            method(made.method)
            if "@" in weights and find_weights(weights) is None:
                raise UserError("There are no weights {name!r}.", name=weights)
        made._check(name)
        return made

    @property
    def method(self) -> str:
        """The id of the method."""
        return self.weights.partition("@")[0]

    @property
    def parameters(self) -> int | None:
        """The number of the method's own parameters, where it has weights."""
        weights = find_weights(self.weights) if self.method in methods() else None
        return weights.card.parameters if weights else None

    @property
    def known(self) -> bool:
        """Whether the true kernel is used."""
        return self.weights == TRUE_KERNEL

    def request(self, asked: Request, kernel: Kernel | None, folder: Path) -> Request:
        """Return the request for a picture; `folder` gets a file of its true kernel where that is used."""
        asked = replace(asked, finish=self.finish, best_quality=self.best_quality)
        if not self.known:
            return replace(asked, method=self.weights)
        if kernel is None:
            raise UserError("The true kernel of these pictures is not known here, so it cannot be undone.")
        path = folder / "true.npy"
        save_kernel(kernel, path)
        return replace(asked, kernel=path)

    def _check(self, name: str) -> None:
        asked = Request(
            method=AUTOMATIC if self.known else self.weights,
            kernel=Path("true.npy") if self.known else None,
            finish=self.finish,
            best_quality=self.best_quality,
        )
        why = why_no_finish(asked) if self.finish else None
        why = why or (why_no_best_quality(asked) if self.best_quality else None)
        if why is not None:
            raise UserError("{name} cannot be evaluated. {reason}", name=name, reason=why)
