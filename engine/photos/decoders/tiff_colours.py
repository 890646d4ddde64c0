"""Converts the samples of a TIFF page to grey or RGB with alpha: all colour models, palettes and kinds of alpha."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from engine.photos.colour import cmyk_to_srgb, lab_to_srgb
from engine.photos.decoders.alpha import divided
from engine.photos.decoders.decoded import DecodingError
from engine.photos.decoders.tiff_ycbcr import JPEG, to_rgb, ycbcr_samples
from engine.photos.samples import to_float

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, CIELAB = 0, 1, 2, 3, 5, 6, 8
_COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4, YCBCR: 3, CIELAB: 3}
_MULTIPLIED, _PLAIN = 1, 2
_INKS_OF_CMYK = 1


def samples_of(page: Any, data: bytes, icc: bytes | None) -> tuple[np.ndarray, float, bytes | None]:
    """Return samples H x W x C as in `Decoded`, the sample of full scale, and the profile that still applies."""
    model = int(page.photometric)
    if model not in _COLOURS or (model == CMYK and _value(page, 332, _INKS_OF_CMYK) != _INKS_OF_CMYK):
        raise DecodingError("its colour model ({name}) is not supported", name=page.photometric.name)
    samples, white = _first_plane(page, data), _white(page)
    count = _COLOURS[model]
    if samples.shape[2] < count:
        raise DecodingError("it is damaged: a colour is missing")
    at = alpha_channel(page)
    colours = samples[..., :count]
    alpha = None if at is None or at >= samples.shape[2] else samples[..., at : at + 1]
    if model == YCBCR and int(page.compression) not in JPEG:
        colours = to_rgb(page, colours, white)
    multiplied = at is not None and kinds_of_more(page)[at - count] == _MULTIPLIED
    if alpha is not None and multiplied and model not in (PALETTE, CIELAB):
        colours, alpha, white = divided(colours, alpha, white)
    return _joined(*_converted(page, model, colours, white, icc), alpha, white)


def kinds_of_more(page: Any) -> tuple[int, ...]:
    """Return the kind of each sample beyond the colours: 0 unknown, 1 associated alpha, 2 plain alpha.

    A single sample of unknown kind counts as plain alpha, as in other programs.
    """
    more = page.samplesperpixel - _COLOURS.get(int(page.photometric), page.samplesperpixel)
    listed = tuple(int(kind) for kind in page.extrasamples)[: max(more, 0)]
    return (_PLAIN,) if more == 1 and not listed else listed


def alpha_channel(page: Any) -> int | None:
    """Return the index of the alpha sample in a pixel: the first that is marked as alpha."""
    kinds = kinds_of_more(page)
    first = page.samplesperpixel - max(page.samplesperpixel - _COLOURS.get(int(page.photometric), 0), 0)
    return next((first + at for at, kind in enumerate(kinds) if kind in (_MULTIPLIED, _PLAIN)), None)


def _first_plane(page: Any, data: bytes) -> np.ndarray:
    if int(page.photometric) == YCBCR and int(page.compression) not in JPEG and page.planarconfig != 2:
        return ycbcr_samples(page, data)
    planes = np.asarray(page.asarray()).reshape(page.shaped)[:, 0]
    samples = planes[0] if planes.shape[0] == 1 else np.moveaxis(planes[..., 0], 0, -1)
    if samples.dtype.kind == "b":
        return samples.astype(np.uint8) * np.uint8(255)
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    if samples.dtype.kind != "u":
        raise DecodingError("its kind of samples is not supported")
    return samples


def _white(page: Any) -> float:
    if page.dtype.kind == "f":
        return 1
    if page.dtype.kind != "u":
        return 255  # bilevel, converted to bytes
    return float(2 ** bits_of(page) - 1)


def bits_of(page: Any) -> int:
    """Return the bits per sample, the maximum if they differ."""
    return page.bitspersample if isinstance(page.bitspersample, int) else max(page.bitspersample)


def _converted(
    page: Any, model: int, colours: np.ndarray, white: float, icc: bytes | None
) -> tuple[np.ndarray, float, bytes | None]:
    if model == PALETTE:
        looked_up, full = _looked_up(page, colours[..., 0])
        return looked_up, full, icc
    if model == CMYK:
        image = Image.fromarray(_bytes(np.ascontiguousarray(colours), white), "CMYK")
        return np.asarray(cmyk_to_srgb(image, icc)), 255, None
    if model == CIELAB:
        return lab_to_srgb(_lab(colours, white)), 1, None
    if model == WHITE_IS_ZERO:
        colours = colours.dtype.type(white) - colours
    return colours, white, icc


def _looked_up(page: Any, indices: np.ndarray) -> tuple[np.ndarray, float]:
    """Look colours up in a 16-bit palette: correct (times 257), as Pillow writes it (256), or wrongly with 8 bits."""
    colours = page.colormap.T
    if colours.max(initial=0) < 256:
        return colours.astype(np.uint8)[indices], 255
    for step in (257, 256):
        if not np.any(colours % step):
            return (colours // step).astype(np.uint8)[indices], 255
    return colours[indices], 65535


def _joined(
    colours: np.ndarray, white: float, icc: bytes | None, alpha: np.ndarray | None, alpha_white: float
) -> tuple[np.ndarray, float, bytes | None]:
    """Join colours and alpha in one array; if their scales differ, convert both to float32."""
    if alpha is None:
        return colours, white, icc
    if white == alpha_white and colours.dtype == alpha.dtype:
        return np.concatenate((colours, alpha), axis=2), white, icc
    parts = to_float(colours, white, colours.shape[2]), to_float(alpha, alpha_white, 1)
    return np.concatenate(parts, axis=2), 1, icc


def _bytes(samples: np.ndarray, white: float) -> np.ndarray:
    if samples.dtype == np.uint8 and white == 255:
        return samples
    return (to_float(samples, white, samples.shape[2]) * 255 + 0.5).astype(np.uint8)


def _lab(samples: np.ndarray, white: float) -> np.ndarray:
    """Decode L*a*b* (TIFF 6.0, section 23).

    L* is unsigned with full scale 100; a* and b* are signed in steps of 1 (8 bits) or 1/256 (16).
    """
    if samples.dtype.kind == "f":
        return samples
    signed = np.ascontiguousarray(samples).view(f"i{samples.dtype.itemsize}")
    lab = signed.astype(np.float32)
    lab[..., 0] = samples[..., 0] * np.float32(100 / white)
    if samples.dtype.itemsize > 1:
        lab[..., 1:] /= 256
    return lab


def _value(page: Any, tag: int, default: Any) -> Any:
    found = page.tags.get(tag)
    return default if found is None else found.value
