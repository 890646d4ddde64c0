"""acutance faces PHOTO: prints boxes, landmarks, scores and sharpness of the faces in a photo."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.console import DONE, print_json, tell, usage
from engine.choices import Choices
from engine.engine import Engine
from engine.faces.face import Face
from engine.option_fields import add_option
from engine.photos.reading import read_photo
from engine.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance faces`."""
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="the photo; it is never changed")
    add_option(parser, Choices, "smallest_face")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Find the faces, and print them, the largest first."""
    with usage():
        smallest = Request(smallest_face=options.smallest_face).smallest_face
    photo = read_photo(options.photo)
    with Engine() as engine:
        faces = engine.find_faces(photo, smallest).result()
    if options.json:
        width, height = photo.size
        print_json({"photo": str(options.photo), "width": width, "height": height, "faces": [*map(_plain, faces)]})
        return DONE
    for number, face in enumerate(faces, start=1):
        left, top, right, bottom = face.box
        size = f"{right - left:.0f} x {bottom - top:.0f} px at ({left:.0f}, {top:.0f})"
        tell(f"{number}: {size}, score {face.score:.3f}, sharpness {face.sharpness:.2f}")
    if not faces:
        tell(f"No face of at least {options.smallest_face} px was found in {options.photo}.")
    return DONE


def _plain(face: Face) -> dict[str, object]:
    return {
        "box": [round(edge, 2) for edge in face.box],
        "landmarks": [[round(x, 2), round(y, 2)] for x, y in face.landmarks],
        "score": round(face.score, 4),
        "sharpness": round(face.sharpness, 4),
    }
