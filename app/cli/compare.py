"""acutance compare PHOTO -o SHEET: draws the results of all methods on one labelled sheet."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from app.cli.console import DONE, FAILED, say, show_progress, usage
from app.sheet import Labelled, draw_sheet, figures_of, save_sheet, sheet_kind
from engine.choices import Choices
from engine.engine import Engine
from engine.errors import UserError
from engine.networks.registry import method as registered
from engine.networks.registry import methods
from engine.option_fields import add_options
from engine.photos.colour import to_srgb8
from engine.photos.cutouts import on_white
from engine.photos.naming import check_target
from engine.photos.photo import Photo
from engine.photos.reading import read_photo
from engine.place import Place
from engine.request import Request
from engine.result import Result
from engine.weights import installed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance compare`."""
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="the photo; it is never changed")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="SHEET", help=".png, .jpg or .webp")
    parser.add_argument(
        "--methods", metavar="ID,ID,...", help="the methods to compare (default: all that have weights)"
    )
    parser.add_argument("--sharp", type=Path, metavar="FILE", help="the sharp picture, to measure PSNR and SSIM")
    add_options(parser, Choices, ("region", "best_quality"))
    add_options(parser, Place, ("device", "tile"))
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")


def run(options: argparse.Namespace) -> int:
    """Restore the photo by every method; name those that fail, and draw the others."""
    for given in filter(None, (options.photo, options.sharp)):
        check_target(given, options.output, options.overwrite)
    sheet_kind(options.output)
    chosen = _chosen(options.methods)
    photo = read_photo(options.photo)
    sharp = _sharp(options.sharp, photo)
    pictures: list[Labelled] = [] if sharp is None else [("sharp", to_srgb8(photo, on_white(photo, sharp)))]
    pictures.append((_label("photo", "", photo.pixels, sharp), to_srgb8(photo, on_white(photo, photo.pixels))))
    failed = False
    with Engine() as engine:
        if options.methods is None and options.region == "auto":
            chosen = _of_use(chosen, photo, engine)
        for name in chosen:
            choices = Choices(method=name, region=options.region, best_quality=options.best_quality)
            request = Request.of(choices, Place(device=options.device, tile=options.tile), options.photo)
            try:
                result = engine.run(request, photo, on_progress=show_progress)
                pictures.append((_told(name, result, sharp), to_srgb8(photo, on_white(photo, result.pixels))))
            except UserError as error:
                failed = True
                say(f"{name}: {error}")
    save_sheet(draw_sheet(pictures), options.output)
    say(f"{options.photo} -> {options.output}")
    return FAILED if failed else DONE


def _chosen(asked: str | None) -> list[str]:
    if asked is None:
        found = [weights.card.id for weights in installed() if weights.card.method in methods()]
        if not found:
            raise UserError("No weights are installed: train some with `acutance train`.")
        return found
    names = [name.strip() for name in asked.split(",") if name.strip()]
    with usage():
        for name in names:
            registered(name)
    return names


def _of_use(chosen: list[str], photo: Photo, engine: Engine) -> list[str]:
    """Return the methods, without those for faces if the photo has no face."""
    if engine.find_faces(photo).result():
        return chosen
    of_use = [name for name in chosen if "whole" in registered(name).regions]
    for name in sorted(set(chosen) - set(of_use)):
        say(f"{name}: left out: it restores faces, and there is none in {photo.path}")
    return of_use


def _sharp(path: Path | None, photo: Photo) -> np.ndarray | None:
    if path is None:
        return None
    sharp = read_photo(path)
    if sharp.size != photo.size:
        width, height = photo.size
        raise UserError(
            "{path} must have the size of the photo, {width} x {height} px.", path=path, width=width, height=height
        )
    return sharp.pixels


def _told(name: str, result: Result, sharp: np.ndarray | None) -> str:
    return _label(name, ", ".join(figures_of(result)), result.pixels, sharp)


def _label(name: str, facts: str, pixels: np.ndarray, sharp: np.ndarray | None) -> str:
    if sharp is None:
        return f"{name}\n{facts}"
    from app.cli.measured import psnr_and_ssim

    psnr, ssim = psnr_and_ssim(pixels, sharp)
    return f"{name}: {psnr:.2f} dB, SSIM {ssim:.3f}\n{facts}"
