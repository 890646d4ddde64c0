"""The HTML page of a triage: small pictures with badge, extent and the arrow of the motion."""

from __future__ import annotations

import base64
import io
import logging
from collections import Counter
from collections.abc import Sequence
from html import escape
from math import cos, radians, sin
from pathlib import Path

from app.language import marked, number, speaking, tr, trn
from app.triage.triaged import Triaged
from app.triage.words import ADVICE, advice, whole_story
from engine.diagnosis.diagnosis import Advice, Diagnosis
from engine.errors import UserError

_log = logging.getLogger(__name__)
SIDE = 240  # px of the longer side of a small picture
_COLOURS = {Advice.KEEP: "#1b7f4d", Advice.CAN_BE_SAVED: "#8a5a00", Advice.CANNOT_BE_SAVED: "#a3262a"}
_NOT_READ = marked("Not read")
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 1.2rem; }
figure { margin: 0; padding: .7rem; border: 1px solid #8886; border-radius: 8px; }
figure.burst { border-style: dashed; }
.picture { height: 240px; display: grid; place-items: center; position: relative; }
.picture img { max-width: 100%; max-height: 240px; border-radius: 4px; }
.picture svg { position: absolute; right: 8px; bottom: 8px; }
.badge { display: inline-block; color: #fff; border-radius: 4px; padding: 0 .5em; }
figcaption { overflow-wrap: anywhere; }
small { opacity: .8; }
"""


def page(found: Sequence[Triaged]) -> str:
    """Return the page as text."""
    counts = Counter(ADVICE[each.diagnosis.advice] if each.diagnosis else _NOT_READ for each in found)
    summary = ", ".join(f"{tr(name)}: {number(count)}" for name, count in counts.most_common())
    heading = trn("Triage of one photo", "Triage of {count} photos", len(found)).format(count=number(len(found)))
    figures = "\n".join(_figure(each) for each in found)
    return (
        f'<!DOCTYPE html>\n<html lang="{speaking()}"><head><meta charset="utf-8">'
        f"<title>{tr('Triage – Acutance')}</title>\n"
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(heading)}</h1>\n<p>{escape(summary)}</p>\n"
        f"<main>\n{figures}\n</main></body></html>\n"
    )


def _figure(found: Triaged) -> str:
    told = found.diagnosis
    badge = ""
    if told is not None:
        colour = _COLOURS[told.advice]
        badge = f'<span class="badge" style="background:{colour}">{escape(advice(told))}</span> '
    name = escape(found.path.name.encode(errors="backslashreplace").decode())
    lines = whole_story(found).splitlines()[0 if told is None else 1 :]
    text = "<br>".join(escape(line.encode(errors="backslashreplace").decode()) for line in lines)
    return (
        f"<figure{' class=burst' if found.burst else ''}>"
        f'<div class="picture">{_picture(found)}{_arrow(told)}</div>'
        f"<figcaption>{badge}<strong>{name}</strong><br><small>{text}</small></figcaption></figure>"
    )


def _arrow(told: Diagnosis | None) -> str:
    """Return a double arrow in the direction of the motion."""
    if told is None or told.direction is None:
        return ""
    said = tr("Direction of the motion: {angle}°").format(angle=number(told.direction))
    x, y = 18 * cos(radians(told.direction)), -18 * sin(radians(told.direction))
    return (
        '<svg width="48" height="48" viewBox="-24 -24 48 48" role="img" '
        f'aria-label="{escape(said)}">'
        '<circle r="23" fill="#000a"/><g stroke="#fff" stroke-width="3" stroke-linecap="round">'
        f'<line x1="{-x:.1f}" y1="{-y:.1f}" x2="{x:.1f}" y2="{y:.1f}"/></g>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#fff"/>'
        f'<circle cx="{-x:.1f}" cy="{-y:.1f}" r="4" fill="#fff"/>'
        "</svg>"
    )


def _picture(found: Triaged) -> str:
    data = small_jpeg(found.path) if found.diagnosis is not None else None
    if data is None:
        return f"<small>{escape(tr('No picture'))}</small>"
    return f'<img alt="" loading="lazy" src="data:image/jpeg;base64,{base64.b64encode(data).decode()}">'


def small_jpeg(path: Path) -> bytes | None:
    """Return a small JPEG of a photo; None if it cannot be read any more."""
    from PIL import Image

    from engine.photos.reading import file_bytes
    from engine.photos.reduced import read_reduced

    try:
        photo = read_reduced(path, file_bytes(path)[0], colour=True, least=SIDE)
    except UserError as error:
        _log.info("no small picture of %s: %s", path, error)
        return None
    image = Image.fromarray(photo.samples)
    image.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
