"""What a run has written so far: losses, looks and verdicts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A look at the samples: how far the run was, its held-out PSNR (dB) and SSIM, and the samples' picture."""

    minutes: float
    samples: int
    psnr: float
    ssim: float
    picture: Path | None


@dataclass(frozen=True)
class Figures:
    """PSNR in dB, and SSIM."""

    psnr: float
    ssim: float


@dataclass
class History:
    """Reads a run's folder again and again while the run writes.

    losses: (minutes, sum of the losses). spent: share of the budget. rate: samples a second, None before the first.
    input: figures of the blurred crops; shipped: of the shipped weights on them. card: that of the weights, once
    written.
    entries: how many were read.
    """

    folder: Path
    losses: list[tuple[float, float]] = field(default_factory=list)
    looks: list[Seen] = field(default_factory=list)
    minutes: float = 0.0
    samples: int = 0
    spent: float = 0.0
    rate: float | None = None
    device: str = ""
    photos: int = 0
    held_out: int = 0
    input: Figures | None = None
    shipped: Figures | None = None
    reached: Figures | None = None
    better: bool = False
    finished: bool = False
    begun: bool = False
    card: Path | None = None
    entries: int = 0
    _read: int = 0

    def read(self) -> None:
        """Read what was written since the last call."""
        try:
            with (self.folder / "metrics.jsonl").open("rb") as file:
                file.seek(self._read)
                text = file.read()
        except OSError:
            return
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self.entries += 1
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):  # a line torn by a power cut
                continue

    def _take(self, entry: dict[str, Any]) -> None:
        minutes, samples = float(entry["minutes"]), int(entry["samples"])
        self.minutes, self.samples, self.spent = minutes, samples, float(entry["spent"])
        event = entry.get("event")
        if event == "begun":
            self._begin(entry)
        elif event == "judged":
            held_out = _figures(entry["held_out"])
            picture = self.folder / entry["picture"] if entry.get("picture") else None
            self.looks.append(Seen(minutes, samples, held_out.psnr, held_out.ssim, picture))
        elif event == "ended":
            self.reached = _figures(entry["held_out"])
            self.better, self.finished = bool(entry["better"]), bool(entry["finished"])
            self.card = self.folder / entry["card"]
        elif "losses" in entry:
            self.losses.append((minutes, sum(entry["losses"].values())))
            self.rate = float(entry["samples_per_second"])

    def _begin(self, entry: dict[str, Any]) -> None:
        """Start a call; drop what a killed call did after its last checkpoint, since that is repeated."""
        self.losses = [(at, loss) for at, loss in self.losses if at <= self.minutes]
        self.looks = [look for look in self.looks if look.minutes <= self.minutes]
        self.device, self.photos, self.held_out = entry["device"], entry["photos"], entry["held_out_photos"]
        self.input = _figures(entry["input"])
        self.shipped = _figures(entry["shipped"]) if entry["shipped"] else None
        self.begun, self.finished, self.card, self.reached = True, False, None, None

    @property
    def seconds_left(self) -> float | None:
        """Estimate the seconds left of the budget; None before the first minutes."""
        return self.minutes * 60 * (1 - self.spent) / self.spent if self.spent > 0 else None


def _figures(plain: dict[str, Any]) -> Figures:
    return Figures(float(plain["psnr"]), float(plain["ssim"]))
