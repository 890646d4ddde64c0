"""The figures of one benchmark picture, and of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.kernels.trust import Verdict

FOUND = 0.7  # with at least this similarity to the published kernel, the kernel counts as found
LOW, HIGH = 2, 3  # error ratios: below the first the result is good, below the second it is acceptable


@dataclass(frozen=True)
class PictureFigures:
    """One restored picture. psnr in dB. error_ratio: its squared error over that of the true kernel's deconvolution.

    similarity: of its kernel to the published one, 0 if it has none. None: not known, or not measurable.
    """

    picture: str
    kind: str
    half: str
    psnr: float | None
    ssim: float | None
    error_ratio: float | None
    similarity: float | None
    verdict: str | None
    ran: str | None
    seconds: float

    @property
    def falsely_well(self) -> bool:
        """Whether the verdict is WELL although the kernel is not the published one."""
        return self.verdict == Verdict.WELL and self.similarity is not None and self.similarity < FOUND


@dataclass(frozen=True)
class Summary:
    """A method's row over some pictures: means, worst cases, counts. known: how many have a published kernel.

    below_2, below_3: share of the pictures with an error ratio below 2 or 3.
    """

    row: str
    part: str
    pictures: int
    psnr: float | None
    worst_psnr: float | None
    ssim: float | None
    below_2: float | None
    below_3: float | None
    worst_ratio: float | None
    similarity: float | None
    known: int
    found: int
    falsely_well: int
    verdicts: dict[str, int]
    seconds: float


def summed_up(row: str, part: str, each: Sequence[PictureFigures]) -> Summary:
    """Return a row's figures over the pictures of a part (a half, a kind, or all)."""
    psnrs, ratios = _known(one.psnr for one in each), _known(one.error_ratio for one in each)
    similar = _known(one.similarity for one in each)
    return Summary(
        row=row,
        part=part,
        pictures=len(each),
        psnr=_mean(psnrs),
        worst_psnr=min(psnrs, default=None),
        ssim=_mean(_known(one.ssim for one in each)),
        below_2=_mean([float(ratio < LOW) for ratio in ratios]),
        below_3=_mean([float(ratio < HIGH) for ratio in ratios]),
        worst_ratio=max(ratios, default=None),
        similarity=_mean(similar),
        known=len(similar),
        found=sum(one >= FOUND for one in similar),
        falsely_well=sum(one.falsely_well for one in each),
        verdicts=dict(Counter(one.verdict for one in each if one.verdict is not None)),
        seconds=_mean([one.seconds for one in each]) or 0.0,
    )


def by_half(each: dict[str, list[PictureFigures]]) -> list[Summary]:
    """Return every row for each evaluated half, then for both if both were evaluated."""
    halves = _split(each, lambda one: one.half)
    both = len({summary.part for summary in halves}) > 1
    return halves + ([summed_up(row, "all", found) for row, found in each.items()] if both else [])


def by_kind(each: dict[str, list[PictureFigures]]) -> list[Summary]:
    """Return every row for each kind of picture."""
    return _split(each, lambda one: one.kind)


def _split(each: dict[str, list[PictureFigures]], part_of: Callable[[PictureFigures], str]) -> list[Summary]:
    parts = sorted({part_of(one) for found in each.values() for one in found})
    return [
        summed_up(row, part, [one for one in found if part_of(one) == part])
        for part in parts
        for row, found in each.items()
    ]


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
