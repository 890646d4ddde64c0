"""`python -m training curves`: what more samples are worth, by what the cards and the runs have measured.

A method's gain is its held-out PSNR minus that of the blurred input, since each burst was judged by its own crops.
The curve is a straight line over the logarithm of the samples, fitted by least squares. The rise of a method with a
single point is the mean rise of those with more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UserError
from training.publishing import card_beside
from training.recipe import recipe, recipes

AIMS = (1_000_000, 3_000_000)  # samples
SECONDS = 3600.0  # of a GPU, for which the order is made
RATES = {
    "wrfn": 1900.0,
    "semantic": 390.0,
    "analysis-synthesis": 423.0,
    "deepdeblur": 205.0,
    "learned-deconv": 1545.0,
}
"""Samples a second on an H200 (training/README.md); all but wrfn shared it with others."""


@dataclass(frozen=True)
class Point:
    """Held-out gain over the blurred input in dB, after so many samples."""

    samples: int
    gain: float


@dataclass(frozen=True)
class Curve:
    """The gain of a method: rise dB for each doubling, through `last`. borrowed: the rise is that of others.

    spread: the dB by which the points lie beside the line, root of the mean square; None for fewer than three.
    """

    method: str
    points: tuple[Point, ...]
    rise: float
    level: float
    borrowed: bool
    spread: float | None

    @property
    def samples(self) -> int:
        """The samples that the method has seen."""
        return self.points[-1].samples

    def gain(self, samples: float) -> float:
        """Return the gain that the line predicts, in dB."""
        return self.level + self.rise * math.log2(samples)

    def worth(self, seconds: float = SECONDS) -> float:
        """Return how many dB so many seconds of a GPU add."""
        return self.rise * math.log2(1 + seconds * RATES[self.method] / self.samples)


def points_of(card: Mapping[str, Any]) -> list[Point]:
    """Return a point for each burst of a card whose held-out figures are known; the last has those of the card.

    A burst that left out the last stage does not count: it taught a part that need not change any picture.
    """
    bursts = [burst for burst in card.get("bursts", []) if isinstance(burst, dict) and _ended(card, burst)]
    points, samples = [], 0
    for number, burst in enumerate(bursts, start=1):
        samples += int(burst.get("samples", 0))
        scores = burst.get("held_out") or (number == len(bursts) and card.get("evaluations", {}).get("held out"))
        if scores and samples:
            points.append(_point(samples, scores))
    return points


def _ended(card: Mapping[str, Any], burst: Mapping[str, Any]) -> bool:
    stages = burst.get("stages")
    return not stages or card.get("method") not in recipes() or recipe(card["method"]).stages[-1].name in stages


def points_of_run(folder: Path) -> tuple[str, list[Point]]:
    """Return the method of a run's folder, and a point for each look and for its end; raise UserError if it has none.

    The samples that earlier bursts saw count, too.
    """
    try:
        lines = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        entries = [json.loads(line) for line in lines if line.strip()]
        method = str(next(entry["recipe"] for entry in entries if entry.get("event") == "begun")).partition("@")[0]
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise UserError("{folder}: there is no training run with a metrics.jsonl.", folder=folder) from error
    card = card_beside(folder / f"{method}.safetensors")
    before = sum(burst.get("samples", 0) for burst in card.get("bursts", [])[:-1])
    judged = [entry for entry in entries if entry.get("held_out") and entry.get("samples")]
    inputs = [entry["input"] for entry in entries if entry.get("input")]
    return method, [_point(before + entry["samples"], {**inputs[0], **entry["held_out"]}) for entry in judged]


def _point(samples: int, scores: Mapping[str, Any]) -> Point:
    return Point(samples, float(scores["psnr"]) - float(scores["input_psnr"]))


def curves(points: Mapping[str, Iterable[Point]]) -> list[Curve]:
    """Fit a curve to each method's points; raise UserError if no method has two of them."""
    known = {method: tuple(sorted(found, key=lambda point: point.samples)) for method, found in points.items()}
    fitted = {method: _line(found) for method, found in known.items() if len({p.samples for p in found}) > 1}
    if not fitted:
        raise UserError("No method has two held-out figures yet: there is no curve.")
    common = sum(rise for rise, _ in fitted.values()) / len(fitted)
    made = []
    for method, found in known.items():
        if not found:
            continue
        rise, level = fitted.get(method) or (common, found[-1].gain - common * math.log2(found[-1].samples))
        made.append(Curve(method, found, rise, level, method not in fitted, _spread(found, rise, level)))
    return sorted(made, key=lambda curve: -curve.worth())


def _line(points: tuple[Point, ...]) -> tuple[float, float]:
    """Return (rise, level) of the least squares of gain over log2 of the samples."""
    places = [math.log2(point.samples) for point in points]
    middle, height = sum(places) / len(places), sum(point.gain for point in points) / len(points)
    slope = sum((x - middle) * (p.gain - height) for x, p in zip(places, points, strict=True))
    rise = slope / sum((x - middle) ** 2 for x in places)
    return rise, height - rise * middle


def _spread(points: tuple[Point, ...], rise: float, level: float) -> float | None:
    if len(points) < 3:
        return None
    errors = [(point.gain - level - rise * math.log2(point.samples)) ** 2 for point in points]
    return math.sqrt(sum(errors) / (len(points) - 2))


def of_weights(folder: Path) -> dict[str, list[Point]]:
    """Return the points of the methods in `RATES` by the cards in a folder."""
    return {method: points_of(card_beside(folder / f"{method}.safetensors")) for method in RATES}


def table(found: Iterable[Curve]) -> str:
    """Return the curves as a Markdown table, in the order in which a GPU hour should be spent."""
    aims = " | ".join(f"{aim // 1_000_000} million" for aim in AIMS)
    lines = [
        f"| | samples: gain, dB | dB a doubling | {aims} | an hour of an H200 adds |",
        "|---" * (4 + len(AIMS)) + "|",
    ]
    for curve in found:
        seen = "; ".join(f"{point.samples:,}: {point.gain:.2f}" for point in curve.points)
        rise = f"{curve.rise:.2f}" + (" (others')" if curve.borrowed else _sure(curve))
        aims = " | ".join(_aimed(curve, aim) for aim in AIMS)
        lines.append(f"| `{curve.method}` | {seen} | {rise} | {aims} | {curve.worth():.2f} |")
    return "\n".join(lines)


def _sure(curve: Curve) -> str:
    return "" if curve.spread is None else f" (± {curve.spread:.2f} dB)"


def _aimed(curve: Curve, aim: int) -> str:
    return f"{curve.gain(aim):.2f}" if aim > curve.samples else "seen"
