"""The card of a set of weights in readable form: what it is, what it was trained on, how good it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.language import marked, number, percent, tr
from app.window.methods import title_of
from app.window.widgets.basics import column, label, scrolling
from app.window.widgets.page import Page
from engine.networks.registry import methods
from engine.weights import Card

_NAME_WIDTH = 160
Facts = list[tuple[str, str]]

_EMBEDDING = marked("Face embedding")
"""The title on the card of the face embedding, listed here for the translation."""


class CardDialog(Page):
    """Shows one card."""

    def __init__(self, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Model card"))
        self.resize(620, 640)
        content = QWidget()
        inner = column(content, gap=5)
        inner.setContentsMargins(0, 0, 12, 0)
        for title, facts in chapters(card):
            inner.addLayout(_chapter(title, facts))
        note = card.extra.get("note")
        if isinstance(note, str):
            inner.addWidget(label(tr("Remarks"), "section"))
            inner.addWidget(label(tr(note), wrap=True))
        inner.addStretch()
        scroll = scrolling(content)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(_title(card), "title"))
        paper = paper_of(card)
        if paper:
            layout.addWidget(label(paper, "muted", wrap=True))
        layout.addWidget(scroll, 1)


def _title(card: Card) -> str:
    return title_of(card.id) if card.method in methods() else tr(card.title or card.id)


def paper_of(card: Card) -> str:
    """Return the paper behind a set of weights, "" if there is none (the face embedding)."""
    method = methods().get(card.method)
    return str(card.extra.get("paper") or (method.paper if method else ""))


def chapters(card: Card) -> Iterator[tuple[str, Facts]]:
    """Yield each heading of a card with its (name, text) pairs; omit what the card does not state."""
    yield tr("Weights"), _known(_weights(card))
    yield tr("Training"), _known(_training(card))
    if card.data:
        yield tr("Photos it learned from"), [_source(source) for source in card.data]
    for name, figures in card.evaluations.items():
        if isinstance(figures, dict) and (known := _known(_figures(figures))):
            yield tr("Held-out photos") if name == "held out" else tr(name), known


def _known(facts: Facts) -> Facts:
    return [(name, text) for name, text in facts if text]


def _weights(card: Card) -> Facts:
    restores = card.method in methods()
    verdict = (
        tr("Experimental: no better than the blurred photo so far")
        if restores
        else tr("Experimental: short of its goal so far")
    )
    return [
        (tr("Name"), card.id),
        (tr("Verdict"), verdict if card.experimental else ""),
        (tr("Parameters"), number(card.parameters) if card.parameters else ""),
        (tr("Stored as"), card.precision),
        (tr("Settings"), ", ".join(f"{name} {value}" for name, value in card.settings.items())),
        ("SHA-256", card.sha256),
    ]


def _training(card: Card) -> Facts:
    return [
        (tr("Samples"), number(card.samples_seen) if card.samples_seen else ""),
        (tr("Minutes"), number(card.minutes) if card.minutes else ""),
        (tr("Device"), card.device),
        (tr("Date"), card.created),
        (tr("Made by Acutance"), card.code_version),
    ]


def _source(source: Any) -> tuple[str, str]:
    if not isinstance(source, dict):
        return "", str(source)
    count = source.get("pictures") or source.get("samples")
    counted = tr("{count} photos").format(count=number(count)) if isinstance(count, int) else ""
    return str(source.get("name", "")), ", ".join(filter(None, [tr(str(source.get("licence", ""))), counted]))


def _figures(figures: dict[str, Any]) -> Facts:
    def said(key: str, decimals: int, unit: str = "") -> str:
        value = figures.get(key)
        return f"{number(value, decimals)}{unit}" if isinstance(value, int | float) else ""

    def both(key: str, decimals: int, unit: str = "") -> str:
        before, after = said(f"input_{key}", decimals, unit), said(key, decimals, unit)
        return tr("{after}, blurred {before}").format(after=after, before=before) if before and after else after

    def share(key: str, decimals: int) -> str:
        value = figures.get(key)
        return percent(value, decimals) if isinstance(value, int | float) else ""

    return [
        ("PSNR", both("psnr", 2, " dB")),
        (tr("Worst PSNR"), said("worst_psnr", 2, " dB")),
        ("SSIM", both("ssim", 3)),
        (tr("Made better"), share("better", 0)),
        (tr("Pairs recognised"), share("accuracy", 1)),
        (tr("Teacher network"), share("teacher", 1)),
        (tr("Command"), str(figures.get("command", ""))),
    ]


def _chapter(title: str, facts: Facts) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(title, "section", wrap=True), 0, 0, 1, 2)
    for at, (name, text) in enumerate(facts, start=1):
        left = label(name, "muted", wrap=True)
        left.setFixedWidth(_NAME_WIDTH)
        right = label(_breakable(text), wrap=True)
        for part in (left, right):
            part.setAlignment(Qt.AlignmentFlag.AlignTop)
        right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(left, at, 0)
        grid.addWidget(right, at, 1)
    return grid


def _breakable(text: str) -> str:
    """Let a word that is wider than the dialog (a checksum) wrap."""
    return " ".join(word if len(word) < 40 else f"{word[:32]} {word[32:]}" for word in text.split(" "))
