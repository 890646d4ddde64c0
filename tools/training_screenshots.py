"""The states of the training page for `python -m tools.screenshots`, with made-up runs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PySide6.QtWidgets import QWidget

from app.window.training.page import TrainingPage
from app.window.training.plan import Plan, new_folder
from app.window.training.trainings import Trainings

Take = Callable[[str, QWidget], None]
WaitUntil = Callable[[Callable[[], bool]], None]


def take_training(page: TrainingPage, folder: Path, take: Take, wait_until: WaitUntil) -> None:
    """Take a picture of every state; make photos and runs up in `folder`."""
    trainings, setup, photos = page.trainings, page.setup, folder / "portraits"
    trainings.folder, trainings.command = folder / "runs", [sys.executable, "-c", "raise SystemExit(1)"]
    _make_album(photos)
    page.show()
    take("training-empty", page)
    setup.choose(photos)
    wait_until(lambda: len(setup.survey.photos.rows) > 0)
    take("training-survey", page)
    wait_until(lambda: not setup.survey.surveyor.running)
    trainings.cancel_measuring()
    trainings.measured.emit(
        {"device": "x86_64 CPU, 2 threads", "samples_per_second": 18.2, "memory": 1.4e9, "crop": 160, "batch": 8}
    )
    take("training-ready", page)
    setup.survey.segments.button("left-out").click()
    take("training-left-out", page)
    setup.survey.segments.button("all").click()
    for name, spent, gain, reason in (
        ("going", 0.45, 0.3, ""),
        ("stopped", 0.45, 0.3, ""),
        ("better", 1.0, 0.62, ""),
        ("not-better", 1.0, -0.11, ""),
        ("broken", 0.2, 0.1, "Too little memory for the photos: 24.0 GB are needed, 8.0 GB are free."),
    ):
        folder = _made_up(trainings, photos, name, spent, gain, ended=name not in ("going", "broken"))
        trainings.active = folder if name == "going" else None
        if reason:
            trainings.break_off(folder, reason)
        page.show_run(folder)
        take(f"training-{name}", page)
    trainings.active = None
    page.close()


def _make_album(folder: Path) -> None:
    """Write sharp photos, and one photo for each reason to leave it out."""
    from skimage.data import astronaut

    folder.mkdir()
    portrait = astronaut()
    for at in range(16):
        turned = np.rot90(portrait, at % 4) if at % 3 else np.fliplr(portrait)
        part = np.ascontiguousarray(turned[at * 6 : at * 6 + 380, at * 8 : at * 8 + 360][:, :: -1 if at % 2 else 1])
        tinted = np.clip(part * np.array([1, 0.85 + at / 50, 1.1 - at / 60]), 0, 255).astype(np.uint8)
        Image.fromarray(tinted).save(folder / f"IMG_{301 + at:04}.jpg", quality=95)
    Image.fromarray(portrait).save(folder / "IMG_0330.jpg", quality=95)
    Image.fromarray(portrait).resize((400, 400)).save(folder / "IMG_0330 copy.jpg")
    Image.fromarray(cv2.GaussianBlur(portrait, (0, 0), 6)[:300]).save(folder / "IMG_0331.jpg")
    Image.fromarray(portrait[40:160, 160:280]).save(folder / "avatar.png")
    (folder / "IMG_0332.jpg").write_bytes(b"cut short")


def _made_up(trainings: Trainings, photos: Path, name: str, spent: float, gain: float, ended: bool) -> Path:
    """Write a run as the trainer would."""
    plan = Plan(f"holiday portraits, {name}", "wrfn", str(photos), 30, "shipped", crop=160, batch=8)
    folder = new_folder(plan, trainings.folder)
    shipped, blurred = _figures(27.3, 0.72), _figures(25.19, 0.65)
    rng = np.random.default_rng(3)

    def place(share: float) -> dict[str, float]:
        samples = round(32_800 * share)
        return {"step": samples // 8, "samples": samples, "minutes": round(30 * share, 3), "spent": share}

    entries = [
        {
            "event": "begun", **place(0), "photos": 396, "held_out_photos": 16, "device": "x86_64 CPU, 2 threads",
            "input": blurred, "shipped": shipped,
        },
    ]  # fmt: skip
    reached = 27.3
    for at in range(round(spent * 100) + 1):
        share = at / 100
        loss = 0.021 + 0.006 * math.exp(-4 * share) + float(rng.normal(0, 0.0012))
        entries.append({**place(share), "losses": {"l1": loss}, "samples_per_second": 18.2})
        if at % 5 == 0:
            reached = (
                27.3 + gain * (1 - math.exp(-3 * share)) / (1 - math.exp(-3 * spent)) + float(rng.normal(0, 0.02))
            )
            picture = f"samples/{at:010}.png"
            _draw(folder / picture, 0.5 * (1 - share / 2))
            entries.append(
                {"event": "judged", **place(share), "held_out": _figures(reached, 0.74), "picture": picture}
            )
    if ended:
        done = {
            "finished": spent == 1,
            "held_out": _figures(27.3 + gain, 0.742),
            "better": gain > 0,
            "card": "wrfn.json",
        }
        entries.append({"event": "ended", **place(spent), **done})
    (folder / "metrics.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return folder


def _figures(psnr: float, ssim: float) -> dict[str, float]:
    return {"psnr": round(psnr, 4), "ssim": ssim, "input_psnr": 25.19, "input_ssim": 0.65, "better": 1.0}


def _draw(path: Path, softness: float) -> None:
    from skimage.data import astronaut

    portrait = astronaut()
    crops = [portrait[y : y + 160, x : x + 160] for y, x in ((30, 140), (200, 100), (20, 300), (300, 20), (180, 340))]
    sharp = np.concatenate(crops, 1)
    blurred = cv2.blur(sharp, (15, 3))
    restored = np.rint(blurred * softness + sharp * (1 - softness)).astype(np.uint8)
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.concatenate([blurred, restored, sharp])).save(path)
