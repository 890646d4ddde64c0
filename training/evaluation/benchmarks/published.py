"""The results of published methods, as rows beside ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A row of another method. scope: the pictures and the measure of its figures.

    psnr in dB; ssim; similarity: mean similarity of the kernels to the published ones; found: how many kernels were
    found, as text. about: the figures are rounded.
    """

    row: str
    scope: str
    psnr: float | None = None
    ssim: float | None = None
    similarity: float | None = None
    found: str = ""
    about: bool = False


_LEVIN = "all 32, kernel's size given"
_KOEHLER_HERE = "pictures 1 and 2, odd paths, one latent frame"
_KOEHLER = "all 48, nearest of the path's frames, from its paper"
_REAL = "the 23, kernel's size given"

PUBLISHED = {
    "levin": (
        Published("PMP, Wen 2021", _LEVIN, 32.45, 0.934),
        Published("Pan 2016", _LEVIN, 31.73),
        Published("Xu and Jia 2010", _LEVIN, 31.36),
        Published("Sun 2013", _LEVIN, 33.0, about=True),
        Published("Zuo 2015", _LEVIN, 33.0, about=True),
        Published("SelfDeblur 2020", _LEVIN, 33.0, about=True),
    ),
    "koehler": (
        Published("PMP, Wen 2021", _KOEHLER_HERE, 29.52),
        Published("PMP, Wen 2021", "16 others, one latent frame", 29.96),
        Published("PMP, Wen 2021", _KOEHLER, 29.98),
        Published("Kaufman 2020", _KOEHLER, 30.17),
        Published("MCEM", _KOEHLER, 30.26),
        Published("Deblur-INR 2024", _KOEHLER, 30.69),
    ),
    "real": (
        Published("Pan 2014 and 2016", f"{_REAL}; these are the published kernels", similarity=1.0, found="23 of 23"),
        Published("trial of one search", _REAL, similarity=0.81, found="19 of 23"),
        Published("trial of five sizes", "the 23", similarity=0.76, found="15 of 23"),
    ),
}
"""By the benchmark's name. Levin et al. 2009; Koehler et al. 2012; real photos from the pages of Pan et al."""

BENCHMARKS = tuple(PUBLISHED)
