"""How well a restored picture explains the photo that it was made from: for the photo as a whole, and for a face."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict


@dataclass(frozen=True, eq=False)
class Explanation:
    """The blur between a restored picture x and the photo y, and what is concluded from it. None: not known.

    kernel: how the camera moved. relation: the blur r that leads from x to y; if x is still blurred, it is narrower
    than the kernel. residual: the reblur residual ||r * x - y|| / sigma_n, about 1 if x explains y (where the blur
    varies, r is the field). verdict: the conclusion from kernel and residual.
    """

    kernel: Kernel | None = None
    residual: float | None = None
    verdict: Verdict | None = None
    relation: Kernel | None = None


UNEXPLAINED = Explanation()


class WithExplanation:
    """Something restored that holds its explanation, and names the parts of it as its own."""

    explanation: Explanation

    @property
    def kernel(self) -> Kernel | None:
        """How the camera moved."""
        return self.explanation.kernel

    @property
    def residual(self) -> float | None:
        """The reblur residual, about 1 if the result explains the photo."""
        return self.explanation.residual

    @property
    def verdict(self) -> Verdict | None:
        """The conclusion from kernel and residual."""
        return self.explanation.verdict

    @property
    def relation(self) -> Kernel | None:
        """The blur that leads from the result to the photo."""
        return self.explanation.relation
