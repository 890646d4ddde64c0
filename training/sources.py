"""Reads sharp pictures from folders, archives, lists and files, and knows the licences of known collections."""

from __future__ import annotations

import io
import logging
import os
import struct
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import Sentence, UserError, reason_of
from engine.photos.folders import files_of
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"})
Answer = TypeVar("Answer")

_NOT_UNPACKED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)  # encrypted: RuntimeError
_NOT_DECODED = (Image.DecompressionBombError, EOFError, OSError, SyntaxError, ValueError, struct.error, zlib.error)

LARGEST = 1024  # px, the longer side: larger photos are shrunk, since demosaicing made up their finest detail


@dataclass(frozen=True)
class Source:
    """One encoded picture: its name without folders, the bytes of its file, and its place.

    place: path of the file, preceded by that of its archive if there is one; a list of photos has one per line.
    """

    name: str
    data: bytes
    place: str = ""


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Yield the pictures in folders, zip archives, lists (.txt) and single files, in a stable order.

    Raise UserError if one of these is missing or a file cannot be read.
    """
    for path in paths:
        if path.is_dir():
            for file in _files(path):
                yield _single(file)
        elif path.suffix.lower() == ".zip":
            yield from zipped(path)
        elif path.suffix.lower() == ".txt" and path.is_file():
            yield from _listed(path)
        elif path.is_file():
            yield _single(path)
        else:
            raise UserError("{path}: there is no such folder or file of photos.", path=path)


def count(paths: Sequence[Path]) -> int:
    """Return how many pictures `sources` will yield, without reading them."""
    total = 0
    for path in paths:
        if path.is_dir():
            total += len(_files(path))
        elif path.suffix.lower() == ".zip":
            total += len(_members(path))
        else:
            total += len(_places(path)) if path.suffix.lower() == ".txt" else 1
    return total


def ahead(work: Callable[[Source], Answer], photos: Iterable[Source], threads: int) -> Iterator[Answer]:
    """Yield work(photo) in order. Threads work a few photos ahead, so that few files are in memory."""
    waiting: deque[Future[Answer]] = deque()
    rest = iter(photos)
    with ThreadPoolExecutor(threads, thread_name_prefix="acutance-photos") as pool:
        try:
            while True:
                waiting.extend(pool.submit(work, photo) for photo in islice(rest, 4 * threads - len(waiting)))
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def held_out(names: Sequence[str]) -> set[int]:
    """Return which pictures are held out: one in 25, at most 64; every second of fewer than 50.

    The choice depends on a hash of the names, not on their order. A later burst with a few photos more or less holds
    out the same ones, so that no burst is judged by photos that an earlier one learned from.
    """
    in_order = sorted(range(len(names)), key=lambda index: (crc32(os.fsencode(names[index])), index))
    return set(in_order[: held_out_of(len(names))])


def held_out_of(pictures: int) -> int:
    """Return how many of `pictures` pictures are held out."""
    return min(-(-pictures // (25 if pictures >= 50 else 2)), 64)


def _files(folder: Path) -> list[Path]:
    """Return the pictures under a folder, without hidden files (macOS puts one beside each photo)."""
    found = (path for path in files_of(folder, recursive=True) if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if path.is_file())


def write_list(path: Path, places: Iterable[str]) -> None:
    """Write a list of photos that `sources` reads: the names' own bytes, whatever their encoding.

    Raise UserError if it cannot be written.
    """
    lines = b"".join(os.fsencode(f"{place}\n") for place in places)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write(lines))
    except OSError as error:
        raise UserError("The list {path} cannot be written: {reason}.", path=path, reason=error) from error


def _listed(path: Path) -> Iterator[Source]:
    """Yield the pictures of a list. A missing one is an error, since their order decides which are held out."""
    for archive, group in groupby(_places(path), _archive):
        if archive is not None:
            wanted = {place.removeprefix(f"{archive}/") for place in group}
            yield from zipped(archive, wanted)
            continue
        for place in group:
            if not Path(place).is_file():
                raise UserError(
                    "{place}: this photo of the run is gone; put it back, or begin a new run.", place=place
                )
            yield _single(Path(place))


def _places(path: Path) -> list[str]:
    try:
        text = os.fsdecode(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("{path}: this list of photos cannot be read: {reason}.", path=path, reason=error) from error
    # not splitlines: a file's name may contain U+2028
    return [place for place in text.replace("\r\n", "\n").split("\n") if place]


def _archive(place: str) -> Path | None:
    if Path(place).is_file():
        return None
    return next((parent for parent in Path(place).parents if parent.suffix.lower() == ".zip"), None)


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(name for name in archive.namelist() if Path(name).suffix.lower() in SUFFIXES)
    except (zipfile.BadZipFile, OSError) as error:
        raise UserError("{path}: this is not a readable zip archive ({reason}).", path=path, reason=error) from error


def zipped(path: Path, wanted: Collection[str] | None = None) -> Iterator[Source]:
    """Yield the pictures in a zip archive, or those `wanted`, in the order of their names."""
    names = [name for name in _members(path) if wanted is None or name in wanted]
    with zipfile.ZipFile(path) as archive:
        for name in names:
            try:
                data = archive.read(name)
            except _NOT_UNPACKED as error:
                raise UserError(
                    "{path}: {name} cannot be unpacked: {reason}.", path=path, name=name, reason=error
                ) from error
            yield Source(Path(name).name, data, f"{path}/{name}")


def _single(path: Path) -> Source:
    try:
        return Source(path.name, path.read_bytes(), str(path))
    except OSError as error:
        raise UserError("{path} cannot be read: {reason}.", path=path, reason=error) from error


def decoded_or_reason(source: Source, fit: int | None = None) -> np.ndarray | str:
    """Return the picture as `decoded` does, or why it cannot be read."""
    try:
        return decoded(source.data, fit)
    except UnidentifiedImageError:
        return Sentence("it is no picture")
    except _NOT_DECODED as error:
        _log.info("cannot decode %s: %s", source.place, error)
        return reason_of(error) if isinstance(error, OSError) and error.errno else Sentence("it is damaged")


def decoded(data: bytes, fit: int | None = None) -> np.ndarray:
    """Return H x W x 3 uint8, upright; `fit` is the shorter side in px, else only the longest is bounded."""
    with Image.open(io.BytesIO(data)) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    factor = fit / min(picture.size) if fit else min(1.0, LARGEST / max(picture.size))
    if factor != 1:
        size = [max(1, round(side * factor)) for side in picture.size]
        picture = picture.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    return np.asarray(picture)


# A picture's name ends in its source where it is one of these (NNNNN-SOURCE.webp).
LICENCES = {
    "ffhq": "FFHQ, CC BY-NC-SA 4.0",
    "celebahq": "CelebA-HQ, non-commercial research",
    "celebahq-b": "CelebA-HQ, non-commercial research",
    "flickr-portraits": "Flickr portraits of Shen et al. 2016, research",
    "web-faces": "faces from the web, research",
    "ai-portraits": "AI portraits, CC0",
}


# Otherwise the archive or folder may be named after its collection.
COLLECTIONS = {
    "BSDS500": "Berkeley, non-commercial research and education",
    "Urban60": "Urban100, research",
    "levin-2009": "Levin et al. 2009, research",
    "papers-photos": "photos and kernels from the pages of papers, research",
    "press-photos": "press photos of a face-recognition test suite, MIT",
    "drawn-text": "drawn by this program",
}


def described(places: Iterable[str]) -> list[dict[str, Any]]:
    """Return {"name", "licence", "pictures"} of each source of the pictures at these places, for the card."""
    counted = Counter(_source_of(Path(place)) for place in places)
    return [
        {"name": source, "licence": (LICENCES | COLLECTIONS).get(source, "the user's own"), "pictures": count}
        for source, count in sorted(counted.items())
    ]


def _source_of(place: Path) -> str:
    known = [source for source in LICENCES if place.stem.endswith(f"-{source}")]
    gathered = (collection for collection in COLLECTIONS if collection.lower() in place.parent.name.lower())
    return max(known, key=len, default=next(gathered, "own photos"))
