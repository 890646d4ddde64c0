"""What a run knows of its photo as a whole: measured once, where the first step asks for it, and carried along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.kernels.deconvolution import working_noise
from engine.kernels.noise import noise_level
from engine.photos.photo import Photo


@dataclass(eq=False)
class Seen:
    """A photo and what several steps ask of all of it. A window or a face has noise of its own: measure it there.

    by_network: H x W x 3, what the network makes of it with which the judge of kernels compares, if it saw it whole.
    """

    photo: Photo
    by_network: np.ndarray | None = None

    @property
    def pixels(self) -> np.ndarray:
        """The photo's pixels, H x W x 3."""
        return self.photo.pixels

    @cached_property
    def neutral(self) -> bool:
        """Whether it is black and white."""
        return self.photo.neutral

    @cached_property
    def noise(self) -> float:
        """The standard deviation of the photo's noise."""
        return noise_level(self.pixels)

    @cached_property
    def working_noise(self) -> float:
        """The noise by which every tile of the photo is deconvolved."""
        return working_noise(self.pixels, self.noise)
